import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadEarningOrders } from '#app/adapters/db/loyalty/earning-orders.server.ts';
import { simulateProgram } from '#app/domain/loyalty/accrual/simulate-program.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import { ReviewedTierPath } from '#app/domain/loyalty/tiers/tier-path.ts';
import { aProgram, openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { readOnlineRetailSales } from '#test/support/online-retail-sales.ts';

const SALES = join(import.meta.dirname, '../../../../shared/data/online_retail.csv.gz');
const where = existsSync(SALES) ? '' : ' (skipped: ../shared/data/online_retail.csv.gz is not here)';
const ZONE = 'Europe/London';
// Each order costs a turn of the worker: all 18,532 take a quarter of an hour, and many times that beside others.
const CUSTOMERS = process.env['PROMISE_SIZE'] === 'long' ? Number.POSITIVE_INFINITY : 12;
const LEVEL = { factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null };
const PROGRAM = aProgram({
  earning: {
    rates: [{ currency: 'GBP', points: 5, perMinor: 100 }],
    welcomePoints: 100,
    firstOrderPoints: 50,
    thresholdBonuses: [{ id: 'big', currency: 'GBP', minimumMinor: 500_00, points: 250 }],
  },
  expiry: { kind: 'inactivity', months: 3, noticeDays: [] },
  tiers: {
    ...{ basis: 'points', window: 'rolling-year', graceDays: 5 },
    levels: [
      { ...LEVEL, id: 'bronze', name: 'Bronze', threshold: 0 },
      { ...LEVEL, id: 'silver', name: 'Silver', threshold: 2_500, factorBasisPoints: 12_500, entryPoints: 100 },
      { ...LEVEL, id: 'gold', name: 'Gold', threshold: 10_000, factorBasisPoints: 15_000, entryPoints: 300 },
    ],
  },
});

/** Falls to a lower tier by an order that is a year old, on a day without orders: only a worker that is awake sees it then. */
const FALLEN = 16891;

/** Where a customer stands at the end. */
interface Standing {
  points: number;
  pending: number;
  issued: number;
  expired: number;
  tier: string;
}

let shop: LoyaltyShop;

beforeAll(async () => {
  shop = await openLoyaltyShop({ timeZone: ZONE, currency: 'GBP' });
});

afterAll(() => shop.stop());

/** The worker looks whenever something is due, whether anybody orders or not. */
async function liveUntil(atMs: number): Promise<void> {
  for (;;) {
    const { rows } = await shop.owner.query<{ due: Date | null }>('SELECT min(due_at) AS due FROM loyalty_members WHERE due_at <= $1', [new Date(atMs)]);
    const due = rows[0]?.due ?? null;
    if (due === null) break;
    if (due > shop.context.now()) shop.setClock(due);
    await shop.passTime();
  }
  shop.setClock(new Date(atMs));
}

describe.skipIf(!existsSync(SALES))(`a real store of 2010 and 2011${where}`, () => {
  it('comes out of the simulation as it does order by order through the worker, for every customer', async () => {
    const { rows } = readOnlineRetailSales(SALES);
    const customers = [...new Set(rows.map(({ customerKey }) => Number(String(customerKey).split('@')[0])))].sort((a, b) => a - b).slice(0, CUSTOMERS);
    const chosen = new Set([...customers, FALLEN]);
    const orders = rows
      .map((row, index) => ({ ...row, orderId: index + 1, customerId: Number(String(row.customerKey).split('@')[0]) }))
      .filter(({ customerId }) => chosen.has(customerId))
      .sort((a, b) => a.processedAtMs - b.processedAtMs || a.orderId - b.orderId);
    const [first] = orders;
    const last = orders.at(-1);
    if (first === undefined || last === undefined) throw new Error('no orders');

    const startMs = first.processedAtMs - 1;
    shop.setClock(new Date(startMs));
    await shop.saveProgram({ ...PROGRAM, earning: { ...PROGRAM.earning, earnsFromMs: startMs } });
    for (const { orderId, customerId, processedAtMs, valueMinor } of orders) {
      await liveUntil(processedAtMs);
      await shop.putOrder({ orderId, customerId, processedAt: new Date(processedAtMs), lines: [{ lineId: 1, totalMinor: valueMinor }] });
      await shop.award();
    }
    await liveUntil(last.processedAtMs);

    const { rows: kept } = await shop.owner.query<{ customer_id: string } & Standing>(
      `SELECT m.customer_id, coalesce(sum(p.points) FILTER (WHERE account = 'customer'), 0)::int AS points,
         coalesce(sum(p.points) FILTER (WHERE account = 'pending'), 0)::int AS pending,
         -coalesce(sum(p.points) FILTER (WHERE account = 'issued'), 0)::int AS issued,
         coalesce(sum(p.points) FILTER (WHERE account = 'expired'), 0)::int AS expired,
         coalesce((SELECT tier_id FROM loyalty_tier_changes c WHERE c.shop_id = m.shop_id AND c.member_id = m.member_id
           AND c.effective_at <= $1 ORDER BY change_no DESC LIMIT 1), 'bronze') AS tier
       FROM loyalty_members m JOIN loyalty_postings p USING (shop_id, member_id) GROUP BY m.shop_id, m.member_id`,
      [shop.context.now()],
    );
    const replayed = new Map(kept.map(({ customer_id: id, ...standing }): [bigint, Standing] => [BigInt(id), standing]));

    const { context } = shop;
    const earning: EarningOrder[] = await context.inShop((db) => loadEarningOrders(db, context.shop, orders.map(({ orderId }) => BigInt(orderId))));
    const simulated = new Map<bigint, Standing>();
    simulateProgram(
      { program: PROGRAM, currency: 'GBP', timeZone: ZONE, fromMs: startMs, asOfMs: last.processedAtMs, breakageBasisPoints: 0, openTierPath: () => new ReviewedTierPath(PROGRAM, ZONE) },
      earning,
      (customerId, { points, pendingPoints, issuedPoints, expiredPoints, tier }) =>
        simulated.set(customerId, { points, pending: pendingPoints, issued: issuedPoints, expired: expiredPoints, tier: tier?.id ?? 'none' }),
    );
    expect(simulated.size).toBeGreaterThan(10);
    expect(new Set([...simulated.values()].map(({ tier }) => tier)).size).toBe(3);
    expect([...replayed].filter(([id, standing]) => !isDeepStrictEqual(standing, simulated.get(id)))).toEqual([]);
    expect(replayed).toEqual(simulated);
  }, 7_200_000);
});
