import { requestChangedOrders } from '#app/adapters/db/changed-orders-pull.server.ts';
import { UNFINISHED_IMPORT_STATES } from '#app/adapters/db/imports.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { loadDueWebhooks, loadPulls, restForPull, wakeFromPulls } from '#app/adapters/db/webhook-inbox.repository.server.ts';
import { ORDERS_A_READ } from '#app/adapters/shopify/load-records.server.ts';
import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import { SUPERSEDED } from '#app/services/sync/record-install.server.ts';
import {
  deliveriesOf,
  idsOf,
  type InboxItem,
  type RecordDelivery,
  type RecordItem,
} from '#app/services/sync/webhooks/read-inbox.server.ts';
import type { Pulls } from '#app/services/sync/webhooks/spare-reads.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// A full bucket of 2,000 points pays for these at once, and then for 4 a second in a Standard shop: a bulk operation, which
// costs no points, is there sooner and leaves the bucket to others.
const STORM_ORDERS = 3 * ORDERS_A_READ;
// Shopify's search lags behind a little, and clocks differ.
const MARGIN_MS = 5 * 60 * 1000;
// What an older version tells of may not be found by when it changed, so it is read by itself.
const MAX_REACH_MS = 2 * 24 * 60 * 60 * 1000;
// One webhook of each wave looks whether the pull has ended, and wakes the others, who would only cost a write each.
const PEEK_MS = 1_000;
const REST_MS = 5 * 60 * 1000;

/**
 * Loads what is due. What waits for a pull that is under way goes back to rest; when a pull has ended, all that waited for
 * it is due with the one that looked.
 * @returns what is to be handled now, and the pulls that it waited for
 */
export async function loadDue({ inShop, shop, now }: ShopContext, limit: number): Promise<{ due: WebhookDelivery[]; pulls: Pulls }> {
  return inShop(async (db) => {
    let due = await loadDueWebhooks(db, shop, now(), limit);
    const looking = pullIdsOf(due);
    if (looking.length === 0) return { due, pulls: new Map() };
    const lookedAt = await loadPullsOf(db, shop, looking);
    const ended = looking.filter((pullId) => !isUnderWay(pullId, lookedAt));
    if (ended.length > 0) {
      await wakeFromPulls(db, shop, ended, now());
      due = await loadDueWebhooks(db, shop, now(), limit);
    }
    const pulls = await loadPullsOf(db, shop, pullIdsOf(due));
    for (const pullId of pulls.keys()) {
      if (isUnderWay(pullId, pulls)) await rest(db, shop, due.filter((delivery) => delivery.pullId === pullId), pullId, now());
    }
    return { due: due.filter(({ pullId }) => !isUnderWay(pullId, pulls)), pulls };
  });
}

function pullIdsOf(deliveries: readonly WebhookDelivery[]): string[] {
  return [...new Set(deliveries.flatMap(({ pullId }) => (pullId === null ? [] : [pullId])))];
}

async function loadPullsOf(db: TenantDb, shop: ShopContext['shop'], pullIds: readonly string[]): Promise<Pulls> {
  return new Map((await loadPulls(db, shop, pullIds)).map((pull) => [pull.importId, pull]));
}

function isUnderWay(pullId: string | null, pulls: Pulls): boolean {
  const pull = pullId === null ? undefined : pulls.get(pullId);
  return pull !== undefined && UNFINISHED_IMPORT_STATES.includes(pull.state);
}

/**
 * More orders at once than the shop's bucket pays for soon are pulled together: their webhooks rest until then. While
 * such a pull is under way, whatever is more than one read joins it.
 * @returns what is to be done one by one
 */
export async function restInStorm(context: ShopContext, items: readonly InboxItem[], pulls: Pulls): Promise<InboxItem[]> {
  const { inShop, shop, now, newId } = context;
  const pullable = items.filter((item): item is RecordItem => item.kind === 'order' && isPullable(item, pulls));
  if (pullable.length <= ORDERS_A_READ) return [...items];
  const isResting = await inShop(async (db) => {
    const underWay = await db.import.findFirst({
      where: { shopId: shop.shopId, resource: 'orders', updatedSince: { not: null }, finishedAt: null },
    });
    if (pullable.length <= STORM_ORDERS && underWay === null) return false;
    const deliveries = pullable.flatMap(deliveriesOf);
    const since = sinceWhen(pullable, now());
    const pullId = await requestChangedOrders(db, shop, { importId: newId(), since, now: now() });
    // It ended as we looked; the next turn asks for another.
    if (pullId === null) return false;
    await rest(db, shop, deliveries, pullId, now());
    return true;
  });
  return isResting ? items.filter((item) => !pullable.some((one) => one === item)) : [...items];
}

/** A removal is in no file, and what has failed or had a pull of its own is better read by itself. */
function isPullable({ about }: RecordItem, pulls: Pulls): boolean {
  return about.every(({ delivery, isRemoval }) => !isRemoval && delivery.attempts === 0 && mayWait(delivery, pulls));
}

/** Whether a pull may still help: it had none, or one that was not asked for on its behalf. */
function mayWait({ pullId, receivedAt }: WebhookDelivery, pulls: Pulls): boolean {
  if (pullId === null) return true;
  const pull = pulls.get(pullId);
  if (!pull) return false;
  if (pull.state === 'completed') return pull.requestedAt <= receivedAt;
  return pull.updatedSince === null || pull.errorCode === SUPERSEDED;
}

function sinceWhen(items: readonly RecordItem[], now: Date): Date {
  const toldMs = ({ version, delivery }: RecordDelivery) => (version ?? delivery.triggeredAt ?? delivery.receivedAt).getTime();
  let oldestMs = now.getTime();
  for (const { about } of items) for (const one of about) oldestMs = Math.min(oldestMs, toldMs(one));
  return new Date(Math.max(oldestMs - MARGIN_MS, now.getTime() - MAX_REACH_MS));
}

async function rest(
  db: TenantDb,
  shop: ShopContext['shop'],
  deliveries: readonly WebhookDelivery[],
  pullId: string,
  now: Date,
): Promise<void> {
  const [first, ...others] = idsOf(deliveries);
  if (first === undefined) return;
  await restForPull(db, shop, [first], { pullId, until: new Date(now.getTime() + PEEK_MS) });
  if (others.length > 0) await restForPull(db, shop, others, { pullId, until: new Date(now.getTime() + REST_MS) });
}
