import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import { ANYBODY } from '#app/domain/offers/offer-rule.ts';
import { insertOrder } from '#test/services/offers/offer-orders.ts';
import { aRule, offering } from '#test/services/offers/offering.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { ask, EVERY_ORDER, offerOf, openCheckoutShop } from './checkout-shop.ts';
import type { CheckoutShop } from './checkout-shop.ts';

const DAY_MS = 86_400_000;
const percent = (basisPoints: number) => ({ grant: { kind: 'percent', basisPoints } as const });

let checkout: CheckoutShop;
let lastOrderId = 8_000;

beforeAll(async () => {
  checkout = await openCheckoutShop();
  await checkout.owner.query("UPDATE shops SET currency = 'EUR', iana_time_zone = 'Europe/Berlin'");
});
beforeEach(() => checkout.reset());
afterAll(() => checkout.stop());

interface Placed {
  customerId?: number | null;
  subtotalMinor?: number;
  countryCode?: string;
  provinceCode?: string;
  productId?: number;
  /** So many days ago. */
  daysAgo?: number;
}

async function place({ customerId = 100, subtotalMinor = 1_000, countryCode, provinceCode, productId, daysAgo = 0 }: Placed = {}): Promise<string> {
  const { owner, context } = checkout;
  const orderId = (lastOrderId += 1);
  await insertOrder(owner, context.shop.shopId, { orderId, customerId, createdAt: new Date(Date.now() - daysAgo * DAY_MS) });
  await owner.query('UPDATE orders SET subtotal_minor = $2, current_subtotal_minor = $2, country_code = $3, province_code = $5, financial_status = $4, refunded_minor = 0 WHERE order_id = $1', [orderId, subtotalMinor, countryCode ?? null, 'PAID', provinceCode ?? null]);
  if (productId !== undefined) {
    await owner.query(
      `INSERT INTO order_lines (shop_id, order_id, line_id, product_id, title, quantity, current_quantity, original_total_minor, discounted_total_minor)
       VALUES ($1, $2, 1, $3, 'Tea', 1, 1, $4, $4)`,
      [context.shop.shopId, orderId, productId, subtotalMinor],
    );
  }
  return String(orderId);
}

/** What is decided about an order: its page asks again until somebody has, also when the app is in trouble for a moment. */
function decided(orderId: string): Promise<NextOrderOffer> {
  return waitFor(
    'a decision',
    async () => {
      const response = await ask({ orderId });
      if (response.status !== 200) return undefined;
      const answer: NextOrderOffer = await response.json();
      return answer.state !== 'pending' || answer.isPromised === true ? answer : undefined;
    },
    { timeoutMs: 30_000 },
  );
}

/** What an order is given in the end; the worker is at it. */
async function given(orderId: string) {
  const first = await offerOf({ orderId });
  if (first.state !== 'pending') return first;
  await checkout.issueAll();
  return offerOf({ orderId });
}

