import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Multiplier, Program } from '#app/domain/loyalty/program/program.ts';
import type { SimProduct } from '#test/simulator/state.ts';
import { openHostileShop } from '#test/support/loyalty/hostile-shop.ts';
import type { HostileShop } from '#test/support/loyalty/hostile-shop.ts';
import { toldPage, toldTexts } from '#test/support/loyalty/told-ledger.tsx';

const MUGS = { id: 70, title: 'Mugs' };
const SALE = { id: 71, title: 'Sale' };
/** More of them than are asked for at once, with the ones that matter at the end. */
const OTHERS = [81, 82, 83, 84, 85, 86];

let shop: HostileShop;

beforeAll(async () => {
  shop = await openHostileShop();
  putProduct(20, [MUGS]);
  putProduct(21, [MUGS, SALE]);
  putProduct(22, []);
  await shop.save((program) => plain(program, [rate('mugs', 30_000, [...OTHERS, MUGS.id]), rate('sale', 0, [SALE.id])]), { to: 'live' });
});

afterEach(() => shop.app.running.simulator.faults.set({ seed: 1, rules: [] }));
afterAll(() => shop.stop());

const rate = (name: string, factorBasisPoints: number, collectionIds: readonly number[]): Multiplier => ({
  ...{ id: name, name, factorBasisPoints, startsAtMs: null, endsAtMs: null },
  scope: { kind: 'collections', collectionIds },
});

const plain = (program: Program, multipliers: readonly Multiplier[]): Program => ({
  ...program,
  earning: { ...program.earning, pendingDays: 0, welcomePoints: null, birthdayPoints: null, multipliers },
  tiers: null,
});

function putProduct(id: number, collections: SimProduct['collections'] & object): void {
  const [tea] = shop.shopify.products.values();
  if (tea === undefined) throw new Error('no product');
  shop.shopify.save('product', { ...tea, id, variants: [], collections });
}

describe('a rate for collections', () => {
  it('pays for what they hold when the order is awarded, and keeps to that', async () => {
    const customerId = shop.newCustomer();
    const order = await shop.buy({
      customerId,
      lines: [{ title: 'Mug', productId: 20, unitMinor: 10_00, quantity: 2 }, { title: 'Old mug', productId: 21, unitMinor: 10_00 }, { title: 'Tea', productId: 22, unitMinor: 10_00 }, { title: 'Gone', productId: 999, unitMinor: 10_00 }],
    });
    const counted = 'Old mug: €10.00, excluded by sale: 0 points Tea: €10.00, usual rate: 50 points Gone: €10.00, usual rate: 50 points Rounded once, for all lines together';
    const first = `Order ${order.name} earned 400 points €50.00 at 5 points for each €1.00 By version 1 of the program How it was counted Mug: €20.00, mugs, × 3: 300 points ${counted} = +400 → 400`;
    expect(toldTexts(await shop.pageOf(customerId))).toEqual([first]);
    putProduct(20, []);
    await shop.change(order, ({ lines }) => ({ edited: true, lines: lines.map((line, index) => (index === 0 ? { ...line, currentQuantity: 1 } : line)) }));
    expect(toldTexts(await shop.pageOf(customerId))).toEqual([
      first,
      `Order ${order.name} is worth less now: 150 points taken back €40.00 at 5 points for each €1.00 In all it earns 250 points instead of 400. By version 1 of the program How it was counted Mug: €10.00, mugs, × 3: 150 points ${counted} = −150 → 250`,
    ]);
    putProduct(20, [MUGS]);
  });

  it('waits for Shopify where it does not answer, and pays then', async () => {
    const { awardOrders } = await import('#app/services/loyalty/award-orders.server.ts');
    const customerId = shop.newCustomer();
    shop.app.running.simulator.faults.set({ seed: 1, rules: [{ where: 'graphql', only: 'ProductsInCollections', what: { kind: 'status', status: 503 } }] });
    await shop.buy({ customerId, lines: [{ productId: 20, unitMinor: 10_00 }] });
    expect(await awardOrders(shop.context)).toBe('unanswered');
    await expect(shop.memberIdOf(customerId)).rejects.toThrow('is no member');
    shop.app.running.simulator.faults.set({ seed: 1, rules: [] });
    await shop.settle();
    expect((await shop.pageOf(customerId)).balancePoints).toBe(150);
  });

  it('is asked of Shopify once a line: what an award has chosen is not asked again', async () => {
    const customerId = shop.newCustomer();
    const order = await shop.buy({ customerId, lines: [{ productId: 20, unitMinor: 10_00, quantity: 2 }, { productId: 22, unitMinor: 10_00 }] });
    shop.app.running.simulator.faults.set({ seed: 1, rules: [{ where: 'graphql', only: 'ProductsInCollections', what: { kind: 'status', status: 503 } }] });
    await shop.change(order, ({ lines }) => ({ edited: true, lines: lines.map((line, index) => (index === 0 ? { ...line, currentQuantity: 1 } : line)) }));
    expect((await shop.pageOf(customerId)).balancePoints).toBe(200);
  });

  it('is what an order without points is explained by', async () => {
    const { explainOrder } = await import('#app/services/loyalty/explain-order.server.ts');
    const customerId = shop.newCustomer();
    await shop.buy({ customerId, lines: [{ productId: 22, unitMinor: 10_00 }] });
    const order = await shop.buy({ customerId, lines: [{ title: 'Old mug', productId: 21, unitMinor: 10_00 }] });
    const answer = await explainOrder(shop.context, { words: order.name, memberId: await shop.memberIdOf(customerId) });
    expect(toldPage(await shop.pageOf(customerId), 'en', answer)).toContain(`Order ${order.name} gives nothing. €10.00 at 5 points for each €1.00 Old mug: €10.00, excluded by sale: 0 points`);
  });
});
