import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseCustomer } from '#app/adapters/shopify/parse-customer.ts';
import { numericId } from '#app/adapters/shopify/gid.ts';
import { parseOrder, parseOrderLine } from '#app/adapters/shopify/parse-order.ts';
import { ShopifyRecordError } from '#app/adapters/shopify/record-schemas.ts';
import { bulkLine, bulkOrder } from '#test/support/bulk-lines.ts';

const money = (amount: string, currencyCode = 'EUR') => ({ shopMoney: { amount, currencyCode } });
const seen = (shop: string, amount: string, currencyCode: string) => ({ ...money(shop), presentmentMoney: { amount, currencyCode } });
const CUSTOMER = { id: 'gid://shopify/Customer/7', createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z', state: 'ENABLED', locale: 'en', numberOfOrders: '3' };

describe('an order', () => {
  it('is read with its amounts in minor units of its currency', () => {
    expect(parseOrder(bulkOrder(5))).toMatchObject({
      orderId: 5n,
      customerId: 7n,
      currency: 'EUR',
      countryCode: 'DE',
      currentSubtotalMinor: 1400,
      shippingTaxMinor: 48,
      receivedMinor: 2700,
      refunds: [{ refundId: 51n, refundedMinor: 1000 }],
      fulfillments: [{ fulfillmentId: 52n, deliveredAt: null }],
    });
  });

  it.each([
    ['JPY', '1000.0', 1000],
    ['KWD', '1.234', 1234],
    ['EUR', '-0.01', -1],
    ['EUR', '90071992547409.91', 9_007_199_254_740_991],
  ])('in %s has %s as %i', (currencyCode, amount, minor) => {
    const sets = Object.keys(bulkOrder(1)).filter((key) => key.endsWith('Set'));
    const amounts = Object.fromEntries(sets.map((key) => [key, { ...money('0', currencyCode), presentmentMoney: { amount: '0', currencyCode } }]));
    const order = bulkOrder(1, { ...amounts, currencyCode, shippingLine: null, refunds: [], totalReceivedSet: money(amount, currencyCode) });
    expect(parseOrder(order)).toMatchObject({ currency: currencyCode, receivedMinor: minor });
  });

  it.each([
    ['150000', 'IDR', 15_000_000],
    ['3600.0', 'JPY', 3600],
    ['7.381', 'KWD', 7381],
    ['24.0', 'EUR', null],
    ['3600.5', 'JPY', null],
    ['26.0', 'XXX', null],
  ])('has its subtotal as the shopper saw it: %s %s', (amount, presentmentCurrencyCode, minor) => {
    const order = bulkOrder(1, { presentmentCurrencyCode, subtotalPriceSet: seen('24.0', amount, presentmentCurrencyCode) });
    expect(parseOrder(order)).toMatchObject({ subtotalMinor: 2400, presentmentSubtotalMinor: minor });
  });

  it('has none where the amount is in another currency than the shopper paid in', () => {
    const order = bulkOrder(1, { presentmentCurrencyCode: 'JPY', subtotalPriceSet: seen('24.0', '26.0', 'USD') });
    expect(parseOrder(order).presentmentSubtotalMinor).toBeNull();
  });

  it('is placed where it went to, or where it was paid from when it went nowhere', () => {
    const billed = { countryCodeV2: 'FR', provinceCode: null };
    expect(parseOrder(bulkOrder(1, { billingAddress: billed })).countryCode).toBe('DE');
    expect(parseOrder(bulkOrder(1, { shippingAddress: null, billingAddress: billed })).countryCode).toBe('FR');
    expect(parseOrder(bulkOrder(1, { shippingAddress: { countryCodeV2: null, provinceCode: 'BE' }, billingAddress: null })).countryCode).toBeNull();
  });

  it.each<[string, [string, string][], number]>([
    ['nothing', [], 0],
    ['a code', [['DiscountCodeApplication', '5.0']], 500],
    ['a code, off two parcels', [['DiscountCodeApplication', '5.0'], ['DiscountCodeApplication', '1.25']], 625],
    ['a discount without a code', [['AutomaticDiscountApplication', '5.0']], 0],
    ['staff and a code', [['ManualDiscountApplication', '2.0'], ['DiscountCodeApplication', '3.0']], 300],
    ['what Shopify has thought of since', [['NewApplication', '5.0']], 0],
  ])('has what codes took off its shipping: %s', (_what, taken, minor) => {
    const discountAllocations = taken.map(([__typename, amount]) => ({ allocatedAmountSet: money(amount), discountApplication: { __typename } }));
    expect(parseOrder(bulkOrder(1, { shippingLine: { discountedPriceSet: money('0.0'), taxLines: [], discountAllocations } })).shippingCodeDiscountMinor).toBe(minor);
  });

  it('has nothing off its shipping where nothing is shipped', () => {
    expect(parseOrder(bulkOrder(1, { shippingLine: null })).shippingCodeDiscountMinor).toBe(0);
  });

  it.each([
    ['in another currency', [{ allocatedAmountSet: money('5.0', 'USD'), discountApplication: { __typename: 'DiscountCodeApplication' } }]],
    ['beyond all bounds', ['1', '2'].map(() => ({ allocatedAmountSet: money('90071992547409.91'), discountApplication: { __typename: 'DiscountCodeApplication' } }))],
    ['of which nothing is told', null],
  ])('is refused with a discount on shipping %s', (_what, discountAllocations) => {
    expect(() => parseOrder(bulkOrder(1, { shippingLine: { discountedPriceSet: money('0.0'), taxLines: [], discountAllocations } }))).toThrow(ShopifyRecordError);
  });

  it.each<[string, [string, string, string | null][], string | null]>([
    ['nothing has come', [], null],
    ['money is only held', [['AUTHORIZATION', 'SUCCESS', '01']], null],
    ['a transfer is awaited', [['SALE', 'PENDING', null]], null],
    ['a card failed before it went through', [['SALE', 'FAILURE', '01'], ['SALE', 'SUCCESS', '02']], '02'],
    ['what was held was taken', [['AUTHORIZATION', 'SUCCESS', '01'], ['CAPTURE', 'SUCCESS', '09']], '09'],
    ['it came in parts, listed in whatever order', [['SALE', 'SUCCESS', '21'], ['SALE', 'SUCCESS', '05'], ['SALE', 'PENDING', '28']], '21'],
    ['some of it went back later', [['SALE', 'SUCCESS', '02'], ['CHANGE', 'SUCCESS', '03'], ['REFUND', 'SUCCESS', '20'], ['VOID', 'SUCCESS', '21']], '02'],
    ['Shopify does not say when', [['SALE', 'SUCCESS', null]], null],
  ])('was paid when the last of its money came: %s', (_what, listed, day) => {
    const transactions = listed.map(([kind, status, on]) => ({ kind, status, processedAt: on === null ? null : `2026-03-${on}T09:30:00Z` }));
    expect(parseOrder(bulkOrder(1, { transactions })).paidAt).toEqual(day === null ? null : new Date(`2026-03-${day}T09:30:00Z`));
  });

  it.each([
    ['half of it refunded', '1.5', '3.0', 24],
    ['all of it refunded', '0.0', '3.0', 0],
    ['shipping that was free', '0.0', '0.0', 0],
  ])('has the tax of the shipping that is still charged: %s', (_what, current, ordered, tax) => {
    const order = bulkOrder(1, { currentShippingPriceSet: money(current), shippingLine: { discountedPriceSet: money(ordered), taxLines: [{ priceSet: money('0.48') }], discountAllocations: [] } });
    expect(parseOrder(order).shippingTaxMinor).toBe(tax);
  });

  it('lets values through that Shopify will think of later, and lacks what it may lack', () => {
    const bare = bulkOrder(1, { customer: null, refunds: [], fulfillments: [], discountCodes: [], shippingLine: null, subtotalPriceSet: null, displayFinancialStatus: 'SOMETHING_NEW' });
    expect(parseOrder(bare)).toMatchObject({ customerId: null, refunds: [], discountCodes: [], subtotalMinor: 0, financialStatus: 'SOMETHING_NEW' });
  });

  it.each(Object.keys(bulkOrder(1)))('without %s is refused, since a field that is missing says nothing', (field) => {
    const order = bulkOrder(1);
    delete order[field];
    expect(() => parseOrder(order)).toThrow(ShopifyRecordError);
  });

  it.each(['refunds', 'fulfillments', 'transactions', 'discountCodes'])('is refused with null for its list of %s, which could be lost that way', (field) => {
    expect(() => parseOrder(bulkOrder(1, { [field]: null }))).toThrow(ShopifyRecordError);
  });

  it('is refused with the name of a field and never with its value', () => {
    const secret = 'someone@example.com';
    for (const key of Object.keys(bulkOrder(1))) {
      for (const value of [secret, { shopMoney: { amount: secret, currencyCode: secret } }, [secret], 17]) {
        try {
          parseOrder(bulkOrder(1, { [key]: value }));
        } catch (error) {
          expect(error).toBeInstanceOf(ShopifyRecordError);
          expect(String(error)).not.toContain(secret);
        }
      }
    }
  });
});

describe('any input', () => {
  const oddity = fc.oneof(fc.jsonValue(), fc.constantFrom(money('-9.0'), money('1', 'JPY'), money('90071992547409.91'), '0000-01-01T00:00:00Z', 2 ** 40));

  it.each([
    ['order', parseOrder, bulkOrder(1)],
    ['line', parseOrderLine, bulkLine(1, 2)],
    ['customer', parseCustomer, CUSTOMER],
  ] as const)('is read as a %s or refused, and nothing else', (_what, parseIt, base) => {
    const change = fc.dictionary(fc.constantFrom(...Object.keys(base)), oddity, { maxKeys: 3 });
    fc.assert(
      fc.property(change, (fields) => {
        let record: object;
        try {
          record = parseIt({ ...base, ...fields });
        } catch (error) {
          expect(error).toBeInstanceOf(ShopifyRecordError);
          return;
        }
        // Whatever is read fits the columns it goes to.
        for (const [name, value] of Object.entries(record)) {
          if (name.endsWith('Minor') && (name !== 'presentmentSubtotalMinor' || value !== null)) expect(Number.isSafeInteger(value), name).toBe(true);
          if (value instanceof Date) expect(value.toISOString()).toMatch(/^(19|[2-9]\d)\d\d-/);
          if (name === 'quantity' || name === 'numberOfOrders') expect(value).toBe(Number(value) | 0);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('has an id of 63 bits or none', () => {
    expect(numericId('gid://shopify/Order/9223372036854775807')).toBe(2n ** 63n - 1n);
    expect(numericId('gid://shopify/Refund/5?order=7')).toBe(5n);
    for (const wrong of ['gid://shopify/Order/9223372036854775808', 'gid://shopify/Order/', 'gid://shopify/Order/-1', 'gid://other/Order/1', '1', 'gid://shopify/Order/1\n']) {
      expect(numericId(wrong), wrong).toBeNull();
    }
  });

  it.each([null, '', true, [], '1.5', '-1', 'x', '3000000000'])('has no number of orders in %j', (numberOfOrders) => {
    expect(() => parseCustomer({ ...CUSTOMER, numberOfOrders })).toThrow(ShopifyRecordError);
  });
});
