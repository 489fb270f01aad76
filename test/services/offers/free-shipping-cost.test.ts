import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { checkOut } from '#test/support/loyalty/checkout-of-store.ts';
import { aRule, offering } from './offering.ts';
import * as stage from './offering-stage.ts';
import { ask, context, owner, rows, save, shopify } from './offering-stage.ts';

const TEA = 11;

beforeAll(() => stage.startOffering({ orders: 30 }));
afterAll(stage.stopOffering);
beforeEach(() => stage.resetOffering());

/** A code of a rule that gives what is said, and the store's order that it was used on, as it was read into our copy. */
async function useCodeOf(grant: Parameters<typeof aRule>[0], cart: Record<number, number>, currency = 'EUR'): Promise<bigint> {
  const { issueOfferCodes } = await import('#app/services/offers/issue-offer-codes.server.ts');
  const { loadOrdersById } = await import('#app/adapters/shopify/load-records.server.ts');
  const { storeOrders } = await import('#app/services/sync/refresh-order.server.ts');
  await save(offering([aRule(grant)], { grossMarginBasisPoints: 6_000 }));
  await ask(await stage.placeOrder(102));
  await issueOfferCodes(context);
  const [given] = await rows<{ code: string }>("SELECT code FROM offer_codes WHERE state = 'issued'");
  stage.clock.ms += 60_000;
  const order = checkOut(stage.simulator, shopify, { customerId: 102, cart, currency, code: given?.code ?? '' }).pay();
  const orderId = BigInt(order.id);
  const readings = await loadOrdersById(context.admin, [orderId]);
  await storeOrders(context, { readings, removed: new Set() });
  return orderId;
}

async function resultOf(): Promise<unknown> {
  const { getOfferResults } = await import('#app/services/offers/get-offer-results.server.ts');
  return (await getOfferResults(context, null))?.rules[0];
}

describe('what free shipping cost', () => {
  it('is what its code took off the shipping of the orders that it was used on, without the tax in it', async () => {
    const orderId = await useCodeOf({ grant: { kind: 'free-shipping' } }, { [TEA]: 2 });
    // Five dollars of shipping are 4.60 euros, and 20.00 of goods 16.81 without their 19 %: 4.60 are 3.87.
    expect(await rows(`SELECT shipping_code_discount_minor AS taken, current_shipping_minor AS charged FROM orders WHERE order_id = ${orderId}`)).toEqual([{ taken: '460', charged: '0' }]);
    expect(await resultOf()).toMatchObject({ used: 1, revenueMinor: 1_681, costMinor: 387, marginMinor: 1_681 - 672 - 387, unknownCosts: 0 });
  });

  it('is in the currency of the shop, whatever the shopper paid in', async () => {
    const orderId = await useCodeOf({ grant: { kind: 'free-shipping' } }, { [TEA]: 2 }, 'JPY');
    const [order] = await rows<{ taken: string; currency: string; paid: string }>(`SELECT shipping_code_discount_minor AS taken, currency, presentment_currency AS paid FROM orders WHERE order_id = ${orderId}`);
    expect(order).toMatchObject({ currency: 'EUR', paid: 'JPY' });
    // Whole yen on the way there and back.
    expect(Math.abs(Number(order?.taken) - 460)).toBeLessThanOrEqual(1);
  });

  it('is nothing where shipping was free for everybody', async () => {
    await useCodeOf({ grant: { kind: 'free-shipping' } }, { [TEA]: 8 });
    expect(await resultOf()).toMatchObject({ used: 1, costMinor: 0, unknownCosts: 0 });
  });

  it('is not known of an order that was read before discounts on shipping were', async () => {
    const orderId = await useCodeOf({ grant: { kind: 'free-shipping' } }, { [TEA]: 2 });
    await owner.query('UPDATE orders SET shipping_code_discount_minor = NULL WHERE order_id = $1', [orderId]);
    await owner.query('UPDATE shops SET data_version = data_version + 1');
    expect(await resultOf()).toMatchObject({ used: 1, revenueMinor: 1_681, costMinor: null, marginMinor: null, unknownCosts: 1 });
  });

  it('is no part of what a percentage cost', async () => {
    const orderId = await useCodeOf({ grant: { kind: 'percent', basisPoints: 1_000 } }, { [TEA]: 2 });
    expect(await rows(`SELECT shipping_code_discount_minor AS taken, current_shipping_minor AS charged FROM orders WHERE order_id = ${orderId}`)).toEqual([{ taken: '0', charged: '460' }]);
    expect(await resultOf()).toMatchObject({ costMinor: 168 });
  });
});
