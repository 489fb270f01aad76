import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { aProgram, openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { findSlipsOfSum, toldTexts } from '#test/support/loyalty/told-ledger.tsx';

const START = new Date('2026-03-02T10:00:00Z');
/** Six months and a day of Berlin after the start. */
const ENDED = new Date('2026-09-02T22:00:00Z');
const LATER = new Date('2026-09-10T10:00:00Z');

let shop: LoyaltyShop;
let nextId = 1000;

beforeAll(async () => {
  shop = await openLoyaltyShop();
});

afterAll(() => shop.stop());

beforeEach(async () => {
  shop.setClock(new Date('2026-01-01T00:00:00Z'));
  await shop.saveProgram(aProgram({ expiry: { kind: 'inactivity', months: 6, noticeDays: [] }, earning: { pendingDays: 0 } }));
  shop.setClock(START);
});

function freshId(): number {
  nextId += 1;
  return nextId;
}

/** The shop hears of it at `toldAt`, in the worker's turn; 400 points. */
async function buy(customerId: number, placedAt: Date, toldAt = placedAt): Promise<number> {
  const orderId = freshId();
  shop.setClock(toldAt);
  await shop.passTime();
  await shop.putOrder({ orderId, customerId, processedAt: placedAt, lines: [{ lineId: 1, totalMinor: 80_00 }] });
  await shop.award();
  return orderId;
}

async function runTo(at: string): Promise<void> {
  shop.setClock(new Date(at));
  await shop.passTime();
}

async function entriesOf(customerId: number): Promise<string[]> {
  const { rows } = await shop.owner.query<{ entry: string }>(
    `SELECT e.reason ->> 'code' || ' ' || sum(p.points) AS entry FROM loyalty_entries e JOIN loyalty_members m USING (shop_id, member_id)
     JOIN loyalty_postings p USING (shop_id, member_id, sequence) WHERE m.customer_id = $1 AND p.account IN ('customer', 'pending')
     GROUP BY e.shop_id, e.member_id, e.sequence ORDER BY e.sequence`,
    [customerId],
  );
  return rows.map(({ entry }) => entry);
}

async function balanceOf(customerId: number): Promise<number> {
  const { rows } = await shop.owner.query<{ points: number }>('SELECT balance_points AS points FROM loyalty_members WHERE customer_id = $1', [customerId]);
  return rows[0]?.points ?? 0;
}

async function findings(): Promise<string[]> {
  const { checkLedger } = await import('#app/adapters/db/checks/check-ledger.server.ts');
  return (await checkLedger(shop.owner, shop.context.shop)).map(({ code }) => code);
}

describe('an order that is told of after its member’s points have ended', () => {
  const lastMinute = new Date(ENDED.getTime() - 60_000);

  it('brings them back when it was placed before, so that it ends as if it had come in time', async () => {
    const [inTime, late] = [freshId(), freshId()];
    for (const customerId of [inTime, late]) await buy(customerId, START);
    await buy(inTime, lastMinute);
    await runTo(ENDED.toISOString());
    expect([await balanceOf(inTime), await balanceOf(late)]).toEqual([800, 0]);
    await buy(late, lastMinute, LATER);
    expect(await entriesOf(late)).toEqual(['order-earned 400', 'inactive -400', 'order-earned 400', 'was-active 400']);
    // By the order's day, not by that on which we heard of it.
    await runTo('2027-03-02T22:59:59Z');
    expect([await balanceOf(inTime), await balanceOf(late)]).toEqual([800, 800]);
    await runTo('2027-03-02T23:00:00Z');
    expect([await balanceOf(inTime), await balanceOf(late)]).toEqual([0, 0]);
    expect(await findings()).toEqual([]);
  });

  it('brings them back once, however many such orders there are and however often they are told of', async () => {
    const customerId = freshId();
    await buy(customerId, START);
    await runTo(LATER.toISOString());
    const orders = [1, 2].map((minutes) => ({ orderId: freshId(), customerId, processedAt: new Date(ENDED.getTime() - minutes * 60_000), lines: [{ lineId: 1, totalMinor: 80_00 }] }));
    for (const order of orders) await shop.putOrder(order);
    await shop.award();
    await buy(customerId, new Date(ENDED.getTime() - 180_000), LATER);
    for (const order of orders) await shop.putOrder(order);
    await shop.award();
    expect((await entriesOf(customerId)).filter((entry) => entry.startsWith('was-active'))).toEqual(['was-active 400']);
    expect(await balanceOf(customerId)).toBe(1_600);
  });

  it('leaves them ended when it was placed on the day after or later', async () => {
    const customerId = freshId();
    await buy(customerId, START);
    await runTo(LATER.toISOString());
    await buy(customerId, ENDED, LATER);
    expect(await entriesOf(customerId)).toEqual(['order-earned 400', 'inactive -400', 'order-earned 400']);
  });

  it('leaves them ended when it is older than what the member was last seen by', async () => {
    const customerId = freshId();
    await buy(customerId, START);
    await runTo(LATER.toISOString());
    await buy(customerId, new Date(START.getTime() - 3_600_000), LATER);
    expect((await entriesOf(customerId)).filter((entry) => entry.startsWith('was-active'))).toEqual([]);
  });

  it('leaves them ended when by that order too they would have ended by now', async () => {
    const customerId = freshId();
    await buy(customerId, START);
    await runTo(LATER.toISOString());
    await buy(customerId, lastMinute, new Date('2027-03-02T23:00:00Z'));
    expect(await entriesOf(customerId)).toEqual(['order-earned 400', 'inactive -400', 'order-earned 400']);
    await runTo('2027-03-02T23:00:00Z');
    expect(await balanceOf(customerId)).toBe(0);
  });

  it('does not bring back what a refund has taken since of what had ended', async () => {
    const customerId = freshId();
    const first = await buy(customerId, START);
    await runTo(LATER.toISOString());
    await putRefunded(first, customerId, 0);
    expect(await balanceOf(customerId)).toBe(0);
    await buy(customerId, lastMinute, LATER);
    expect(await entriesOf(customerId)).toEqual(['order-earned 400', 'inactive -400', 'order-earned 400']);
    expect(await findings()).toEqual([]);
  });

  it('brings back the rest where a refund has taken some, and a refund of the rest takes that', async () => {
    const customerId = freshId();
    const first = await buy(customerId, START, START);
    await runTo(LATER.toISOString());
    await putRefunded(first, customerId, 3);
    await buy(customerId, lastMinute, LATER);
    expect(await balanceOf(customerId)).toBe(300 + 400);
    await putRefunded(first, customerId, 0);
    expect(await balanceOf(customerId)).toBe(400);
    await runTo('2027-03-02T23:00:00Z');
    expect(await balanceOf(customerId)).toBe(0);
    expect(await findings()).toEqual([]);
  });

  it('and what came back and was spent is owed', async () => {
    const customerId = freshId();
    const first = await buy(customerId, START, START);
    await runTo(LATER.toISOString());
    await buy(customerId, lastMinute, LATER);
    await takeAll(customerId);
    await putRefunded(first, customerId, 0);
    expect(await balanceOf(customerId)).toBe(-400);
  });
});

/** As it is once all but so many of its four pieces went back. */
async function putRefunded(orderId: number, customerId: number, piecesLeft: number): Promise<void> {
  await shop.putOrder({ orderId, customerId, processedAt: START, lines: [{ lineId: 1, totalMinor: 80_00, quantity: 4, currentQuantity: piecesLeft }] });
  await shop.award();
}

describe('a refund of an order whose points have ended', () => {
  const expiredPoints = async (customerId: number): Promise<number> => {
    const { rows } = await shop.owner.query<{ points: number }>(
      "SELECT coalesce(sum(p.points), 0)::int AS points FROM loyalty_postings p JOIN loyalty_members m USING (shop_id, member_id) WHERE m.customer_id = $1 AND p.account = 'expired'",
      [customerId],
    );
    return rows[0]?.points ?? 0;
  };
  const pageOf = async (customerId: number) => {
    const { getMember } = await import('#app/services/loyalty/get-member.server.ts');
    const { rows } = await shop.owner.query<{ member_id: string }>('SELECT member_id FROM loyalty_members WHERE customer_id = $1', [customerId]);
    const page = await getMember(shop.context, { memberId: BigInt(rows[0]?.member_id ?? 0), before: null });
    if (page === null) throw new Error('no page');
    return page;
  };

  it('takes them from what has expired, and leaves nobody owing, however many parts it comes in', async () => {
    const customerId = freshId();
    const orderId = await buy(customerId, START);
    await runTo(ENDED.toISOString());
    for (const pieces of [3, 3, 1, 0]) {
      await putRefunded(orderId, customerId, pieces);
      expect([await balanceOf(customerId), await expiredPoints(customerId)]).toEqual([0, pieces * 100]);
    }
    const page = await pageOf(customerId);
    expect(toldTexts(page)[2]).toMatch(/is worth less now: 100 points taken back .* 100 points of them had ended before anybody spent them: nothing is owed for these\..* → 0$/);
    expect(findSlipsOfSum(page)).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  it('leaves owing what was spent of them, and takes nothing of what another order gave', async () => {
    const customerId = freshId();
    const orderId = await buy(customerId, START);
    await takeAll(customerId, 150);
    await runTo(ENDED.toISOString());
    await buy(customerId, LATER);
    expect(await balanceOf(customerId)).toBe(400);
    await putRefunded(orderId, customerId, 0);
    expect(await balanceOf(customerId)).toBe(400 - 150);
    expect(await findings()).toEqual([]);
  });

  it('and what it takes back has ended again when the order is worth as much once more', async () => {
    const customerId = freshId();
    const orderId = await buy(customerId, START);
    await runTo(ENDED.toISOString());
    await putRefunded(orderId, customerId, 0);
    await putRefunded(orderId, customerId, 4);
    expect([await balanceOf(customerId), await expiredPoints(customerId)]).toEqual([0, 400]);
    expect(toldTexts(await pageOf(customerId)).at(-1)).toContain('400 points of them had ended before, and are over again.');
    expect(await findings()).toEqual([]);
  });
});

describe('the welcome', () => {
  beforeEach(async () => {
    shop.setClock(new Date('2026-01-02T00:00:00Z'));
    await shop.saveProgram(aProgram({ expiry: { kind: 'age', months: 6, noticeDays: [] }, earning: { pendingDays: 0, welcomePoints: 50, birthdayPoints: 20 } }));
  });

  it('is of the time of the order that it was given for, whenever we hear of that', async () => {
    const [inTime, late] = [freshId(), freshId()];
    await buy(inTime, START);
    await buy(late, START, new Date('2026-03-20T10:00:00Z'));
    const { rows } = await shop.owner.query<{ at: Date; ends: string }>(
      `SELECT e.occurred_at AS at, p.expires_on::text AS ends FROM loyalty_entries e JOIN loyalty_members m USING (shop_id, member_id)
       JOIN loyalty_postings p USING (shop_id, member_id, sequence) WHERE m.customer_id = ANY($1::bigint[]) AND e.reason ->> 'code' = 'welcome' AND p.lot_no IS NOT NULL`,
      [[inTime, late]],
    );
    expect(rows).toEqual([1, 2].map(() => ({ at: START, ends: '2026-09-03' })));
  });

  it('is given once to somebody who was two customers, whichever of them had nothing left', async () => {
    const [from, to] = [freshId(), freshId()];
    const orderId = await buy(from, START);
    await takeAll(from);
    await enrol(to);
    await merge(from, to);
    await buy(to, new Date('2026-03-05T10:00:00Z'));
    expect(orderId).toBeGreaterThan(0);
    expect(await entriesOf(to)).toEqual(['order-earned 400']);
    const fresh = freshId();
    await enrol(fresh);
    await buy(fresh, new Date('2026-03-05T10:00:00Z'));
    expect(await entriesOf(fresh)).toEqual(['welcome 50', 'order-earned 400']);
  });

  it('and a birthday’s points too, though both had told it', async () => {
    const [from, to] = [freshId(), freshId()];
    for (const customerId of [from, to]) {
      await buy(customerId, START);
      await shop.owner.query("UPDATE loyalty_members SET birthday = 510, birthday_known_at = '2026-03-02T10:00:00Z' WHERE customer_id = $1", [customerId]);
    }
    await shop.owner.query("UPDATE loyalty_members SET due_at = '2026-05-09T22:00:00Z' WHERE customer_id = $1", [from]);
    await shop.owner.query("UPDATE loyalty_members SET due_at = '2026-05-09T23:00:00Z' WHERE customer_id = $1", [to]);
    await runTo('2026-05-09T22:30:00Z');
    await merge(from, to);
    await runTo('2026-05-10T10:00:00Z');
    expect((await entriesOf(to)).filter((entry) => entry.startsWith('birthday'))).toEqual([]);
    expect(await balanceOf(to)).toBe(2 * 450 + 20);
  });
});

describe('somebody who was two customers', () => {
  const bornOn = (customerId: number, birthday: number | null) =>
    shop.owner.query("UPDATE loyalty_members SET birthday = $2, birthday_known_at = '2026-03-02T10:00:00Z', due_at = $3 WHERE customer_id = $1", [customerId, birthday, shop.context.now()]);

  beforeEach(async () => {
    await shop.saveProgram(aProgram({ expiry: { kind: 'never' }, earning: { pendingDays: 0, birthdayPoints: 20 } }));
  });

  it.each([
    ['told by the one who went', 510, null, '2026-05-10T10:00:00Z', 20],
    ['told by both is that of the one who stayed', 510, 610, '2026-05-10T10:00:00Z', 0],
    ['told by both is that of the one who stayed, in its month', 510, 610, '2026-06-10T10:00:00Z', 20],
  ])('has a birthday: %s', async (_, ofFrom, ofTo, at, points) => {
    const [from, to] = [freshId(), freshId()];
    for (const customerId of [from, to]) await buy(customerId, START);
    await bornOn(from, ofFrom);
    await bornOn(to, ofTo);
    await merge(from, to);
    await runTo(at);
    expect(await balanceOf(to)).toBe(800 + points);
  });

  it('has one birthday a year, whichever of them had it', async () => {
    const [from, to] = [freshId(), freshId()];
    for (const customerId of [from, to]) await buy(customerId, START);
    await bornOn(from, 510);
    await bornOn(to, 610);
    await runTo('2026-05-10T10:00:00Z');
    await merge(from, to);
    await runTo('2026-06-10T10:00:00Z');
    expect(await balanceOf(to)).toBe(820);
    await runTo('2027-06-10T10:00:00Z');
    expect(await balanceOf(to)).toBe(840);
  });

  it('is excluded from then on where either was, and earns nothing for what was ordered while they were', async () => {
    const { excludeMember } = await import('#app/services/loyalty/exclude-member.server.ts');
    const exclude = async (customerId: number, isExcluded: boolean) => {
      const { rows } = await shop.owner.query<{ member_id: string }>('SELECT member_id FROM loyalty_members WHERE customer_id = $1', [customerId]);
      return excludeMember(shop.context, { memberId: BigInt(rows[0]?.member_id ?? 0), isExcluded, staffId: '1' });
    };
    const put = (orderId: number, customerId: number, processedAt: string) => shop.putOrder({ orderId, customerId, processedAt: new Date(processedAt), lines: [{ lineId: 1, totalMinor: 80_00 }] });
    const [from, to] = [freshId(), freshId()];
    for (const customerId of [from, to]) await buy(customerId, START);
    shop.setClock(new Date('2026-03-03T10:00:00Z'));
    await exclude(from, true);
    const [meanwhile, after, later] = [freshId(), freshId(), freshId()];
    shop.setClock(new Date('2026-03-04T10:00:00Z'));
    await put(meanwhile, from, '2026-03-04T09:00:00Z');
    await shop.award();
    await merge(from, to);
    for (const [orderId, at] of [[meanwhile, '2026-03-04T09:00:00Z'], [after, '2026-03-05T09:00:00Z']] as const) await put(orderId, to, at);
    shop.setClock(new Date('2026-03-06T10:00:00Z'));
    await shop.award();
    expect(await balanceOf(to)).toBe(800);
    expect((await shop.owner.query('SELECT is_excluded FROM loyalty_members WHERE customer_id = $1', [to])).rows).toEqual([{ is_excluded: true }]);
    await exclude(to, false);
    shop.setClock(new Date('2026-03-07T10:00:00Z'));
    for (const [orderId, at] of [[meanwhile, '2026-03-04T09:00:00Z'], [later, '2026-03-07T09:00:00Z']] as const) await put(orderId, to, at);
    await shop.award();
    expect(await balanceOf(to)).toBe(1_200);
  });
});

async function enrol(customerId: number): Promise<void> {
  const { enrolCustomers } = await import('#app/adapters/db/loyalty/members.repository.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  const { pool, shop: ref, now } = shop.context;
  await withTenantConnection(pool, ref, (connection) => enrolCustomers(connection, ref, { customerIds: [BigInt(customerId)], now: now() }));
}

async function merge(from: number, to: number): Promise<void> {
  const { mergeMembers } = await import('#app/services/loyalty/merge-members.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  await withTenantConnection(shop.context.pool, shop.context.shop, (connection) => mergeMembers(shop.context, connection, { fromId: BigInt(from), toId: BigInt(to) }));
}

async function takeAll(customerId: number, most = Infinity): Promise<void> {
  const { shopContext } = await import('#app/context.server.ts');
  const { adjustPoints } = await import('#app/services/loyalty/adjust-points.server.ts');
  const { rows } = await shop.owner.query<{ member_id: string; points: number }>('SELECT member_id, balance_points AS points FROM loyalty_members WHERE customer_id = $1', [customerId]);
  const context = { ...shopContext(shop.context.shop), ...shop.context };
  await adjustPoints(context, { memberId: BigInt(rows[0]?.member_id ?? 0), points: -Math.min(rows[0]?.points ?? 0, most), note: 'x', expiresOn: null, formKey: String(freshId()) }, '1');
}
