import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Program } from '#app/domain/loyalty/program/program.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';

const DAY_MS = 86_400_000;
const START = new Date('2026-03-02T10:00:00Z');
const SIX_MONTHS: Program['expiry'] = { kind: 'inactivity', months: 6, noticeDays: [30, 7] };

let shop: LoyaltyShop;
let nextId = 1000;
let customerId: number;

beforeAll(async () => {
  shop = await openLoyaltyShop();
});

afterAll(() => shop.stop());

beforeEach(async () => {
  nextId += 1;
  customerId = nextId;
  // Whoever an earlier test left is nobody's concern.
  await shop.owner.query('UPDATE loyalty_members SET is_excluded = true, birthday = NULL, due_at = NULL');
  await save(START.getTime() - 60 * DAY_MS, {});
  await shop.owner.query('UPDATE loyalty_progress SET checked_at = NULL');
  // The clock goes back to the beginning, where nothing has been added up yet.
  await shop.owner.query('DELETE FROM loyalty_audits');
  shop.setClock(START);
});

async function save(atMs: number, change: Parameters<typeof aProgram>[0]): Promise<void> {
  shop.setClock(new Date(atMs));
  const { earning, ...rest } = change ?? {};
  await shop.saveProgram(aProgram({ expiry: SIX_MONTHS, ...rest, earning: { pendingDays: 0, ...earning } }));
  // As the page that saves it does.
  await shop.owner.query('UPDATE loyalty_progress SET check_due_at = $1', [shop.context.now()]);
}

async function earn400(): Promise<void> {
  nextId += 1;
  await shop.putOrder({ orderId: nextId, customerId, processedAt: shop.context.now(), lines: [{ lineId: 1, totalMinor: 80_00 }] });
  await shop.award();
}

async function balance(): Promise<number> {
  const { rows } = await shop.owner.query<{ points: number }>('SELECT balance_points AS points FROM loyalty_members WHERE customer_id = $1', [customerId]);
  return rows[0]?.points ?? 0;
}

async function notices(): Promise<string[]> {
  const { rows } = await shop.owner.query<{ notice: string }>(
    `SELECT to_char(n.due_at AT TIME ZONE 'Europe/Berlin', 'YYYY-MM-DD HH24:MI') || ' ' || n.kind || ' ' || (n.facts ->> 'day') || ' ' || (n.facts ->> 'points') AS notice
     FROM loyalty_notices n JOIN loyalty_members m USING (shop_id, member_id) WHERE m.customer_id = $1 ORDER BY n.due_at`,
    [customerId],
  );
  return rows.map(({ notice }) => notice);
}

async function worker(): Promise<void> {
  const { lookOverMembers } = await import('#app/services/loyalty/look-over-members.server.ts');
  expect((await lookOverMembers(shop.context)) ?? []).toEqual([]);
  await shop.passTime();
}

/** Runs time on to an instant, stopping whenever the worker would find something to do. */
async function runTo(at: string): Promise<void> {
  const until = new Date(at);
  await worker();
  for (;;) {
    const { rows } = await shop.owner.query<{ due: Date | null }>('SELECT min(due_at) AS due FROM loyalty_members');
    const due = rows[0]?.due;
    if (!due || due > until) break;
    if (due > shop.context.now()) shop.setClock(due);
    await worker();
  }
  shop.setClock(until);
}

describe('points that nobody touches', () => {
  it('are told of thirty and seven days before they end, at the shop’s midnight, once each', async () => {
    await earn400();
    await runTo('2027-01-01T00:00:00Z');
    expect(await notices()).toEqual(['2026-08-04 00:00 points-expiring 2026-09-03 400', '2026-08-27 00:00 points-expiring 2026-09-03 400']);
    expect(await balance()).toBe(0);
  });

  it('are told of once where the worker stood still over both days', async () => {
    await earn400();
    shop.setClock(new Date('2026-08-30T10:00:00Z'));
    await worker();
    await worker();
    expect(await notices()).toEqual(['2026-08-30 12:00 points-expiring 2026-09-03 400']);
  });
});

