import { loadHeldOrders, type HeldOrder } from '#app/adapters/db/held-orders.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { markHandledOn } from '#app/adapters/db/webhook-inbox.repository.server.ts';
import { noteWebhooksHandled } from '#app/adapters/metrics/metrics.server.ts';
import type { Import } from '#app/generated/prisma/client.ts';
import {
  deliveriesOf,
  type InboxItem,
  type RecordDelivery,
  type RecordItem,
} from '#app/services/sync/webhooks/read-inbox.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const SECOND_MS = 1_000;

export type Pulls = ReadonlyMap<string, Import>;

/**
 * Takes away what needs no question to Shopify: changes of orders that we hold in a later version or that a pull has
 * brought, and everything about the history of a shop that left, which is pulled anew when it comes back.
 * @returns what is left to do
 */
export async function spareReads(context: ShopContext, items: readonly InboxItem[], pulls: Pulls): Promise<InboxItem[]> {
  const { inShop, pool, shop, now } = context;
  const found = await inShop((db) => db.shop.findUnique({ where: { shopId: shop.shopId } }));
  const isGone = found?.uninstalledAt !== null && found?.uninstalledAt !== undefined;
  const orderIds = items.flatMap((item) => (item.kind === 'order' ? [item.id] : []));
  if (!isGone && orderIds.length === 0) return [...items];

  const outcomes = new Map<string, string>();
  const left = await withTenantConnection(pool, shop, async (connection) => {
    const held = await loadHeldOrders(connection, shop, orderIds);
    const remaining = items.flatMap((item): InboxItem[] => {
      if (isGone && item.kind !== 'work') {
        for (const { webhookId } of deliveriesOf(item)) outcomes.set(webhookId, 'not-installed');
        return [];
      }
      return item.kind === 'order' ? withoutKnown(item, held.get(item.id), pulls, outcomes) : [item];
    });
    await markHandledOn(connection, shop, outcomes, now());
    return remaining;
  });
  noteWebhooksHandled('handled', outcomes.size);
  return left;
}

function withoutKnown(
  item: RecordItem,
  held: HeldOrder | undefined,
  pulls: Pulls,
  outcomes: Map<string, string>,
): InboxItem[] {
  const about = item.about.filter((one) => {
    const outcome = held ? knownOutcome(one, held, pulls) : null;
    if (outcome !== null) outcomes.set(one.delivery.webhookId, outcome);
    return outcome === null;
  });
  return about.length > 0 ? [{ ...item, about }] : [];
}

/**
 * Shopify counts versions in seconds: of two changes within one second both have the same. So an equal version tells
 * something only when it was read after that second, as by a pull that was asked for later.
 */
function knownOutcome({ delivery, isRemoval, version }: RecordDelivery, held: HeldOrder, pulls: Pulls): string | null {
  if (held.isDeleted) return 'deleted';
  const told = version ?? delivery.triggeredAt;
  if (isRemoval || told === null) return null;
  const toldSecond = Math.floor(told.getTime() / SECOND_MS);
  const heldSecond = Math.floor(held.updatedAt.getTime() / SECOND_MS);
  const pull = delivery.pullId === null ? undefined : pulls.get(delivery.pullId);
  const isPulled = pull?.state === 'completed';
  if (heldSecond > toldSecond) return isPulled ? 'pulled' : 'known';
  const isReadLater = isPulled && pull.requestedAt.getTime() >= (toldSecond + 1) * SECOND_MS;
  return heldSecond === toldSecond && isReadLater ? 'pulled' : null;
}
