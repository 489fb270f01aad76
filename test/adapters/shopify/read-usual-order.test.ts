import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { orderLineSchema, orderSchema } from '#app/adapters/shopify/parse-order.ts';
import { readUsualOrder, readUsualOrderLine } from '#app/adapters/shopify/read-usual-order.ts';
import { bulkLine, bulkOrder } from '#test/support/bulk-lines.ts';

const money = (amount: string, currencyCode = 'EUR') => ({ shopMoney: { amount, currencyCode } });
const allocation = (amount: string, __typename = 'DiscountCodeApplication') => ({ allocatedAmountSet: money(amount), discountApplication: { __typename } });
const instants = fc.oneof(
  fc.date({ min: new Date('1899-01-01'), max: new Date('2101-01-01'), noInvalidDate: true }).map((at) => at.toISOString().replace('.000', '')),
  fc.date({ min: new Date('1999-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }).map((at) => `${at.toISOString().slice(0, 19)}Z`),
  fc.constantFrom('2026-02-29T10:00:00Z', '2024-02-29T10:00:00Z', '2026-02-30T10:00:00Z', '2026-04-31T10:00:00Z', '2026-12-31T23:59:59Z', '2026-06-30T24:00:00Z', '2026-06-30T10:00:00+02:00'),
);
const amounts = fc.oneof(
  fc.constantFrom('0.0', '0', '00.10', '.5', '5.', '1000.0', '12.5', '12.50', '12.500', '12.501', '-3.0', '1e3', '', '9007199254740993.0', '99999999999999', '1 0', '１'),
  fc.tuple(fc.nat(10_000_000), fc.nat(99)).map(([whole, cents]) => `${whole}.${cents}`),
).chain((amount) => fc.constantFrom('EUR', 'EUR', 'JPY', 'KWD', 'XXX').map((currency) => money(amount, currency)));
const ids = fc.oneof(fc.nat().map((id) => `gid://shopify/Order/${id}`), fc.constantFrom('gid://shopify/Order/', 'gid://shopify/Order/9007199254740993', `gid://shopify/Order/${'9'.repeat(20)}`, 7, 'x'));
const anything = fc.oneof(instants, amounts, ids, fc.jsonValue(), fc.constant(undefined), fc.constant('text'));

const changesOf = (names: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...names), anything, { maxKeys: 2, noNullPrototype: true });
const usualChanges = fc.record(
  {
    processedAt: instants,
    cancelledAt: instants,
    currentTotalPriceSet: amounts,
    currentShippingPriceSet: fc.constantFrom(money('0.0'), money('1.5'), money('3.0'), money('4.0')),
    shippingLine: fc.oneof(
      fc.constantFrom(null, undefined, { taxLines: [] }),
      fc.record({
        discountedPriceSet: fc.constantFrom(money('0.0'), money('3.0')),
        taxLines: fc.constantFrom([], [{ priceSet: money('0.48') }, { priceSet: money('0.1') }]),
        discountAllocations: fc.constantFrom(null, undefined, [], [allocation('5.0')], [allocation('5.0'), allocation('1.25')], [allocation('5.0', 'AutomaticDiscountApplication')], [allocation('5', 'NewApplication')], [{ allocatedAmountSet: money('5.0') }], [{ ...allocation('5.0'), allocatedAmountSet: money('5', 'JPY') }], [allocation('90071992547409.91'), allocation('90071992547409.91')]),
      }),
    ),
    presentmentCurrencyCode: fc.constantFrom('EUR', 'JPY', 'XXX'),
    subtotalPriceSet: fc.constantFrom(null, money('24.0'), ...['EUR', 'JPY', 'XXX'].map((currencyCode) => ({ ...money('24.0'), presentmentMoney: { amount: '3600.0', currencyCode } }))),
    shippingAddress: fc.constantFrom(null, undefined, { countryCodeV2: null, provinceCode: 'BE' }, { countryCodeV2: 'US' }),
    billingAddress: fc.constantFrom(null, { countryCodeV2: 'FR', provinceCode: null }),
    customer: fc.constantFrom(null, undefined, { id: 'gid://shopify/Customer/5' }),
    discountCodes: fc.constantFrom(null, undefined, [], ['A', 'B']),
    refunds: fc.constantFrom(null, [], [{ id: 'gid://shopify/Refund/5', totalRefundedSet: money('1.0') }]),
    fulfillments: fc.constantFrom(null, [], [{ id: 'gid://shopify/Fulfillment/5', status: 'SUCCESS', createdAt: '2026-01-31T00:00:00Z' }]),
    transactions: fc.constantFrom(null, undefined, [], [{ kind: 'SALE', status: 'SUCCESS', processedAt: null }], [{ kind: 'SALE', status: 'SUCCESS', processedAt: '2026-02-29T10:00:00Z' }]),
  },
  { requiredKeys: [] },
);

describe('the quick reading of a record', () => {
  it('gives what the schema gives, or leaves it to the schema: orders', () => {
    const input = fc.tuple(usualChanges, changesOf(Object.keys(bulkOrder(1)))).map(([usual, odd]) => ({ ...bulkOrder(1), ...usual, ...odd }));
    fc.assert(
      fc.property(input, (order) => {
        const quick = readUsualOrder(order);
        if (quick !== null) expect(orderSchema.safeParse(order)).toEqual({ success: true, data: quick });
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives what the schema gives, or leaves it to the schema: lines', () => {
    const input = changesOf(Object.keys(bulkLine(1, 1))).map((odd) => ({ ...bulkLine(1, 1), ...odd }));
    fc.assert(
      fc.property(input, (line) => {
        const quick = readUsualOrderLine(line);
        if (quick !== null) expect(orderLineSchema.safeParse(line)).toEqual({ success: true, data: quick });
      }),
      { numRuns: 2_000 },
    );
  });

  it('is enough for what Shopify sends on an ordinary day', () => {
    expect(readUsualOrder(bulkOrder(1))).not.toBeNull();
    expect(readUsualOrder(bulkOrder(2, { processedAt: '2026-12-31T23:59:59Z', refunds: [], customer: null }))).not.toBeNull();
    expect(readUsualOrderLine(bulkLine(1, 11))).not.toBeNull();
  });

  it.each([[null], [undefined], ['text'], [[]], [7]])('leaves %j to the schema', (input) => {
    expect(readUsualOrder(input)).toBeNull();
    expect(readUsualOrderLine(input)).toBeNull();
  });
});
