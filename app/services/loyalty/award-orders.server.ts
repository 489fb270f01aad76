import type pg from 'pg';

import { allAnswers, answersTo, withBriefConnection } from '#app/adapters/db/brief-connection.server.ts';
import type { AskLast } from '#app/adapters/db/brief-connection.server.ts';
import { loadExclusions } from '#app/adapters/db/loyalty/exclusions.repository.server.ts';
import { LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { HeldMember } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { enrolCustomers, holdMembersAbout, rememberDue } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { findCodesOnOrders, writeRedemptions } from '#app/adapters/db/loyalty/redemption-points.server.ts';
import type { CodeOnOrder } from '#app/adapters/db/loyalty/redemption-points.server.ts';
import { findFirstOrderRivals, findFirstOrders, holdOrderOwners, loadOrderEntries } from '#app/adapters/db/loyalty/order-entries.repository.server.ts';
import type { OrderEntry } from '#app/adapters/db/loyalty/order-entries.repository.server.ts';
import { readAwardMark, readChangedOrders, readEarningOrders } from '#app/adapters/db/loyalty/orders-to-award.server.ts';
import type { ChangedOrders } from '#app/adapters/db/loyalty/orders-to-award.server.ts';
import { readTerms } from '#app/adapters/db/loyalty/newest-program.server.ts';
import { loadOrdersAside, moveAwardedVersion, setOrdersAside, takeOrdersUp } from '#app/adapters/db/loyalty/progress.repository.server.ts';
import type { TierChange } from '#app/adapters/db/loyalty/tier-changes.repository.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { assessForAward } from '#app/domain/loyalty/accrual/assess-order.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { Entry } from '#app/domain/loyalty/ledger/entry.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { log } from '#app/logging/log.server.ts';
import { appendAwards } from '#app/services/loyalty/append-awards.server.ts';
import { dueAfterSettling } from '#app/services/loyalty/append-settlements.server.ts';
import type { Settlement } from '#app/services/loyalty/append-settlements.server.ts';
import { isOfOneOrder } from '#app/services/loyalty/is-of-one-order.server.ts';
import { earlierOf } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { TierReview } from '#app/services/loyalty/review-tiers.server.ts';
import { shopifyOr } from '#app/services/loyalty/ask-shopify.server.ts';
import { asksForCollections, findCollections } from '#app/services/loyalty/find-collections.server.ts';
import { findPastLives } from '#app/services/loyalty/find-past-lives.server.ts';
import { settleOrdersRedemptions } from '#app/services/loyalty/settle-orders-redemptions.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// Some 50 ms of work, so that a member whose row is held does not wait long for a redemption.
const ORDERS_A_TURN = 200;
const MOST_ASIDE = 1_000;

/** `unanswered`: Shopify, which knows what a collection holds, did not answer; nothing was awarded. */
export type AwardTurn = 'done' | 'more' | 'importing' | 'unanswered';

type AwardContext = Pick<ShopContext, 'shop' | 'pool' | 'now' | 'admin'>;

/**
 * Brings the ledger up to the orders that were written since the last turn: by webhooks, imports or repairs, whoever wrote
 * them. What an order should have given is worked out anew and the difference is posted, so that it makes none how often,
 * how late or in which order changes came.
 */
export async function awardOrders(context: AwardContext): Promise<AwardTurn> {
  try {
    return await awardRead(context, (connection) => readTurn(connection, context.shop));
  } catch (error) {
    if (!isOfOneOrder(error)) throw error;
  }
  return awardApart(context);
}

/** Awards a turn's orders one by one: those that fail are set aside, so that nobody else's points wait for them. */
async function awardApart(context: AwardContext): Promise<AwardTurn> {
  const { shop, pool } = context;
  const turn = await withBriefConnection(pool, shop, (connection) => readTurn(connection, shop));
  if (turn === null) return 'done';
  const { orderIds, throughVersion, rest } = turn.changed;
  const isAnswered = await awardOneByOne(context, { orderIds, moveMark: (connection) => moveAwardedVersion(connection, shop, throughVersion) });
  if (!isAnswered) return 'unanswered';
  return rest === 'none' ? 'done' : rest;
}

/** @returns false where Shopify did not answer, and no mark was moved */
export async function awardOneByOne(
  context: AwardContext,
  { orderIds, moveMark }: { orderIds: readonly bigint[]; moveMark: (connection: pg.PoolClient) => Promise<void> },
): Promise<boolean> {
  const { shop, pool } = context;
  const failed = await awardEach(context, orderIds);
  if (failed === 'unanswered') return false;
  await withBriefConnection(pool, shop, async (connection) => {
    const isAside = await setOrdersAside(connection, shop, { orderIds: failed.map(({ orderId }) => orderId), most: MOST_ASIDE });
    // So many are not to blame one by one: nobody goes on until it is known what is.
    if (!isAside) throw failed[0]?.error;
    await moveMark(connection);
  });
  return true;
}

/** Tries those again that were set aside. Answers with how many still are. */
export async function awardSetAside(context: AwardContext): Promise<number> {
  const { shop, pool } = context;
  const asideIds = await withBriefConnection(pool, shop, (connection) => loadOrdersAside(connection, shop));
  const failed = asideIds.length === 0 ? [] : await awardEach(context, asideIds);
  if (failed === 'unanswered') return asideIds.length;
  const awardedIds = asideIds.filter((id) => !failed.some(({ orderId }) => orderId === id));
  if (awardedIds.length > 0) await withBriefConnection(pool, shop, (connection) => takeOrdersUp(connection, shop, awardedIds));
  return failed.length;
}

async function awardEach(context: AwardContext, orderIds: readonly bigint[]): Promise<{ orderId: bigint; error: unknown }[] | 'unanswered'> {
  const { shopId } = context.shop;
  const failed = [];
  for (const orderId of orderIds) {
    try {
      if ((await awardRead(context, (connection) => readAlone(connection, context.shop, orderId))) === 'unanswered') return 'unanswered';
    } catch (error) {
      if (!isOfOneOrder(error)) throw error;
      log.error({ shopId, orderId: String(orderId), err: error }, 'an order was set aside: its points wait');
      failed.push({ orderId, error });
    }
  }
  return failed;
}

async function awardRead(context: AwardContext, readWhat: (connection: pg.PoolClient) => Promise<ReadTurn | null>): Promise<AwardTurn> {
  const { shop, pool } = context;
  const turn = await withBriefConnection(pool, shop, async (connection, askLast) => {
    const read = await readWhat(connection);
    if (read === null) return null;
    const orders = () => readEarningOrders(connection, shop, read.changed.orderIds);
    // What a collection holds is Shopify's to say, who is never asked inside a transaction.
    if (asksForCollections(read.terms)) return { ...read, orders: await orders() };
    await awardTurn(context, connection, { askLast, turn: read, orders });
    return { ...read, orders: null };
  });
  if (turn === null) return 'done';
  const { changed, terms } = turn;
  if (turn.orders !== null) {
    const { orders: read } = turn;
    const orders = await shopifyOr(() => findCollections(context, read, terms), () => Promise.resolve(null));
    if (orders === null) return 'unanswered';
    await withBriefConnection(pool, shop, (connection, askLast) =>
      awardTurn(context, connection, { askLast, turn, orders: () => Promise.resolve(orders) }),
    );
  }
  return changed.rest === 'none' ? 'done' : changed.rest;
}

interface ReadTurn {
  readonly terms: ProgramTerms;
  readonly changed: ChangedOrders;
}

async function readTurn(connection: pg.PoolClient, shop: ShopRef): Promise<ReadTurn | null> {
  const [mark, terms] = await allAnswers([readAwardMark(connection, shop), readTerms(connection, shop)]);
  const { awardedVersion: after, dataVersion } = mark;
  if (after === null || terms === null) return null;
  return { terms, changed: await readChangedOrders(connection, shop, { after, dataVersion, limit: ORDERS_A_TURN }) };
}

/** One order of whatever version, which moves no mark. */
async function readAlone(connection: pg.PoolClient, shop: ShopRef, orderId: bigint): Promise<ReadTurn | null> {
  const terms = await readTerms(connection, shop);
  return terms && { terms, changed: { orderIds: [orderId], throughVersion: 0n, rest: 'none' } };
}

interface TurnToAward {
  readonly askLast: AskLast;
  readonly turn: ReadTurn;
  readonly orders: () => Promise<EarningOrder[]>;
}

async function awardTurn(context: AwardContext, connection: pg.PoolClient, { askLast, turn: { terms, changed }, orders }: TurnToAward): Promise<void> {
  await failpoint('award-after-read');
  const write = await awardThese(context, connection, { orderIds: changed.orderIds, orders, terms });
  await failpoint('award-inside');
  askLast(() => [...write(), moveAwardedVersion(connection, context.shop, changed.throughVersion)]);
}

/**
 * The same for some orders, whatever was awarded before, and for those that the points for a first order go to or come from
 * because of them. Inside `withBriefConnection`.
 *
 * @returns what is to be asked last
 */
export async function awardThese(context: PlanContext, connection: pg.PoolClient, asked: OrdersToAward): Promise<() => Promise<void>[]> {
  const planned = await planAwards(context, connection, asked);
  return planned?.write ?? (() => []);
}

type PlanContext = Pick<ShopContext, 'shop' | 'now'>;

interface OrdersToAward {
  readonly orderIds: readonly bigint[];
  /** Asked for once they are held, so that they may be read as they are then. */
  readonly orders: () => Promise<EarningOrder[]>;
  readonly terms: ProgramTerms;
}

/** What some orders give, before it is written. */
export interface PlannedAwards {
  /** As they are after it. */
  readonly members: readonly HeldMember[];
  readonly entries: readonly Entry[];
  readonly tierChanges: readonly TierChange[];
  /** What is to be asked last. */
  readonly write: () => Promise<void>[];
}

/** Null where it is nobody's. Inside `withBriefConnection`. */
export async function planAwards(
  { shop, now }: PlanContext,
  connection: pg.PoolClient,
  { orderIds: asked, orders: ordersOf, terms }: OrdersToAward,
): Promise<PlannedAwards | null> {
  if (asked.length === 0) return null;
  const rivals = asksForFirst(terms) ? await findFirstOrderRivals(connection, shop, asked) : [];
  const about = [...asked, ...rivals];
  const [owners, orders, before, codes, rivalOrders] = await answersTo(connection, () => [
    holdOrderOwners(connection, shop, about),
    ordersOf(),
    loadOrderEntries(connection, shop, about),
    findCodesOnOrders(connection, shop, about),
    // The rates of their lines were chosen in their own turns: nobody has to be asked what collections hold.
    rivals.length === 0 ? [] : readEarningOrders(connection, shop, rivals),
  ]);
  const mine = [...orders, ...rivalOrders].filter(({ orderId, customerId }) => owners.get(orderId) === customerId);
  if (mine.length === 0) return null;
  const orderIds = mine.map(({ orderId }) => orderId);
  const isMine = new Set(orderIds);
  const nowDate = now();
  const nowMs = nowDate.getTime();
  const { members, entries, firstOrderIds } = await holdAbout(connection, shop, { orders: mine, before, codes, terms, now: nowDate });
  if (members.length === 0) return null;
  const [exclusions, tiers, past] = await answersTo(connection, () => [
    loadExclusions(connection, shop, members.map(({ memberId }) => memberId)),
    TierReview.open(connection, shop, { members, terms, nowMs, orders: mine }),
    findPastLives(connection, shop, { orders: mine, members, terms, nowMs }),
  ]);
  const appended: Entry[] = [];
  const writer = new LedgerWriter(nowDate, (entry) => {
    appended.push(entry);
    tiers.note(entry);
  });
  const settlement: Settlement = { writer, members, terms, nowMs, rows: [], cameBack: new Set() };
  await settleOrdersRedemptions({ shop }, connection, { settlement, codes: codes.filter(({ orderId }) => isMine.has(orderId)) });
  appendAwards(writer, { orders: mine, terms, members, tiers, entries, firstOrderIds, exclusions, past, nowMs });
  tiers.review(writer, members);
  const pointsDueMs = dueAfterSettling(settlement);
  const dueMs = new Map(members.map((member) => [member, earlierOf(pointsDueMs(member), tiers.nextMsOf(member))]));
  // Of the others the entry's statement writes it.
  const onlyDue = members.filter((member) => !writer.writes(member) && member.dueMs !== dueMs.get(member));
  const write = () => [
    writer.write(connection, shop, (member) => dueMs.get(member) ?? null),
    tiers.write(connection, shop),
    rememberDue(connection, shop, onlyDue.map((member) => ({ member, dueMs: dueMs.get(member) ?? null }))),
    writeRedemptions(connection, shop, { rows: settlement.rows, now: nowDate }),
  ];
  return { members, entries: appended, tierChanges: tiers.decided, write };
}

interface About {
  readonly orders: readonly EarningOrder[];
  readonly before: readonly OrderEntry[];
  readonly codes: readonly CodeOnOrder[];
  readonly terms: ProgramTerms;
  readonly now: Date;
}

/** Holds everybody whose points may change, and reads what is about the orders once they are held: it may have grown. */
async function holdAbout(connection: pg.PoolClient, shop: ShopRef, { orders, before, codes, terms, now }: About): Promise<HeldAbout> {
  const orderIds = orders.map(({ orderId }) => orderId);
  const customerIds = customersWhoEarn(orders, before, terms);
  const [, members, entries, firstOrderIds] = await answersTo(connection, () => [
    customerIds.length === 0 ? null : enrolCustomers(connection, shop, { customerIds, now }),
    holdMembersAbout(connection, shop, {
      customerIds: orders.flatMap(({ customerId }) => (customerId === null ? [] : [customerId])),
      memberIds: [...before, ...codes].map(({ memberId }) => memberId),
    }),
    loadOrderEntries(connection, shop, orderIds),
    asksForFirst(terms) ? findFirstOrders(connection, shop, orderIds) : new Set<bigint>(),
  ]);
  return { members, entries, firstOrderIds };
}

function asksForFirst({ versions }: ProgramTerms): boolean {
  return versions.some(({ program }) => program.earning.firstOrderPoints !== null);
}

interface HeldAbout {
  readonly members: readonly HeldMember[];
  readonly entries: readonly OrderEntry[];
  readonly firstOrderIds: ReadonlySet<bigint>;
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
