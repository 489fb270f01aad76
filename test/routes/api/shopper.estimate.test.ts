import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { EstimateRequest } from '#app/contracts/earn-estimate.ts';
import type { Multiplier, Program } from '#app/domain/loyalty/program/program.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { until } from '#test/simulator/simulator-client.ts';
import { aDiscount } from '#test/simulator/storefront/memory-simulator.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { checkOut } from '#test/support/loyalty/checkout-of-store.ts';
import type { CheckoutPlan } from '#test/support/loyalty/checkout-of-store.ts';
import { daysAgo, DOMAIN, openShopperShop, OTHER_DOMAIN, type ShopperShop } from './shopper-shop.ts';

const ANNA = 100;
const [TEA, MUG, BOOK, GIFT_CARD] = [10, 20, 30, 40];
/** A product's only variant. */
const of = (product: number) => product + 1;
const MUGS = { id: 70, title: 'Mugs' };

let shop: ShopperShop;
let store: ShopStore;

beforeAll(async () => {
  shop = await openShopperShop();
  store = shop.app.running.simulator.requireStore(DOMAIN);
  const [tea] = store.products.values();
  if (tea === undefined) throw new Error('no product');
  const put = (id: number, priceMinor: number, more = {}) =>
    store.save('product', { ...tea, id, title: `Product ${id}`, variants: [{ id: of(id), title: 'Default Title', sku: null, priceMinor }], ...more });
  put(TEA, 10_37);
  put(MUG, 24_99, { collections: [MUGS] });
  put(BOOK, 7_01);
  put(GIFT_CARD, 50_00, { isGiftCard: true });
  store.save('discount', aDiscount(1, 'TENTH', { percentage: 0.1 }));
  store.save('discount', aDiscount(2, 'MUG', { percentage: 0.5, variantIds: [of(MUG)] }));
  store.save('discount', aDiscount(3, 'FREIGHT', { percentage: null, isFreeShipping: true }));
});
beforeEach(async () => {
  await shop.reset();
  store.save('shop', { ...store.shop, taxesIncluded: true });
  // So that no order of a test is anybody's first.
  await shop.putOrder({ orderId: 1, customerId: ANNA, processedAt: daysAgo(200), lines: [{ lineId: 1, totalMinor: 50_00 }] });
});
afterAll(() => shop.stop());

const ask = (request: unknown, as: number | null = ANNA, query = '?locale=de') => shop.ask(`/api/shopper/estimate${query}`, { as, method: 'POST', body: request });

async function estimateOf(request: EstimateRequest, as: number | null = ANNA): Promise<unknown> {
  const { status, body } = await ask(request, as);
  expect(status).toBe(200);
  return body;
}

/** What the ledger has given for an order, once its webhooks have come. */
async function earnedBy(orderId: number): Promise<number> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  await until(() => shop.app.running.simulator.webhooks.deliveries().filter(({ status }) => status === 'pending').length, (pending) => pending === 0);
  expect(await handleWebhooks(shop.context)).toEqual([]);
  await shop.award();
  const { rows } = await shop.owner.query<{ points: number }>(
    `SELECT -coalesce(sum(p.points), 0)::int AS points FROM loyalty_entries e JOIN loyalty_postings p USING (shop_id, member_id, sequence)
     WHERE e.order_id = $1 AND p.account = 'issued'`,
    [orderId],
  );
  return rows[0]?.points ?? 0;
}

/** Shopify tells times by the second, and a tier is not there before it was reached. */
async function reachTiersEarlier(): Promise<void> {
  await shop.owner.query('SET session_replication_role = replica');
  await shop.owner.query("UPDATE loyalty_tier_changes SET effective_at = effective_at - interval '1 day'");
  await shop.owner.query('SET session_replication_role = origin');
}

const checkoutOf = (plan: Partial<CheckoutPlan>) => checkOut(shop.app.running.simulator, store, { customerId: ANNA, cart: { [of(TEA)]: 3, [of(BOOK)]: 1 }, ...plan });

const multiplier = (id: string, factorBasisPoints: number, scope: Multiplier['scope']): Multiplier => ({ id, name: id, factorBasisPoints, scope, startsAtMs: null, endsAtMs: null });
const EUR = { currency: 'EUR', points: 5, perMinor: 100 };
const TIERS: NonNullable<Program['tiers']> = {
  ...{ basis: 'spend', window: 'lifetime', graceDays: 30 },
  levels: [
    { id: 'a', name: 'Bronze', threshold: 0, factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null },
    { id: 'b', name: 'Silver', threshold: 40_00, factorBasisPoints: 12_500, entryPoints: null, hasFreeShipping: false, tag: null },
  ],
};

