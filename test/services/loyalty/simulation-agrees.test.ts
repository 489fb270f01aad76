import { afterAll, beforeAll, expect, it } from 'vitest';

import { simulateProgram } from '#app/domain/loyalty/accrual/simulate-program.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { ReviewedTierPath } from '#app/domain/loyalty/tiers/tier-path.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop, TestOrder } from '#test/support/loyalty/loyalty-shop.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 2, 9);
const DAYS = 200;
const CUSTOMERS = 10;
const ORDERS = 70;

const LEVEL = { factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null };

const PROGRAM: Program = aProgram({
  earning: {
    welcomePoints: 25,
    firstOrderPoints: 40,
    maximumPointsAnOrder: 900,
    multipliers: [
      { id: 'double', name: '', scope: { kind: 'products', productIds: [2] }, factorBasisPoints: 20_000, startsAtMs: null, endsAtMs: null },
      { id: 'none', name: '', scope: { kind: 'products', productIds: [3] }, factorBasisPoints: 0, startsAtMs: null, endsAtMs: null },
    ],
    thresholdBonuses: [{ id: 'big', currency: 'EUR', minimumMinor: 100_00, points: 77 }],
  },
  expiry: { kind: 'inactivity', months: 1, noticeDays: [] },
  tiers: {
    ...{ basis: 'points', window: 'rolling-year', graceDays: 30 },
    levels: [
      { ...LEVEL, id: 'bronze', name: 'Bronze', threshold: 0 },
      { ...LEVEL, id: 'silver', name: 'Silver', threshold: 700, factorBasisPoints: 12_500, entryPoints: 33 },
      { ...LEVEL, id: 'gold', name: 'Gold', threshold: 3_000, factorBasisPoints: 15_000, entryPoints: 11 },
    ],
  },
});

let shop: LoyaltyShop;

beforeAll(async () => {
  shop = await openLoyaltyShop({ timeZone: 'America/New_York' });
});

afterAll(() => shop.stop());

function drawOrders(seed: number): TestOrder[] {
  const random = seededRandom(seed);
  const laterBy = seededRandom(seed + 1);
  return Array.from({ length: ORDERS }, (_, index): TestOrder => {
    const quantity = Math.floor(random.between(1, 4));
    const customerId = random.chance(0.05) ? null : 1 + Math.floor(random.next() * CUSTOMERS);
    const processedAt = new Date(START_MS + Math.floor(random.next() * DAYS) * DAY_MS + index * 60_000);
    return {
      ...{ orderId: 1_000 + index, customerId, processedAt },
      ...(laterBy.chance(0.5) ? { paidAt: new Date(processedAt.getTime() + laterBy.between(0, 20) * DAY_MS) } : {}),
      cancelledAt: random.chance(0.05) ? new Date(START_MS) : null,
      lines: [1, 2].map((lineId) => ({
        lineId,
        productId: 1 + Math.floor(random.next() * 3),
        quantity,
        currentQuantity: random.chance(0.2) ? quantity - 1 : quantity,
        totalMinor: Math.floor(random.between(1, 90_00)),
        isGiftCard: random.chance(0.05),
      })),
      ...(random.chance(0.05) ? { financialStatus: 'PENDING' } : {}),
      ...(random.chance(0.1) ? { freeRefundMinor: 1_50 } : {}),
    };
  }).sort((a, b) => a.processedAt.getTime() - b.processedAt.getTime());
}

async function earned(): Promise<Record<string, unknown>> {
  const { rows } = await shop.owner.query<{ customer_id: string; points: number; pending: number; issued: number; expired: number; tier: string }>(
    `SELECT m.customer_id, coalesce(sum(p.points) FILTER (WHERE account = 'customer'), 0)::int AS points,
       coalesce(sum(p.points) FILTER (WHERE account = 'pending'), 0)::int AS pending,
       -coalesce(sum(p.points) FILTER (WHERE account = 'issued'), 0)::int AS issued,
       coalesce(sum(p.points) FILTER (WHERE account = 'expired'), 0)::int AS expired,
       coalesce((SELECT tier_id FROM loyalty_tier_changes c WHERE c.shop_id = m.shop_id AND c.member_id = m.member_id
         ORDER BY change_no DESC LIMIT 1), 'bronze') AS tier
     FROM loyalty_members m JOIN loyalty_postings p USING (shop_id, member_id) GROUP BY m.shop_id, m.member_id`,
  );
  return Object.fromEntries(rows.map(({ customer_id: id, ...sums }) => [id, sums]));
}

it('what the simulation says of each customer is what the worker gave them, order by order', async () => {
  const orders = drawOrders(4);
  shop.setClock(new Date(START_MS - DAY_MS));
  await shop.saveProgram(PROGRAM);
  for (const order of orders) {
    shop.setClock(order.processedAt);
    await shop.passTime();
    await shop.putOrder(order);
    await shop.award();
  }
  const asOf = new Date(START_MS + (DAYS + 3) * DAY_MS);
  shop.setClock(asOf);
  await shop.passTime();

  const { loadEarningOrders } = await import('#app/adapters/db/loyalty/earning-orders.server.ts');
  const { inShop, shop: ref } = shop.context;
  const loaded = await inShop((db) => loadEarningOrders(db, ref, orders.map(({ orderId }) => BigInt(orderId))));
  const simulated: Record<string, unknown> = {};
  const tiers = new Set<string>();
  const input = { program: PROGRAM, currency: 'EUR', timeZone: 'America/New_York', fromMs: 0, asOfMs: asOf.getTime(), breakageBasisPoints: 0, openTierPath: () => new ReviewedTierPath(PROGRAM, 'America/New_York') };
  const { expiredPoints, issuedPoints } = simulateProgram(input, loaded, (customerId, { points, pendingPoints, issuedPoints: issued, expiredPoints: expired, tier }) => {
    if (tier !== null) tiers.add(tier.id);
    simulated[String(customerId)] = { points, pending: pendingPoints, issued, expired, tier: tier?.id };
  });
  expect(Object.keys(simulated)).toHaveLength(CUSTOMERS);
  expect(expiredPoints).toBeGreaterThan(0);
  expect(expiredPoints).toBeLessThan(issuedPoints);
  expect(await earned()).toEqual(simulated);
  expect([...tiers].sort()).toEqual(['gold', 'silver']);
});
