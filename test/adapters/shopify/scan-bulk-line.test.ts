import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { lineRows, orderRows, refundRows, fulfillmentRows } from '#app/adapters/db/order-rows.server.ts';
import type { AsText, OrderRecord } from '#app/adapters/shopify/order-record.ts';
import { orderLineSchema, orderSchema } from '#app/adapters/shopify/parse-order.ts';
import { scanOrder, scanOrderLine } from '#app/adapters/shopify/scan-bulk-line.ts';
import { bulkLine, bulkOrder } from '#test/support/bulk-lines.ts';

const money = (amount: string, currencyCode = 'EUR') => ({ shopMoney: { amount, currencyCode } });
const instants = fc.oneof(
  fc.date({ min: new Date('1899-01-01'), max: new Date('2101-01-01'), noInvalidDate: true }).map((at) => `${at.toISOString().slice(0, 19)}Z`),
  fc.constantFrom('2026-02-29T10:00:00Z', '2024-02-29T10:00:00Z', '2026-02-30T10:00:00Z', '2026-04-31T10:00:00Z', '2026-12-31T23:59:59Z', '2026-06-30T24:00:00Z', '2026-06-30T10:00:00+02:00', '2026-06-30T10:00:00.5Z'),
);
const amounts = fc.oneof(
  fc.constantFrom('0.0', '0', '00.10', '.5', '5.', '1000.0', '12.5', '12.50', '12.500', '12.501', '-3.0', '1e3', '', '9007199254740993.0', '99999999999.99', '１.0'),
  fc.tuple(fc.nat(10_000_000), fc.nat(99)).map(([whole, cents]) => `${whole}.${cents}`),
);
const sums = amounts.chain((amount) => fc.constantFrom('EUR', 'EUR', 'EUR', 'JPY', 'KWD', 'XXX').map((currency) => money(amount, currency)));
const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'null', '\\N', 'a"b', 'tab\t', '","', ']', '}', '\u2028', '你好 👩‍👩‍👧', 'x'.repeat(300)));
const ids = (type: string) => fc.oneof(fc.nat().map((id) => `gid://shopify/${type}/${id}`), fc.constantFrom(`gid://shopify/${type}/`, `gid://shopify/${type}/007`, `gid://shopify/${type}/${'9'.repeat(20)}`, 'gid://shopify/Other/7', 7));
const anything = fc.oneof(instants, sums, texts, fc.jsonValue(), fc.constant(undefined));

const orders = fc.record(
  {
    id: ids('Order'), name: texts, processedAt: instants, createdAt: instants, updatedAt: instants, cancelledAt: fc.option(instants),
    test: fc.boolean(), displayFinancialStatus: fc.option(texts), sourceName: fc.option(texts), currencyCode: fc.constantFrom('EUR', 'EUR', 'EUR', 'JPY', 'XXX'),
    discountCodes: fc.oneof(fc.array(texts, { maxLength: 3 }), fc.constant(null)), customer: fc.option(fc.record({ id: ids('Customer') })),
    shippingAddress: fc.constantFrom(null, { countryCodeV2: null, provinceCode: 'BE' }, { countryCodeV2: '', provinceCode: 'X' }, { countryCodeV2: 'US', provinceCode: null }),
    billingAddress: fc.constantFrom(null, { countryCodeV2: 'FR', provinceCode: null }, { countryCodeV2: null, provinceCode: null }),
    subtotalPriceSet: fc.option(fc.tuple(sums, sums).map(([shop, seen]) => ({ ...shop, presentmentMoney: seen.shopMoney }))), currentTotalPriceSet: sums,
    currentShippingPriceSet: fc.constantFrom(money('0.0'), money('1.5'), money('3.0'), money('3.00')),
    shippingLine: fc.oneof(
      fc.constantFrom(null, {}, { taxLines: [] }),
      fc.record({
        discountedPriceSet: fc.constantFrom(money('0.0'), money('3.0')),
        taxLines: fc.constantFrom([], [{ priceSet: money('0.48') }, { priceSet: money('0.1') }], [{ priceSet: money('1', 'JPY') }]),
        discountAllocations: fc.array(fc.record({ allocatedAmountSet: sums, discountApplication: fc.record({ __typename: fc.constantFrom('DiscountCodeApplication', 'AutomaticDiscountApplication', 'x"y') }) }), { maxLength: 3 }),
      }),
    ),
    refunds: fc.oneof(fc.constant([]), fc.array(fc.record({ id: ids('Refund'), createdAt: fc.option(instants), totalRefundedSet: sums }), { maxLength: 3 })),
    fulfillments: fc.array(fc.record({ id: ids('Fulfillment'), status: texts, createdAt: instants, deliveredAt: fc.option(instants) }), { maxLength: 3 }),
    transactions: fc.array(
      fc.record({ kind: fc.oneof(texts, fc.constantFrom('SALE', 'CAPTURE', 'REFUND')), status: fc.constantFrom('SUCCESS', 'PENDING'), processedAt: fc.option(instants) }),
      { maxLength: 3 },
    ),
    presentmentCurrencyCode: fc.oneof(texts, fc.constantFrom('EUR', 'JPY', 'KWD')), taxesIncluded: fc.boolean(),
  },
);
/** A line of which up to three fields are drawn, and now and then one is anything at all. */
function linesFrom(line: Record<string, unknown>, drawn: fc.Arbitrary<object>): fc.Arbitrary<Record<string, unknown>> {
  const names = Object.keys(line);
  const odd = fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, fc.dictionary(fc.constantFrom(...names), anything, { maxKeys: 1, noNullPrototype: true }));
  return fc.tuple(drawn, fc.subarray(names, { maxLength: 3 }), odd).map(([fields, kept, others]) => {
    const changed = Object.entries(fields).filter(([name]) => kept.includes(name));
    return { ...line, ...Object.fromEntries(changed), ...others };
  });
}