interface Case {
  name: string;
  earning?: Partial<Program['earning']>;
  tiers?: Program['tiers'];
  plan?: Partial<CheckoutPlan>;
  taxesIncluded?: boolean;
  points: number;
}

const CASES: Case[] = [
  { name: 'the rate, of prices that contain tax, as the shipping does', points: 160 },
  { name: 'the rate, of prices that tax is added to', taxesIncluded: false, points: 191 },
  { name: 'a rate below one', earning: { rates: [{ currency: 'EUR', points: 1, perMinor: 1000 }] }, points: 3 },
  { name: 'the shopper’s own currency', earning: { rates: [EUR, { currency: 'USD', points: 3, perMinor: 100 }] }, plan: { currency: 'USD', countryCode: 'US' }, points: 124 },
  { name: 'a currency without minor units', earning: { rates: [EUR, { currency: 'JPY', points: 1, perMinor: 20 }] }, plan: { currency: 'JPY', countryCode: 'JP' }, points: 283 },
  { name: 'a currency of three decimals', earning: { rates: [EUR, { currency: 'KWD', points: 7, perMinor: 1000 }] }, plan: { currency: 'KWD', countryCode: 'KW' }, taxesIncluded: false, points: 90 },
  {
    name: 'multipliers of a product and of a collection, the best a line',
    earning: { multipliers: [multiplier('tea', 30_000, { kind: 'products', productIds: [TEA] }), multiplier('mugs', 20_000, { kind: 'collections', collectionIds: [MUGS.id] })] },
    plan: { cart: { [of(TEA)]: 1, [of(MUG)]: 2, [of(BOOK)]: 1 } },
    points: 580,
  },
  { name: 'a product that is excluded', earning: { multipliers: [multiplier('no', 0, { kind: 'products', productIds: [TEA] })] }, points: 29 },
  { name: 'the tier', tiers: TIERS, points: 200 },
  { name: 'the bonus of a threshold', earning: { thresholdBonuses: [{ id: 'x', currency: 'EUR', minimumMinor: 30_00, points: 77 }] }, points: 237 },
  { name: 'no bonus where tax makes up what is missing', earning: { thresholdBonuses: [{ id: 'x', currency: 'EUR', minimumMinor: 33_00, points: 77 }] }, points: 160 },
  { name: 'the cap', earning: { maximumPointsAnOrder: 100 }, points: 100 },
  { name: 'a code off the order', plan: { code: 'TENTH' }, points: 144 },
  { name: 'a code off some goods', plan: { code: 'MUG', cart: { [of(TEA)]: 1, [of(MUG)]: 1 } }, taxesIncluded: false, points: 114 },
  { name: 'a code off the shipping', plan: { code: 'FREIGHT' }, points: 160 },
  { name: 'a gift card, which earns nothing', plan: { cart: { [of(TEA)]: 1, [of(GIFT_CARD)]: 1 } }, taxesIncluded: false, points: 52 },
];

describe('what a checkout will earn', () => {
  it.each(CASES)('is what its order then earns, by $name', async ({ earning = {}, tiers = null, plan = {}, taxesIncluded = true, points }) => {
    store.save('shop', { ...store.shop, taxesIncluded });
    await shop.saveProgram(aProgram({ earning: { rates: [EUR], ...earning }, tiers }), 300);
    await shop.award();
    await reachTiersEarlier();
    const checkout = checkoutOf(plan);
    expect(await estimateOf(checkout.request)).toEqual({ state: 'known', points, who: 'you', texts: {} });
    expect(await earnedBy(checkout.pay().id)).toBe(points);
  });

  it('has the points for a first order where it is one, and for members where nobody is signed in', async () => {
    await shop.owner.query('DELETE FROM orders');
    await shop.saveProgram(aProgram({ earning: { firstOrderPoints: 60, welcomePoints: 10 } }));
    const checkout = checkoutOf({ customerId: ANNA, cart: { [of(TEA)]: 1 } });
    expect([await estimateOf(checkout.request), await estimateOf(checkout.request, null)]).toMatchObject([
      { points: 104, who: 'you' },
      { points: 44, who: 'members' },
    ]);
    expect(await earnedBy(checkout.pay().id)).toBe(104);
  });
});

