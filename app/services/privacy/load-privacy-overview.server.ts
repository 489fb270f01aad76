import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { PrivacyRequest } from '#app/generated/prisma/client.ts';
import { MS_PER_24_HOURS } from '#app/domain/time/durations.ts';
import { KEPT_DAYS } from '#app/services/privacy/retention-periods.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// As long as Shopify gives a merchant to answer.
const DUE_DAYS = 30;
const MAX_REQUESTS = 50;
const MAX_ACCESSES = 50;

export type DataRequestState = 'ready' | 'overdue' | 'handed-on' | 'nothing-held' | 'expired' | 'redacted';

export interface PrivacyOverview {
  /** Latest first. */
  dataRequests: { webhookId: string; requestedAtMs: number; dueAtMs: number; state: DataRequestState; handedOnAtMs: number | null; isOpen: boolean }[];
  redactions: { customers: number; lastAtMs: number | null };
  /** Latest first. */
  accesses: { accessId: string; accessedAtMs: number; actor: string; action: string; records: number }[];
  keptDays: typeof KEPT_DAYS;
  timeZone: string | null;
}

/** What a merchant should know of their customers' requests: when and what, nobody's name. */
export async function loadPrivacyOverview({
  inShop,
  shop,
  now,
}: Pick<ShopContext, 'inShop' | 'shop' | 'now'>): Promise<PrivacyOverview> {
  const { shopId } = shop;
  return inShop(async (db) => {
    const asked = await db.privacyRequest.findMany({
      where: { shopId, kind: 'data-request' },
      orderBy: { requestedAt: 'desc' },
      take: MAX_REQUESTS,
    });
    const redacted = { shopId, kind: 'redaction' };
    const customers = await db.privacyRequest.count({ where: redacted });
    const last = await db.privacyRequest.findFirst({ where: redacted, orderBy: { answeredAt: 'desc' } });
    const { ianaTimeZone } = await db.shop.findUniqueOrThrow({ where: { shopId } });
    const accesses = await loadAccesses(db, shopId, ianaTimeZone ?? 'UTC');
    return {
      dataRequests: asked.map((request) => {
        const { webhookId, requestedAt, handedOnAt, answerSealed } = request;
        const dueAtMs = requestedAt.getTime() + DUE_DAYS * MS_PER_24_HOURS;
        const state = stateOf(request, dueAtMs < now().getTime());
        const handedOnAtMs = handedOnAt?.getTime() ?? null;
        const isOpen = answerSealed !== null && state !== 'nothing-held';
        return { webhookId, requestedAtMs: requestedAt.getTime(), dueAtMs, state, handedOnAtMs, isOpen };
      }),
      redactions: { customers, lastAtMs: last?.answeredAt?.getTime() ?? null },
      accesses: accesses.map(({ accessedAt, ...access }) => ({ ...access, accessedAtMs: accessedAt.getTime() })),
      keptDays: KEPT_DAYS,
      timeZone: ianaTimeZone,
    };
  });
}

interface Access {
  accessId: string;
  accessedAt: Date;
  actor: string;
  action: string;
  records: number;
}

/**
 * Latest first. Names are shown with each page of customers: those that one member of staff saw on one day are one entry,
 * or nobody would find anything else among them.
 */
async function loadAccesses(db: TenantDb, shopId: number, timeZone: string): Promise<Access[]> {
  return db.$queryRaw<Access[]>`
    SELECT min(access_id::text) AS "accessId", max(accessed_at) AS "accessedAt", actor, action, sum(records)::int AS records
    FROM personal_data_accesses WHERE shop_id = ${shopId}
    GROUP BY actor, action,
      CASE action WHEN 'customer-names' THEN date_trunc('day', accessed_at AT TIME ZONE ${timeZone})::text ELSE access_id::text END
    ORDER BY 2 DESC LIMIT ${MAX_ACCESSES}`;
}

function stateOf({ outcome, handedOnAt, answerSealed }: PrivacyRequest, isLate: boolean): DataRequestState {
  if (outcome === 'nothing-held' || outcome === 'redacted') return outcome;
  if (handedOnAt !== null) return 'handed-on';
  if (answerSealed === null) return 'expired';
  return isLate ? 'overdue' : 'ready';
}
