import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Liability } from '#app/domain/loyalty/members/liability.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { askingStaff } from '#test/support/asking-staff.ts';

const START = new Date('2026-01-10T10:00:00Z');

let shop: LoyaltyShop;
let context: ShopContext;

beforeAll(async () => {
  shop = await openLoyaltyShop();
  const { shopContext } = await import('#app/context.server.ts');
  context = { ...shopContext(shop.context.shop), ...shop.context };
  shop.setClock(new Date('2026-01-01T10:00:00Z'));
  await shop.saveProgram(aProgram());
});

afterAll(() => shop.stop());

async function liability(): Promise<Liability> {
  const { getLiability } = await import('#app/services/loyalty/get-liability.server.ts');
  const found = await getLiability(context);
  if (found === null) throw new Error('the shop is known');
  return found;
}

async function buy(orderId: number, customerId: number, processedAt: Date, totalMinor: number): Promise<void> {
  await shop.putOrder({ orderId, customerId, processedAt, lines: [{ lineId: orderId, totalMinor }] });
  await shop.award();
}

async function adjust(customerId: number, points: number, formKey: string): Promise<void> {
  const { rows } = await shop.owner.query<{ member_id: string }>('SELECT member_id FROM loyalty_members WHERE customer_id = $1', [customerId]);
  const { adjustPoints } = await import('#app/services/loyalty/adjust-points.server.ts');
  await adjustPoints(context, { memberId: BigInt(rows[0]?.member_id ?? 0), points, note: 'x', expiresOn: null, formKey }, askingStaff('1'));
}

it('is nothing in a shop without members', async () => {
  expect(await liability()).toMatchObject({ held: { spendablePoints: 0, membersWithPoints: 0 }, costMinor: 0, breakage: null, differencePoints: 0 });
});

it('counts what is held, owed, pending and about to end, month by month, and adds up', async () => {
  shop.setClock(START);
  await buy(1, 101, START, 100_00);
  shop.setClock(new Date('2026-02-10T10:00:00Z'));
  await shop.passTime();
  await buy(2, 102, new Date('2026-02-10T09:00:00Z'), 40_00);
  await adjust(101, -60, 'a');
  await adjust(102, -30, 'b');
  const found = await liability();
  expect(found.held).toEqual({ spendablePoints: 440, owedPoints: 30, pendingPoints: 200, reservedPoints: 0, membersWithPoints: 1, membersWhoOwe: 1 });
  expect(found.total).toEqual({ issuedPoints: 700, redeemedPoints: 0, expiredPoints: 0, adjustedPoints: -90 });
  // 100 points take off 1.00: the reward that is reached first.
  expect(found).toMatchObject({ worth: { points: 100, amountMinor: 100 }, costMinor: 440, pendingCostMinor: 200, differencePoints: 0 });
  expect(found.months).toHaveLength(12);
  expect(found.months.slice(-2)).toMatchObject([{ month: '2026-01', issuedPoints: 500 }, { month: '2026-02', issuedPoints: 200, adjustedPoints: -90 }]);
  expect(found.expiring).toHaveLength(12);
  expect(found.expiring[11]).toEqual({ month: '2027-01', points: 440 });
});

it('tells breakage once points have expired', async () => {
  shop.setClock(new Date('2027-01-20T10:00:00Z'));
  await shop.passTime();
  const found = await liability();
  expect(found).toMatchObject({ breakage: 1, held: { spendablePoints: 170 }, total: { expiredPoints: 440 }, differencePoints: 0 });
  expect(found.expiring[1]).toEqual({ month: '2027-02', points: 170 });
});

it('tells the month in which points really end: the day after, no sooner than 30 days after a shorter rule, no later than the program', async () => {
  shop.setClock(new Date('2027-01-31T10:00:00Z'));
  await buy(3, 103, shop.context.now(), 20_00);
  shop.setClock(new Date('2027-02-20T10:00:00Z'));
  await shop.passTime();
  const endOf = async () => {
    const { expiring, expiringLaterPoints, neverExpiringPoints } = await liability();
    return { months: expiring.filter(({ points }) => points !== 0), expiringLaterPoints, neverExpiringPoints };
  };
  // On 1 February 2028.
  expect(await endOf()).toEqual({ months: [], expiringLaterPoints: 100, neverExpiringPoints: 0 });
  const aMonth = aProgram({ expiry: { kind: 'inactivity', months: 1, noticeDays: [] } });
  shop.setClock(new Date('2027-03-10T10:00:00Z'));
  await shop.saveProgram(aMonth);
  expect(await endOf()).toEqual({ months: [{ month: '2027-04', points: 100 }], expiringLaterPoints: 0, neverExpiringPoints: 0 });
  await shop.saveProgram({ ...aMonth, status: { kind: 'winding-down', lastRedemptionDay: Date.UTC(2027, 2, 25) / 86_400_000 } });
  expect(await endOf()).toEqual({ months: [{ month: '2027-03', points: 100 }], expiringLaterPoints: 0, neverExpiringPoints: 0 });
  await shop.saveProgram({ ...aMonth, status: { kind: 'paused' } });
  expect(await endOf()).toEqual({ months: [], expiringLaterPoints: 0, neverExpiringPoints: 100 });
  await shop.saveProgram(aProgram());
});

it('says so when what stands with the members is not what the entries say', async () => {
  await shop.owner.query('UPDATE loyalty_members SET balance_points = balance_points + 5 WHERE customer_id = 102');
  expect((await liability()).differencePoints).toBe(5);
});