describe('nothing is told', () => {
  const nothing = (request: EstimateRequest, as?: number | null) => expect(estimateOf(request, as)).resolves.toEqual({ state: 'none' });

  it.each<[string, Program['status']]>([
    ['off', { kind: 'off' }],
    ['paused', { kind: 'paused' }],
    ['being wound down', { kind: 'winding-down', lastRedemptionDay: 40_000 }],
  ])('while the program is %s', async (_name, status) => {
    await shop.saveProgram(aProgram());
    await shop.saveProgram(aProgram({ status }), 1);
    await nothing(checkoutOf({}).request);
    await nothing(checkoutOf({}).request, null);
  });

  it('without a program, to who is excluded, and of a currency that the shop would have to convert', async () => {
    await nothing(checkoutOf({}).request);
    await shop.saveProgram(aProgram(), 300);
    await nothing(checkoutOf({ currency: 'USD' }).request);
    await shop.award();
    await shop.owner.query('UPDATE loyalty_members SET is_excluded = true');
    await nothing(checkoutOf({}).request);
  });

  it('of prices that contain a tax which is still to come', async () => {
    await shop.saveProgram(aProgram());
    const { request } = checkoutOf({});
    await nothing({ ...request, tax: null });
    await shop.owner.query('UPDATE orders SET taxes_included = false');
    expect(await estimateOf({ ...request, tax: null })).toMatchObject({ points: 191 });
  });

  it('where Shopify does not say what a collection holds', async () => {
    await shop.saveProgram(aProgram({ earning: { multipliers: [multiplier('other', 20_000, { kind: 'collections', collectionIds: [99] })] } }));
    shop.app.running.simulator.faults.set({ seed: 1, rules: [{ where: 'graphql', only: 'ProductsInCollections', what: { kind: 'status', status: 503 } }] });
    await nothing(checkoutOf({}).request);
    shop.app.running.simulator.faults.set({ seed: 1, rules: [] });
    expect(await estimateOf(checkoutOf({}).request)).toMatchObject({ points: 160 });
  });

  it('to a shop that is not this one’s', async () => {
    await shop.saveProgram(aProgram());
    const { status, body } = await shop.ask('/api/shopper/estimate', { as: ANNA, domain: OTHER_DOMAIN, method: 'POST', body: checkoutOf({}).request });
    expect([status, body]).toEqual([200, { state: 'none' }]);
  });
});

describe('a question that no checkout asks', () => {
  const LINE = { productId: 'gid://shopify/Product/10', amount: '10.00', isSent: true };
  const GOOD = { currency: 'EUR', lines: [LINE], discounts: [], shipping: null, tax: '0.00', total: '10.00' };

  it.each<[string, unknown]>([
    ['nothing', null],
    ['no lines', { ...GOOD, lines: [] }],
    ['too many lines', { ...GOOD, lines: Array.from({ length: 501 }, () => LINE) }],
    ['a currency of nobody', { ...GOOD, currency: 'ABC' }],
    ['an amount below nothing', { ...GOOD, lines: [{ ...LINE, amount: '-1.00' }] }],
    ['an amount that is too fine', { ...GOOD, total: '10.001' }],
    ['an amount without end', { ...GOOD, total: '9999999999999999' }],
    ['numbers for amounts', { ...GOOD, total: 10 }],
    ['a product of nobody', { ...GOOD, lines: [{ ...LINE, productId: 'gid://shopify/Product/x' }] }],
  ])('is refused: %s', async (_name, request) => {
    expect(await ask(request)).toMatchObject({ status: 400, body: { error: 'request' } });
  });

  it('changes nothing, whatever it claims', async () => {
    await shop.saveProgram(aProgram());
    const rows = async () => (await shop.owner.query('SELECT (SELECT count(*) FROM loyalty_members) + (SELECT count(*) FROM loyalty_entries) AS rows')).rows;
    const before = await rows();
    expect(await ask({ ...GOOD, lines: [{ ...LINE, amount: '999999999.00' }], total: '0.00', later: true })).toMatchObject({ body: { state: 'known', points: 1_000_000_000 } });
    expect(await rows()).toEqual(before);
  });

  it('is of no line’s product where a merchant typed it in', async () => {
    await shop.saveProgram(aProgram());
    expect(await ask({ ...GOOD, lines: [{ ...LINE, productId: null }] })).toMatchObject({ body: { points: 50 } });
  });
});
