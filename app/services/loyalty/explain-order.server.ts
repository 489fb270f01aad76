import type pg from 'pg';

import { loadExclusions } from '#app/adapters/db/loyalty/exclusions.repository.server.ts';
import { loadEarningOrders } from '#app/adapters/db/loyalty/earning-orders.server.ts';
import { loadMembersOf } from '#app/adapters/db/loyalty/member-list.server.ts';
import { loadOrderEntries } from '#app/adapters/db/loyalty/order-entries.repository.server.ts';
import type { OrderEntry } from '#app/adapters/db/loyalty/order-entries.repository.server.ts';
import { readOrderReason } from '#app/adapters/db/loyalty/order-reason-schema.ts';
import { loadTierChanges } from '#app/adapters/db/loyalty/tier-changes.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import { assessForAward } from '#app/domain/loyalty/accrual/assess-order.ts';
import type { OrderStanding } from '#app/domain/loyalty/accrual/assess-order.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import { isExcludedAt } from '#app/domain/loyalty/members/exclusion.ts';
import type { OrderAnswer, OrderVerdict } from '#app/domain/loyalty/members/told-entry.ts';
import { tierAt } from '#app/domain/loyalty/tiers/tier-at.ts';
import { shopifyOr } from '#app/services/loyalty/ask-shopify.server.ts';
import { findCollections } from '#app/services/loyalty/find-collections.server.ts';
import { loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { loadTitlesIn, tellOrder } from '#app/services/loyalty/tell-entries.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const MAX_ID = 2n ** 63n - 1n;

/**
 * Why an order earned what it did: by the reason kept with its entries, or, without any, by the rules as they apply to it.
 *
 * @param memberId whom it is asked for; null when it is asked for nobody, as of a customer who never earned and is no member
 */
export async function explainOrder(
  context: Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'admin'>,
  { words, memberId }: { words: string; memberId: bigint | null },
): Promise<OrderAnswer | null> {
  const { shop, inShop, pool } = context;
  const read = await inShop(async (db) => {
    const found = await findOrder(db, shop.shopId, words.trim());
    if (found === null) return null;
    const [order] = await loadEarningOrders(db, shop, [found.orderId]);
    return order === undefined ? null : { order, name: found.name ?? `#${found.orderId}`, terms: await loadProgramTerms(db, context) };
  });
  if (read === null) return null;
  const { order, terms } = read;
  // Without an answer it is explained as if its products were in none: better than no page.
  const [known = order] = terms === null ? [] : await shopifyOr(() => findCollections(context, [order], terms), () => Promise.resolve([]));
  return withTenantSnapshot(pool, shop, (connection) => answer(context, connection, { ...read, order: known, memberId }));
}

async function findOrder(db: TenantDb, shopId: number, words: string): Promise<{ orderId: bigint; name: string | null } | null> {
  if (words === '' || words.length > 60) return null;
  const select = { orderId: true, name: true };
  const named = await db.order.findFirst({ where: { shopId, name: { in: [words, `#${words}`] } }, orderBy: { processedAt: 'desc' }, select });
  if (named !== null || !/^\d{1,19}$/.test(words) || BigInt(words) > MAX_ID) return named;
  return db.order.findUnique({ where: { shopId_orderId: { shopId, orderId: BigInt(words) } }, select });
}

interface Asked {
  order: EarningOrder;
  name: string;
  terms: ProgramTerms | null;
  memberId: bigint | null;
}

async function answer(
  { shop }: Pick<ShopContext, 'shop'>,
  connection: pg.PoolClient,
  { order, name, terms, memberId }: Asked,
): Promise<OrderAnswer> {
  const entries = (await loadOrderEntries(connection, shop, [order.orderId])).filter(({ kind }) => kind === 'order');
  const [owner] = order.customerId === null ? [] : await loadMembersOf(connection, shop, [order.customerId]);
  const isTheirs = memberId === null || owner?.memberId === memberId || entries.some((entry) => entry.memberId === memberId);
  const changes = owner === undefined ? [] : ((await loadTierChanges(connection, shop, [owner.memberId])).get(owner.memberId) ?? []);
  const exclusions = owner === undefined ? [] : ((await loadExclusions(connection, shop, [owner.memberId])).get(owner.memberId) ?? []);
  const standing =
    terms && assessForAward(order, { entries, versions: terms.versions, tierIn: ({ program }) => tierAt(program, changes, order.processedAtMs) });
  const last = entries.at(-1);
  const reason = last === undefined ? (standing?.reason ?? null) : readOrderReason(last.reason);
  const versionNumber = last?.programVersion ?? standing?.version.version ?? null;
  const version = terms?.versions.find((one) => one.version === versionNumber) ?? null;
  const titles = await loadTitlesIn(connection, shop, [reason], [order.orderId]);
  return {
    memberId: owner === undefined ? null : String(owner.memberId),
    ...{ name, isTheirs, processedAtMs: order.processedAtMs, entries: entries.length },
    verdict: verdictOn(order, { entries, standing, isExcluded: isExcludedAt(exclusions, order.processedAtMs) }),
    points: last === undefined ? (standing?.targetPoints ?? 0) : entries.reduce((sum, { givenPoints }) => sum + givenPoints, 0),
    order: reason && tellOrder(reason, { version, titles }),
  };
}

function verdictOn(
  { customerId }: EarningOrder,
  { entries, standing, isExcluded }: { entries: readonly OrderEntry[]; standing: OrderStanding | null; isExcluded: boolean },
): OrderVerdict {
  if (entries.length > 0) return 'given';
  if (customerId === null) return 'guest';
  if (standing === null) return 'no-program';
  if (standing.targetPoints === 0) return 'nothing';
  return isExcluded ? 'excluded' : 'on-its-way';
}