describe('by its rules a shop gives', () => {
  it('the first that fits: by country or province, by product, by what the order came to', async () => {
    await checkout.save(
      offering([
        aRule({ conditions: { ...ANYBODY, countries: ['FR', 'US-CA'] }, ...percent(1_000) }),
        aRule({ ruleId: '22222222-2222-4222-8222-222222222222', conditions: { ...ANYBODY, products: ['77'] }, ...percent(1_100) }),
        aRule({ ruleId: '33333333-3333-4333-8333-333333333333', conditions: { ...ANYBODY, leastSubtotalMinor: 5_000 }, ...percent(1_200) }),
      ]),
    );
    expect(await given(await place({ countryCode: 'FR', productId: 77 }))).toMatchObject({ percentBasisPoints: 1_000 });
    expect(await given(await place({ countryCode: 'US', provinceCode: 'CA' }))).toMatchObject({ percentBasisPoints: 1_000 });
    expect(await given(await place({ countryCode: 'US', provinceCode: 'NY' }))).toEqual({ state: 'none' });
    expect(await given(await place({ countryCode: 'DE', productId: 77 }))).toMatchObject({ percentBasisPoints: 1_100 });
    expect(await given(await place({ subtotalMinor: 5_000 }))).toMatchObject({ percentBasisPoints: 1_200 });
    expect(await given(await place({ countryCode: 'DE', subtotalMinor: 4_999 }))).toEqual({ state: 'none' });
  });

  it('an amount, with a minimum, told as what it is', async () => {
    await checkout.save(offering([aRule({ grant: { kind: 'amount', amountMinor: 500 }, minimumSubtotalMinor: 2_000 })]));
    expect(await given(await place())).toMatchObject({
      state: 'granted',
      gives: { kind: 'amount', amount: { amountMinor: 500, currency: 'EUR', decimals: 2 } },
      minimumSubtotal: { amountMinor: 2_000, currency: 'EUR', decimals: 2 },
      code: expect.stringMatching(/^BACK-/),
      isPersonal: false,
      countsDown: false,
    });
  });

  it('free shipping, and for two days with a countdown from the answer to the very end', async () => {
    await checkout.save(offering([aRule({ grant: { kind: 'free-shipping' }, validity: { kind: 'hours', hours: 48 } })]));
    const beforeMs = Math.floor(Date.now() / 1_000) * 1_000;
    const offer = await given(await place());
    expect(offer).toMatchObject({ state: 'granted', gives: { kind: 'free-shipping' }, countsDown: true });
    const { rows } = await checkout.owner.query('SELECT ends_at FROM offer_discounts');
    expect(rows.map(({ ends_at }) => Date.parse(offer.state === 'granted' ? offer.endsAt : '') - ends_at.getTime())).toEqual([0]);
    const asOfMs = Date.parse((offer.state === 'granted' && offer.asOf) || '');
    expect(asOfMs).toBeGreaterThanOrEqual(beforeMs);
    expect(asOfMs).toBeLessThanOrEqual(Date.now());
  });

  it('a percentage for two days with the countdown too', async () => {
    await checkout.save(offering([aRule({ validity: { kind: 'hours', hours: 48 } })]));
    expect(await given(await place())).toMatchObject({ state: 'granted', gives: { kind: 'percent', percentBasisPoints: 1_500 }, countsDown: true });
  });

  it('an amount in the currency of the shop, also for an order of when it had another', async () => {
    await checkout.save(offering([aRule({ grant: { kind: 'amount', amountMinor: 500 }, minimumSubtotalMinor: 2_000 })]));
    const orderId = await place();
    await checkout.owner.query("UPDATE orders SET currency = 'JPY' WHERE order_id = $1", [orderId]);
    expect(await given(orderId)).toMatchObject({ gives: { amount: { amountMinor: 500, currency: 'EUR', decimals: 2 } } });
    const { rows } = await checkout.owner.query('SELECT currency FROM offer_discounts');
    expect(rows).toEqual([{ currency: 'EUR' }]);
  });

  it('store credit once an order, on record before it is given; to a guest the next rule', async () => {
    const credit = aRule({ grant: { kind: 'store-credit', amountMinor: 500 } });
    await checkout.save(offering([credit, aRule({ ruleId: '22222222-2222-4222-8222-222222222222' })]));
    const orderId = await place();
    const answers = await Promise.all(Array.from({ length: 8 }, () => offerOf({ orderId })));
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['pending']));
    const { rows } = await checkout.owner.query('SELECT rule_id, amount_minor, currency, state FROM offer_credits WHERE order_id = $1', [orderId]);
    expect(rows).toEqual([{ rule_id: credit.ruleId, amount_minor: '500', currency: 'EUR', state: 'intended' }]);
    await checkout.owner.query("UPDATE offer_credits SET state = 'given', given_at = now()");
    expect(await offerOf({ orderId })).toMatchObject({ state: 'granted', gives: { kind: 'store-credit', amount: { amountMinor: 500 } }, code: null });
    await checkout.owner.query("UPDATE offer_credits SET ends_at = now() - interval '1 second'");
    expect(await offerOf({ orderId })).toEqual({ state: 'none' });
    expect(await given(await place({ customerId: null }))).toMatchObject({ state: 'ready', percentBasisPoints: 1_500 });
  });

  it('no more codes than a customer may hold, until one is used or over', async () => {
    await checkout.save({ ...EVERY_ORDER, mostOpenCodes: 1 });
    const first = await given(await place());
    expect(await given(await place())).toEqual({ state: 'none' });
    expect(await given(await place({ customerId: 101 }))).toMatchObject({ state: 'ready' });
    const using = await place();
    await checkout.owner.query('UPDATE orders SET discount_codes = ARRAY[lower($2)] WHERE order_id = $1', [using, first.state === 'ready' ? first.code : '']);
    expect(await given(await place())).toMatchObject({ state: 'ready' });
    expect(await given(await place())).toEqual({ state: 'none' });
    await checkout.owner.query("UPDATE offer_discounts SET ends_at = now() - interval '1 second'");
    await checkout.owner.query("UPDATE offer_discounts SET discount_key = 'over ' || discount_key");
    expect(await given(await place())).toMatchObject({ state: 'ready' });
  });

  it.each([1, 3])('no more than that when they have twenty orders on as many pages at once: %i', async (mostOpenCodes) => {
    await checkout.save({ ...EVERY_ORDER, mostOpenCodes });
    const orderIds: string[] = [];
    for (let index = 0; index < 20; index += 1) orderIds.push(await place());
    const answers = await Promise.all(orderIds.map(decided));
    expect([await checkout.count('offer_codes'), answers.filter(({ state }) => state === 'none').length]).toEqual([mostOpenCodes, 20 - mostOpenCodes]);
  });

  it('the one code of an order on all of its pages, also to who may hold no other', async () => {
    await checkout.save({ ...EVERY_ORDER, mostOpenCodes: 1 });
    const orderId = await place();
    const answers = await Promise.all(Array.from({ length: 20 }, () => decided(orderId)));
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['pending']));
    expect(await checkout.count('offer_codes')).toBe(1);
  });

  it('by tier, as it was when the order was placed', async () => {
    const { owner, context } = checkout;
    const { defaultProgram } = await import('#app/domain/loyalty/program/default-program.ts');
    const usual = defaultProgram({ currency: 'EUR', unitMinor: 100 });
    const program = { ...usual, status: { kind: 'live' } };
    const [lowest, second] = usual.tiers?.levels ?? [];
    await owner.query('INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 1, $2, now())', [context.shop.shopId, JSON.stringify(program)]);
    await owner.query(`INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at) VALUES ($1, 100, now())`, [context.shop.shopId]);
    const { rows } = await owner.query('SELECT member_id FROM loyalty_members WHERE shop_id = $1', [context.shop.shopId]);
    const risesTo = (changeNo: number, at: string) =>
      owner.query(`INSERT INTO loyalty_tier_changes (shop_id, member_id, change_no, tier_id, program_version, effective_at, reason, recorded_at) VALUES ($1, $2, $3, $4, 1, ${at}, '{}', now())`, [
        ...[context.shop.shopId, rows[0]?.member_id, changeNo],
        second?.id,
      ]);
    await checkout.save(offering([aRule({ conditions: { ...ANYBODY, tiers: [second?.id ?? ''] } })]));
    await risesTo(1, "now() + interval '1 hour'");
    expect(await given(await place())).toEqual({ state: 'none' });
    const earlier = await place();
    await checkout.owner.query("UPDATE orders SET processed_at = processed_at - interval '2 hours' WHERE order_id = $1", [earlier]);
    await risesTo(2, "now() - interval '1 hour'");
    expect(await given(earlier)).toEqual({ state: 'none' });
    expect(await given(await place())).toMatchObject({ state: 'ready' });
    await checkout.save(offering([aRule({ conditions: { ...ANYBODY, tiers: [lowest?.id ?? ''] } })]));
    expect(await given(await place({ customerId: 102 }))).toMatchObject({ state: 'ready' });
    expect(await given(await place({ customerId: null }))).toEqual({ state: 'none' });
  });

  it('by segment, as the customer stood the day before; who is asked about waits until it is known', async () => {
    await place({ daysAgo: 3 });
    await place({ daysAgo: 40, customerId: 101 });
    await checkout.owner.query('UPDATE shops SET data_version = data_version + 1');
    await checkout.save(offering([aRule({ conditions: { ...ANYBODY, segments: ['stage-onboarding'] } }), aRule({ ruleId: '22222222-2222-4222-8222-222222222222', ...percent(500) })]));
    const settled = async (orderId: string) => {
      await decided(orderId);
      return given(orderId);
    };
    expect(await settled(await place())).toMatchObject({ percentBasisPoints: 1_500 });
    expect(await settled(await place({ customerId: 101 }))).toMatchObject({ percentBasisPoints: 500 });
    // Their first order today puts nobody among those who had ordered before it.
    expect(await settled(await place({ customerId: 103 }))).toMatchObject({ percentBasisPoints: 500 });
    expect(await settled(await place({ customerId: null }))).toMatchObject({ percentBasisPoints: 500 });
  });

  it('nothing by a segment that was deleted', async () => {
    await checkout.save(offering([aRule({ conditions: { ...ANYBODY, segments: ['99999999-9999-4999-8999-999999999999'] } }), aRule({ ruleId: '22222222-2222-4222-8222-222222222222', ...percent(500) })]));
    expect(await given(await place())).toMatchObject({ percentBasisPoints: 500 });
  });
});