describe('a pause', () => {
  it('lets nothing end, and leaves thirty days and a warning after it', async () => {
    await earn400();
    await save(Date.parse('2026-08-01T10:00:00Z'), { status: { kind: 'paused' } });
    await runTo('2027-06-01T10:00:00Z');
    expect(await balance()).toBe(400);
    await save(Date.parse('2027-06-01T10:00:00Z'), {});
    await runTo('2027-06-30T21:59:59Z');
    expect(await balance()).toBe(400);
    expect(await notices()).toEqual(['2027-06-01 12:00 points-expiring 2027-07-01 400', '2027-06-24 00:00 points-expiring 2027-07-01 400']);
    await runTo('2027-06-30T22:00:00Z');
    expect(await balance()).toBe(0);
  });
});

describe('a shorter time to expiry', () => {
  it('takes nothing for thirty days', async () => {
    await earn400();
    await save(Date.parse('2026-06-01T10:00:00Z'), { expiry: { kind: 'inactivity', months: 1, noticeDays: [30] } });
    await runTo('2026-06-30T21:59:59Z');
    expect(await balance()).toBe(400);
    expect(await notices()).toEqual(['2026-06-01 12:00 points-expiring 2026-07-01 400']);
    await runTo('2026-06-30T22:00:00Z');
    expect(await balance()).toBe(0);
  });
});

describe('a program that is wound down', () => {
  it('ends what is left on the day after its last, of everybody, and tells them before', async () => {
    await earn400();
    const end: Program['status'] = { kind: 'winding-down', lastRedemptionDay: Date.parse('2026-05-31') / DAY_MS };
    await save(Date.parse('2026-04-15T10:00:00Z'), { status: end });
    await runTo('2026-05-31T21:59:59Z');
    expect(await balance()).toBe(400);
    expect(await notices()).toEqual(['2026-05-02 00:00 points-ending 2026-06-01 400', '2026-05-25 00:00 points-ending 2026-06-01 400']);
    await runTo('2026-05-31T22:00:00Z');
    expect(await balance()).toBe(0);
  });
});

describe('a birthday', () => {
  async function bornOn(birthday: number, knownAt: string): Promise<void> {
    await shop.owner.query('UPDATE loyalty_members SET birthday = $2, birthday_known_at = $3, due_at = $4 WHERE customer_id = $1', [
      customerId, birthday, knownAt, shop.context.now(),
    ]);
  }

  it('gives its points once a year, at the first instant of the day', async () => {
    await save(START.getTime(), { earning: { birthdayPoints: 200 }, expiry: { kind: 'never' } });
    await earn400();
    await bornOn(510, '2026-03-02T10:00:00Z');
    await runTo('2026-05-09T21:59:59Z');
    expect(await balance()).toBe(400);
    await runTo('2026-05-09T22:00:00Z');
    await worker();
    await worker();
    expect(await balance()).toBe(600);
    await runTo('2028-05-10T10:00:00Z');
    expect(await balance()).toBe(1000);
  });

  it.each([
    ['2026-04-10T21:59:59Z', 600],
    ['2026-04-10T22:00:00Z', 400],
  ])('that is told at %s, for the 10th of May, leaves a balance of %i', async (knownAt, points) => {
    await save(START.getTime(), { earning: { birthdayPoints: 200 }, expiry: { kind: 'never' } });
    await earn400();
    await bornOn(510, knownAt);
    await runTo('2026-05-12T10:00:00Z');
    expect(await balance()).toBe(points);
  });

  it('on 29 February is on the 28th in other years, and counts once it is known for thirty days', async () => {
    await save(Date.parse('2026-12-01T10:00:00Z'), { earning: { birthdayPoints: 200 }, expiry: { kind: 'never' } });
    await earn400();
    await bornOn(229, '2027-02-10T10:00:00Z');
    await runTo('2027-03-05T10:00:00Z');
    expect(await balance()).toBe(400);
    await runTo('2028-02-28T22:59:59Z');
    expect(await balance()).toBe(400);
    await runTo('2028-02-28T23:00:00Z');
    expect(await balance()).toBe(600);
    await runTo('2029-02-27T23:00:00Z');
    expect(await balance()).toBe(800);
  });
});

