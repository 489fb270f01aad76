import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadEarningOrders } from '#app/adapters/db/loyalty/earning-orders.server.ts';
import { simulateProgram } from '#app/domain/loyalty/accrual/simulate-program.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import { aProgram, openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { readOnlineRetailSales } from '#test/support/online-retail-sales.ts';

const SALES = join(import.meta.dirname, '../../../../shared/data/online_retail.csv.gz');
const where = existsSync(SALES) ? '' : ' (skipped: ../shared/data/online_retail.csv.gz is not here)';
const ZONE = 'Europe/London';
// Each order costs a turn of the worker: all 18,532 take a quarter of an hour.
const CUSTOMERS = process.env['PROMISE_SIZE'] === 'long' ? Number.POSITIVE_INFINITY : 12;
const PROGRAM = aProgram({
  earning: {
    rates: [{ currency: 'GBP', points: 5, perMinor: 100 }],
    welcomePoints: 100,
    firstOrderPoints: 50,
    thresholdBonuses: [{ id: 'big', currency: 'GBP', minimumMinor: 500_00, points: 250 }],
  },
  expiry: { kind: 'inactivity', months: 3, noticeDays: [] },
});

let shop: LoyaltyShop;

beforeAll(async () => {
  shop = await openLoyaltyShop({ timeZone: ZONE, currency: 'GBP' });
});

afterAll(() => shop.stop());

describe.skipIf(!existsSync(SALES))(`a real store of 2010 and 2011${where}`, () => {
  it('comes out of the simulation as it does order by order through the worker, for every customer', async () => {
    const { rows } = readOnlineRetailSales(SALES);
    const customers = [...new Set(rows.map(({ customerKey }) => Number(String(customerKey).split('@')[0])))].sort((a, b) => a - b).slice(0, CUSTOMERS);
    const chosen = new Set(customers);
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
      shop.setClock(new Date(processedAtMs));
      await shop.passTime();
      await shop.putOrder({ orderId, customerId, processedAt: new Date(processedAtMs), lines: [{ lineId: 1, totalMinor: valueMinor }] });
      await shop.award();
    }
    shop.setClock(new Date(last.processedAtMs));
    await shop.passTime();

    const { rows: kept } = await shop.owner.query<{ customer_id: string; points: number; pending: number }>(
      `SELECT m.customer_id, coalesce(sum(p.points) FILTER (WHERE account = 'customer'), 0)::int AS points,
         coalesce(sum(p.points) FILTER (WHERE account = 'pending'), 0)::int AS pending
       FROM loyalty_members m JOIN loyalty_postings p USING (shop_id, member_id) GROUP BY m.customer_id`,
    );
    const replayed = new Map(kept.map((row) => [BigInt(row.customer_id), { points: row.points, pendingPoints: row.pending }]));

    const { context } = shop;
    const earning: EarningOrder[] = await context.inShop((db) => loadEarningOrders(db, context.shop, orders.map(({ orderId }) => BigInt(orderId))));
    const simulated = new Map<bigint, { points: number; pendingPoints: number }>();
    simulateProgram(
      { program: PROGRAM, currency: 'GBP', timeZone: ZONE, fromMs: startMs, asOfMs: last.processedAtMs, breakageBasisPoints: 0, openTierPath: null },
      earning,
      (customerId, { points, pendingPoints }) => simulated.set(customerId, { points, pendingPoints }),
    );
    expect(simulated.size).toBeGreaterThan(10);
    expect(replayed).toEqual(simulated);
  }, 1_800_000);
});