describe('what came of the rules', () => {
  it('is told rule by rule, of orders that count', async () => {
    const { getOfferResults } = await import('#app/services/offers/get-offer-results.server.ts');
    const rule = aRule();
    const credit = aRule({ ruleId: '22222222-2222-4222-8222-222222222222', conditions: { ...ANYBODY, countries: ['FR'] }, grant: { kind: 'store-credit', amountMinor: 500 } });
    await checkout.save(offering([credit, rule], { grossMarginBasisPoints: 6_000 }));
    const codes: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      const offer = await given(await place());
      codes.push(offer.state === 'ready' ? offer.code : '');
    }
    await offerOf({ orderId: await place({ countryCode: 'FR' }) });
    await checkout.owner.query("UPDATE offer_credits SET state = 'given', given_at = now()");
    // One that Shopify did not take is none that was given.
    const refused = await place();
    await offerOf({ orderId: refused });
    await checkout.owner.query("UPDATE offer_codes SET state = 'failed' WHERE order_id = $1", [refused]);
    for (const [index, code] of codes.slice(0, 2).entries()) {
      // Two pieces of 119.00 with 19 % in them, 10 % off, of which one came back.
      const orderId = await place({ subtotalMinor: 21_420, productId: 5 });
      await checkout.owner.query(
        `UPDATE orders SET discount_codes = ARRAY[lower($2)], taxes_included = true, current_subtotal_minor = 10710, current_tax_minor = 1710, shipping_tax_minor = 0, current_total_minor = 10710,
           received_minor = 21420, refunded_minor = 10710, financial_status = 'PARTIALLY_REFUNDED', outstanding_minor = 0, tip_minor = 0, current_shipping_minor = 0, is_test = $3 WHERE order_id = $1`,
        [orderId, code, index === 1],
      );
      await checkout.owner.query('UPDATE order_lines SET original_total_minor = 23800, quantity = 2, current_quantity = 1 WHERE order_id = $1', [orderId]);
    }
    const results = await getOfferResults(checkout.context, null);
    expect(results).toMatchObject({ currency: 'EUR', grossMarginBasisPoints: 6_000, inOtherCurrency: 0 });
    expect(results?.rules).toEqual([
      { ruleId: rule.ruleId, given: 3, codes: 3, used: 1, revenueMinor: 9_000, costMinor: 1_000, marginMinor: 5_000, unknownCosts: 0 },
      { ruleId: credit.ruleId, given: 1, codes: 0, used: null, revenueMinor: null, costMinor: 500, marginMinor: null, unknownCosts: 0 },
    ]);
  });
});