describe('the hourly look', () => {
  it('finds points that do not add up, and looks again in an hour', async () => {
    const { lookOverMembers } = await import('#app/services/loyalty/look-over-members.server.ts');
    await earn400();
    await lookOverMembers(shop.context);
    expect(await lookOverMembers(shop.context)).toBeNull();
    await shop.owner.query('UPDATE loyalty_members SET balance_points = balance_points + 1 WHERE customer_id = $1', [customerId]);
    shop.setClock(new Date(START.getTime() + 3_600_000));
    expect(await lookOverMembers(shop.context)).toMatchObject([{ code: 'sums-and-postings-differ', count: 1 }]);
    await shop.owner.query('UPDATE loyalty_members SET balance_points = balance_points - 1 WHERE customer_id = $1', [customerId]);
  });
});

describe('an order that is paid or sent weeks after it was placed', () => {
  const PLACED = START.getTime();
  const NOTHING = [0, 0, null];
  const PAID_LATE = new Date('2026-03-22T10:00:00Z');
  let orderId = 0;

  async function put(change: { financialStatus?: string; fulfillmentStatus?: string; paidAt?: Date; sentAt?: Date[]; cancelledAt?: Date }): Promise<void> {
    await shop.putOrder({ orderId, customerId, processedAt: START, lines: [{ lineId: 1, totalMinor: 80_00 }], ...change });
    await shop.award();
  }

  /** Spendable and pending, and when those become spendable. */
  async function standing(): Promise<unknown[]> {
    const { rows } = await shop.owner.query<{ points: number; pending: number; until: Date | null }>(
      `SELECT coalesce(sum(p.points) FILTER (WHERE account = 'customer'), 0)::int AS points, coalesce(sum(p.points) FILTER (WHERE account = 'pending'), 0)::int AS pending,
         max(p.matures_at) FILTER (WHERE account = 'pending') AS until
       FROM loyalty_members m JOIN loyalty_postings p USING (shop_id, member_id) WHERE m.customer_id = $1`,
      [customerId],
    );
    return rows.map(({ points, pending, until }) => [points, pending, pending === 0 ? null : until?.toISOString()]).flat();
  }

  beforeEach(async () => {
    nextId += 1;
    orderId = nextId;
    await save(PLACED - 50 * DAY_MS, { earning: { pendingDays: 14 } });
    shop.setClock(START);
  });

  it('is pending until the return window after the payment is over: a transfer of twenty days later', async () => {
    await put({ financialStatus: 'PENDING' });
    await runTo('2026-03-22T10:00:05Z');
    await put({ paidAt: PAID_LATE });
    expect(await standing()).toEqual([0, 400, '2026-04-05T22:00:00.000Z']);
    await runTo('2026-04-05T21:59:59Z');
    expect(await balance()).toBe(0);
    await runTo('2026-04-05T22:00:00Z');
    expect(await balance()).toBe(400);
  });

  it('is pending until the return window after the last parcel is over, where points come with the fulfillment', async () => {
    await save(PLACED - DAY_MS, { earning: { pendingDays: 14, occasion: 'fulfilled' } });
    shop.setClock(START);
    const first = new Date('2026-03-10T10:00:00Z');
    await put({ paidAt: START, fulfillmentStatus: 'PARTIALLY_FULFILLED', sentAt: [first] });
    expect(await standing()).toEqual(NOTHING);
    await put({ paidAt: START, fulfillmentStatus: 'FULFILLED', sentAt: [first, PAID_LATE] });
    expect(await standing()).toEqual([0, 400, '2026-04-05T22:00:00.000Z']);
  });

  it('gives nothing where it is cancelled before it is sent', async () => {
    await save(PLACED - DAY_MS, { earning: { pendingDays: 14, occasion: 'fulfilled' } });
    shop.setClock(START);
    await put({ paidAt: START });
    await put({ paidAt: START, cancelledAt: PAID_LATE, financialStatus: 'REFUNDED' });
    expect(await standing()).toEqual(NOTHING);
  });

  it('keeps the terms that it was awarded by where the payment is learned of only then, and gives nothing twice', async () => {
    await put({});
    const before = await standing();
    expect(before).toEqual([0, 400, '2026-03-16T23:00:00.000Z']);
    await put({ paidAt: PAID_LATE });
    expect(await standing()).toEqual(before);
    await put({ paidAt: PAID_LATE, financialStatus: 'REFUNDED', cancelledAt: PAID_LATE });
    expect(await standing()).toEqual([0, 0, null]);
  });
});
