import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { findSlipsOfSum, toldTexts } from '#test/support/loyalty/told-ledger.tsx';
import { balanceOf, beginLives, buy, entriesOf, findings, freshId, runTo, shop, START, startLives, takeAll } from './lives-stage.ts';

/** Six months and a day of Berlin after the start. */
const ENDED = new Date('2026-09-02T22:00:00Z');
const LATER = new Date('2026-09-10T10:00:00Z');

beforeAll(startLives);
afterAll(() => shop.stop());
beforeEach(beginLives);

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