/** As the database would see it: an amount of `007` is 7, and so many zeros of a second say nothing. */
const asRead = (rows: Iterable<string>): string[] =>
  [...rows].map((row) => row.replaceAll(/(?<=\t)0+(?=\d+[\t\n])/g, '').replaceAll('.000Z', 'Z'));
const rowsOf = (order: AsText<OrderRecord>) => asRead([...orderRows(1, [order], null), ...refundRows(1, [order]), ...fulfillmentRows(1, [order])]);

describe('a line that is scanned and not parsed', () => {
  it('comes to the rows that the schema’s record comes to, or is left to the schema: orders', () => {
    let scanned = 0;
    fc.assert(
      fc.property(linesFrom(bulkOrder(1), orders), (order) => {
        const found = scanOrder(JSON.stringify(order));
        if (found === null) return;
        scanned += 1;
        expect(found.gid).toBe(order['id']);
        const parsed = orderSchema.safeParse(JSON.parse(JSON.stringify(order)));
        expect(parsed.success && rowsOf(parsed.data)).toEqual(rowsOf(found.order));
      }),
      { numRuns: 6_000 },
    );
    expect(scanned).toBeGreaterThan(1_000);
  });

  it('comes to the rows that the schema’s record comes to, or is left to the schema: lines', () => {
    let scanned = 0;
    const drawn = fc.record(
      { id: ids('LineItem'), title: texts, sku: fc.option(texts), quantity: fc.oneof(fc.nat(9), fc.double(), fc.constant(4e9)), product: fc.option(fc.record({ id: ids('Product') })), variant: fc.option(fc.record({ id: ids('ProductVariant') })), originalTotalSet: sums, __parentId: ids('Order') },
    );
    fc.assert(
      fc.property(linesFrom(bulkLine(1, 1), drawn), (line) => {
        const found = scanOrderLine(JSON.stringify(line));
        if (found === null) return;
        scanned += 1;
        expect(found.parentGid).toBe(line['__parentId']);
        const parsed = orderLineSchema.safeParse(JSON.parse(JSON.stringify(line)));
        const row = (one: Parameters<typeof lineRows>[1]) => asRead(lineRows(1, one));
        expect(parsed.success && row([{ orderId: found.orderId, line: parsed.data }])).toEqual(row([found]));
      }),
      { numRuns: 4_000 },
    );
    expect(scanned).toBeGreaterThan(1_000);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['one that was cut', JSON.stringify(bulkOrder(1)).slice(0, -1)],
    ['one with a field more', `${JSON.stringify(bulkOrder(1)).slice(0, -1)},"more":1}`],
    ['two in one', JSON.stringify(bulkOrder(1)).repeat(2)],
  ])('is left to the schema when it is no such line: %s', (_what, text) => {
    expect(scanOrder(text)).toBeNull();
    expect(scanOrderLine(text)).toBeNull();
  });
});
