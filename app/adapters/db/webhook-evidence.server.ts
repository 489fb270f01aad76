import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/** When Shopify last sent a webhook of each topic, by its own clock; topics without any are left out. */
export async function loadLastTriggered(
  db: TenantDb,
  { shopId }: ShopRef,
  topics: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  const rows = await db.$queryRaw<{ topic: string; last: Date }[]>`
    SELECT topic, max(coalesce(triggered_at, received_at)) AS last FROM webhook_inbox
    WHERE shop_id = ${shopId} AND topic = ANY(${[...topics]}) GROUP BY topic`;
  return new Map(rows.map(({ topic, last }) => [topic, last]));
}

// By then an hour has gone by, and the wait is no longer for what is under way.
const OUTAGES_WAITED_FOR = 20;

/**
 * Whether a webhook of these topics that Shopify sent by then is still to be handled. One that Shopify has failed to
 * answer for a long time is not waited for.
 */
export async function hasWaitingWebhooks(
  db: TenantDb,
  { shopId }: ShopRef,
  topics: readonly string[],
  sentBy: Date,
): Promise<boolean> {
  const waiting = { shopId, state: 'waiting', topic: { in: [...topics] }, outages: { lt: OUTAGES_WAITED_FOR } };
  const sent = { OR: [{ triggeredAt: { lte: sentBy } }, { triggeredAt: null }] };
  return (await db.webhookDelivery.findFirst({ where: { ...waiting, ...sent } })) !== null;
}
