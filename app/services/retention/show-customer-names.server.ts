import { fetchCustomerNames } from '#app/adapters/shopify/customer-names.server.ts';
import type { NamesFound, Silence } from '#app/adapters/shopify/customer-names.server.ts';
import { noteAccess } from '#app/services/privacy/note-access.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface CustomerNames {
  /** By Shopify's number. Who has none, or may not be named, is not in it. */
  names: Record<string, string>;
  silence: Silence | null;
}

/** As many as a page of the list, so that nobody reads a whole shop's names through this. */
const NAMES_AT_MOST = 50;

const AWAY_FOR_MS = 15_000;

/**
 * Asks Shopify what it calls customers, for a member of staff who looks at them, and notes who that was. The names go to
 * the browser and nowhere else.
 */
export async function showCustomerNames(
  context: ShopContext,
  { customerIds, actor }: { customerIds: readonly bigint[]; actor: string },
): Promise<CustomerNames> {
  const own = await heldByShop(context, customerIds.slice(0, NAMES_AT_MOST));
  if (own.length === 0) return { names: {}, silence: null };
  const { names, silence } = await fetchUnlessAway(context, own);
  if (names.size > 0) await context.inShop((db) => noteAccess(context, db, { actor, action: 'customer-names', records: names.size }));
  return { names: Object.fromEntries([...names].map(([id, name]) => [String(id), name])), silence };
}

/** When to ask again for a shop whose Shopify did not answer; by the clock of durations. */
const awayUntilMs = new Map<number, number>();

/** Whoever turns pages while Shopify is away does not wait for it at each. */
async function fetchUnlessAway({ admin, shop: { shopId }, monotonicMs }: ShopContext, ids: readonly bigint[]): Promise<NamesFound> {
  if (monotonicMs() < (awayUntilMs.get(shopId) ?? 0)) return { names: new Map(), silence: 'away' };
  awayUntilMs.delete(shopId);
  const found = await fetchCustomerNames(admin, ids);
  if (found.silence === 'away') awayUntilMs.set(shopId, monotonicMs() + AWAY_FOR_MS);
  return found;
}

/** Whoever is in no list of ours is not asked about. */
async function heldByShop({ inShop, shop: { shopId } }: ShopContext, customerIds: readonly bigint[]): Promise<bigint[]> {
  const held = await inShop((db) =>
    db.order.findMany({
      where: { shopId, customerId: { in: customerIds.filter((id) => id > 0n) } },
      distinct: ['customerId'],
      select: { customerId: true },
    }),
  );
  return held.flatMap(({ customerId }) => customerId ?? []);
}
