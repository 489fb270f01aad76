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

/** Whether any webhook of these topics is still to be handled. */
export async function hasWaitingWebhooks(db: TenantDb, { shopId }: ShopRef, topics: readonly string[]): Promise<boolean> {
  return (await db.webhookDelivery.findFirst({ where: { shopId, state: 'waiting', topic: { in: [...topics] } } })) !== null;
}
