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

/** Whether a webhook of these topics that Shopify sent by then is still to be handled. */
export async function hasWaitingWebhooks(
  db: TenantDb,
  { shopId }: ShopRef,
  topics: readonly string[],
  sentBy: Date,
): Promise<boolean> {
  const waiting = { shopId, state: 'waiting', topic: { in: [...topics] } };
  const sent = { OR: [{ triggeredAt: { lte: sentBy } }, { triggeredAt: null }] };
  return (await db.webhookDelivery.findFirst({ where: { ...waiting, ...sent } })) !== null;
}
