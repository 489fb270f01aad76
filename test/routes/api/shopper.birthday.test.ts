import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { aProgram } from '#test/support/loyalty/a-program.ts';
import { daysAgo, DAY_MS, openShopperShop, type ShopperShop } from './shopper-shop.ts';

const ANNA = 4001;
const BEN = 4002;
const CARO = 4003;

let shop: ShopperShop;

beforeAll(async () => {
  shop = await openShopperShop();
});
beforeEach(async () => {
  await shop.reset();
  await shop.owner.query('DELETE FROM customers');
  await shop.saveProgram(aProgram({ earning: { birthdayPoints: 200 } }));
  await shop.putOrder({ orderId: 1, customerId: ANNA, processedAt: daysAgo(2), lines: [{ lineId: 11, totalMinor: 1000 }] });
  await shop.owner.query('INSERT INTO customers (shop_id, customer_id, created_at, updated_at, number_of_orders) VALUES ($1, $2, now(), now(), 0)', [shop.context.shop.shopId, BEN]);
});
afterAll(() => shop.stop());

const tell = (as: number, body: unknown) => shop.ask('/api/shopper/birthday', { as, method: 'POST', body });
const shown = async (as: number) => ((await shop.ask('/api/shopper/loyalty', { as })).body as { birthday: unknown }).birthday;
const refused = (reason: string) => ({ status: 200, body: { state: 'refused', reason } });

describe('a birthday', () => {
  it('is told once, and the same day again changes nothing', async () => {
    const saved = { state: 'saved', birthday: { points: 200, day: '02-29', canSet: false } };
    expect(await shown(ANNA)).toEqual({ points: 200, day: null, canSet: true });
    expect((await tell(ANNA, { month: 2, day: 29 })).body).toEqual(saved);
    const known = await shop.owner.query('SELECT birthday, birthday_known_at, due_at FROM loyalty_members');
    expect((await tell(ANNA, { month: 2, day: 29 })).body).toEqual(saved);
    expect(await tell(ANNA, { month: 3, day: 1 })).toMatchObject(refused('already-set'));
    expect((await shop.owner.query('SELECT birthday, birthday_known_at, due_at FROM loyalty_members')).rows).toEqual(known.rows);
    expect(await shown(ANNA)).toEqual(saved.birthday);
  });

  it('makes a member of whoever the shop knows, whom the worker then gives the points', async () => {
    const today = new Date();
    expect((await tell(BEN, { month: today.getUTCMonth() + 1, day: today.getUTCDate() })).body).toMatchObject({ state: 'saved' });
    const { rows } = await shop.owner.query<{ customer_id: string; due_at: Date }>('SELECT customer_id, due_at FROM loyalty_members');
    expect(rows).toEqual([{ customer_id: String(BEN), due_at: expect.any(Date) }]);
    // Within a year and a day, and not before it has been known for a while.
    expect(((rows[0]?.due_at.getTime() ?? 0) - Date.now()) / DAY_MS).toBeGreaterThan(300);
    await shop.owner.query("UPDATE loyalty_members SET birthday_known_at = now() - interval '60 days', due_at = now() - interval '1 minute'");
    await shop.passTime();
    expect((await shop.ask('/api/shopper/loyalty', { as: BEN })).body).toMatchObject({ balance: { points: 200 } });
  });

  it('of whoever was forgotten, or is not known yet, is not kept', async () => {
    expect(await tell(CARO, { month: 5, day: 1 })).toMatchObject(refused('not-yet'));
    expect((await shop.owner.query('SELECT FROM loyalty_members')).rowCount).toBe(0);
  });

  it('is not asked for where it earns nothing, and not of who is left out', async () => {
    await shop.award();
    await shop.owner.query('UPDATE loyalty_members SET is_excluded = true');
    expect(await tell(ANNA, { month: 5, day: 1 })).toMatchObject(refused('excluded'));
    await shop.saveProgram(aProgram({ earning: { birthdayPoints: null } }));
    expect(await tell(BEN, { month: 5, day: 1 })).toMatchObject(refused('closed'));
    expect(await shown(BEN)).toEqual({ points: null, day: null, canSet: false });
    await shop.owner.query('UPDATE shops SET uninstalled_at = now()');
    expect(await tell(BEN, { month: 5, day: 1 })).toMatchObject(refused('closed'));
  });

  it.each([{ month: 2, day: 30 }, { month: 13, day: 1 }, { month: 0, day: 1 }, { month: 4, day: 31 }, { month: 1.5, day: 1 }, { month: '2', day: 1 }, {}, null, 'x'])(
    'is none that is %j',
    async (body) => {
      expect(await tell(ANNA, body)).toMatchObject({ status: 400, body: { error: 'birthday' } });
    },
  );
});
