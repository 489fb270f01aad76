import type pg from 'pg';

import { loadExclusions } from '#app/adapters/db/loyalty/exclusions.repository.server.ts';
import { loadChangedOrderIds, loadEarningOrders } from '#app/adapters/db/loyalty/earning-orders.server.ts';
import { LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { enrolCustomers, holdMembersAbout, rememberDue } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { findCodesOnOrders, writeRedemptions } from '#app/adapters/db/loyalty/redemption-points.server.ts';
import { findFirstOrders, holdOrderOwners, loadOrderEntries } from '#app/adapters/db/loyalty/order-entries.repository.server.ts';
import type { OrderEntry } from '#app/adapters/db/loyalty/order-entries.repository.server.ts';
import { loadAwardedVersion, moveAwardedVersion } from '#app/adapters/db/loyalty/progress.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { assessForAward } from '#app/domain/loyalty/accrual/assess-order.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { appendAwards } from '#app/services/loyalty/append-awards.server.ts';
import { dueAfterSettling } from '#app/services/loyalty/append-settlements.server.ts';
import type { Settlement } from '#app/services/loyalty/append-settlements.server.ts';
import { earlierOf, loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { TierReview } from '#app/services/loyalty/review-tiers.server.ts';
import { shopifyOr } from '#app/services/loyalty/ask-shopify.server.ts';
import { findCollections } from '#app/services/loyalty/find-collections.server.ts';
import { settleOrdersRedemptions } from '#app/services/loyalty/settle-orders-redemptions.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// Some 50 ms of work, so that a member whose row is held does not wait long for a redemption.
const ORDERS_A_TURN = 200;

/** `unanswered`: Shopify, which knows what a collection holds, did not answer; nothing was awarded. */
export type AwardTurn = 'done' | 'more' | 'importing' | 'unanswered';

type AwardContext = Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now' | 'admin'>;

/**
 * Brings the ledger up to the orders that were written since the last turn: by webhooks, imports or repairs, whoever wrote
 * them. What an order should have given is worked out anew and the difference is posted, so that it makes none how often,
 * how late or in which order changes came.
 */
export async function awardOrders(context: AwardContext): Promise<AwardTurn> {
  const { shop, inShop } = context;
  const turn = await inShop(async (db) => {
    const after = await loadAwardedVersion(db, shop);
    const terms = await loadProgramTerms(db, context);
    if (after === null || terms === null) return null;
    const changed = await loadChangedOrderIds(db, shop, { after, limit: ORDERS_A_TURN });
    return { terms, changed, orders: await loadEarningOrders(db, shop, changed.orderIds) };
  });
  if (turn === null) return 'done';
  await failpoint('award-after-read');
  const { changed, terms } = turn;
  const orders = await shopifyOr(() => findCollections(context, turn.orders, terms), () => Promise.resolve(null));
  if (orders === null) return 'unanswered';
  await withTenantConnection(context.pool, shop, async (connection) => {
    await awardThese(context, connection, { orders, terms });
    await failpoint('award-inside');
    await moveAwardedVersion(connection, shop, changed.throughVersion);
  });
  return changed.rest === 'none' ? 'done' : changed.rest;
}

/** The same for some orders, whatever was awarded before. Inside a `withTenantConnection` transaction. */
export async function awardThese(
  { shop, now }: Pick<ShopContext, 'shop' | 'now'>,
  connection: pg.PoolClient,
  { orders, terms }: { orders: readonly EarningOrder[]; terms: ProgramTerms },
): Promise<void> {
  const owners = await holdOrderOwners(connection, shop, orders.map(({ orderId }) => orderId));
  const mine = orders.filter(({ orderId, customerId }) => owners.get(orderId) === customerId);
  if (mine.length === 0) return;
  const orderIds = mine.map(({ orderId }) => orderId);
  const before = await loadOrderEntries(connection, shop, orderIds);
  const codes = await findCodesOnOrders(connection, shop, orderIds);
  const nowDate = now();
  const customerIds = customersWhoEarn(mine, before, terms);
  if (customerIds.length > 0) await enrolCustomers(connection, shop, { customerIds, now: nowDate });
  const members = await holdMembersAbout(connection, shop, {
    customerIds: mine.flatMap(({ customerId }) => (customerId === null ? [] : [customerId])),
    memberIds: [...before, ...codes].map(({ memberId }) => memberId),
  });
  if (members.length === 0) return;
  const asksForFirst = terms.versions.some(({ program }) => program.earning.firstOrderPoints !== null);
  const tiers = await TierReview.open(connection, shop, { members, terms, nowMs: nowDate.getTime() });
  const writer = new LedgerWriter(nowDate, (entry) => tiers.note(entry));
  const settlement: Settlement = { writer, members, terms, nowMs: nowDate.getTime(), rows: [], cameBack: new Set() };
  await settleOrdersRedemptions({ shop }, connection, { settlement, codes });
  appendAwards(writer, {
    orders: mine,
    terms,
    members,
    tiers,
    // Read again: what was about these orders may have grown until the rows were held.
    entries: await loadOrderEntries(connection, shop, orderIds),
    firstOrderIds: asksForFirst ? await findFirstOrders(connection, shop, orderIds) : new Set(),
    exclusions: await loadExclusions(connection, shop, members.map(({ memberId }) => memberId)),
    nowMs: nowDate.getTime(),
  });
  tiers.review(writer, members);
  const pointsDueMs = dueAfterSettling(settlement);
  const dueMs = new Map(members.map((member) => [member, earlierOf(pointsDueMs(member), tiers.nextMsOf(member))]));
  await writer.write(connection, shop, (member) => dueMs.get(member) ?? null);
  await tiers.write(connection, shop);
  await rememberDue(connection, shop, members.map((member) => ({ member, dueMs: dueMs.get(member) ?? null })));
  await writeRedemptions(connection, shop, { rows: settlement.rows, now: nowDate });
}

/** Who becomes a member, unless they are one: customers whose order earns something, by the tier that everybody has. */
function customersWhoEarn(orders: readonly EarningOrder[], entries: readonly OrderEntry[], { versions }: ProgramTerms): bigint[] {
  return orders.flatMap((order) => {
    if (order.customerId === null) return [];
    const mine = entries.filter(({ orderId }) => orderId === order.orderId);
    const standing = assessForAward(order, { entries: mine, versions, tierIn: () => null });
    return standing !== null && standing.targetPoints > 0 ? [order.customerId] : [];
  });
}
