import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { aProgram } from '#test/support/loyalty/a-program.ts';
import { balanceOf, beginLives, buy, enrol, entriesOf, freshId, merge, runTo, shop, START, startLives, takeAll } from './lives-stage.ts';

beforeAll(startLives);
afterAll(() => shop.stop());
beforeEach(beginLives);

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
