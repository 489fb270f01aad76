import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What somebody does who opens personal data. The page of privacy has words for each. */
export const ACCESS_ACTIONS = [
  ...(['data-request-json', 'data-request-page', 'data-request-terminal', 'customer-names'] as const),
  ...(['file-customers', 'file-due-customers', 'file-members', 'file-ledger', 'file-redemptions', 'file-tiers', 'file-exclusions'] as const),
] as const;

export type AccessAction = (typeof ACCESS_ACTIONS)[number];

export interface Access {
  /** `staff:<number>` of the shop, or `operator`. */
  actor: string;
  action: AccessAction;
  /** Of the one customer that it was about, where it was about one. */
  subjectHash?: Uint8Array<ArrayBuffer> | null;
  records: number;
}

/** Before anybody sees them: what is not in the log was not shown. */
export async function noteAccess(
  { shop: { shopId }, newId, now }: Pick<ShopContext, 'shop' | 'newId' | 'now'>,
  db: TenantDb,
  { actor, action, subjectHash = null, records }: Access,
): Promise<void> {
  await db.personalDataAccess.create({ data: { shopId, accessId: newId(), accessedAt: now(), actor, action, subjectHash, records } });
}
