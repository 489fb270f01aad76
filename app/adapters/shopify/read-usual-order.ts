import { numericId } from '#app/adapters/shopify/gid.ts';
import type { FulfillmentRecord, OrderLineRecord, OrderRecord, RefundRecord } from '#app/adapters/shopify/order-record.ts';
import { paidAtOf } from '#app/adapters/shopify/paid-at.ts';
import { shippingCodeDiscountOf } from '#app/adapters/shopify/shipping-code-discount.ts';
import { currencyExponent } from '#app/domain/money/currency.ts';

/*
 * Orders and lines as nearly all of them are, read several times faster than the schemas of parse-order.ts do. Whatever
 * is not plainly right comes out as null, and the schemas decide: they alone say what is let in and what is wrong. A
 * field that is missing is not plainly right, since all of them were asked for.
 */

/** Thrown for what the schemas should look at. One for all, because making one costs a stack trace. */
class UnusualError extends Error {
  override name = 'UnusualError';
}
const UNUSUAL = new UnusualError('for the schemas to judge');

type Fields = Readonly<Record<string, unknown>>;

/** What `parseOrder` would give, or null when that has to be asked. */
export function readUsualOrder(input: unknown): OrderRecord | null {
  return unlessUnusual(() => orderOf(fieldsOf(input)));
}

/** The same for `parseOrderLine`. */
export function readUsualOrderLine(input: unknown): OrderLineRecord | null {
  return unlessUnusual(() => orderLineOf(fieldsOf(input)));
}

function unlessUnusual<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error === UNUSUAL) return null;
    throw error;
  }
}

function orderOf(order: Fields): OrderRecord {
  const currency = textOf(order['currencyCode']);
  const exponent = exponentOf(currency);
  const minor = (name: string): number => minorOf(order[name], currency, exponent);
  const shippingPlace = placeOf(order['shippingAddress']);
  const billingPlace = placeOf(order['billingAddress']);
  const { countryCode, provinceCode } = shippingPlace.countryCode ? shippingPlace : billingPlace;
  const currentShippingMinor = minor('currentShippingPriceSet');
  return {
    orderId: idOf(order['id']),
    name: textOf(order['name']),
    customerId: ownerIdOf(order['customer']),
    processedAt: instantOf(order['processedAt']),
    createdAt: instantOf(order['createdAt']),
    updatedAt: instantOf(order['updatedAt']),
    cancelledAt: optionalInstantOf(order['cancelledAt']),
    paidAt: paidAtOf(listOf(order['transactions'], (transaction) => transactionOf(fieldsOf(transaction)))),
    isTest: flagOf(order['test']),
    financialStatus: optionalTextOf(order['displayFinancialStatus']),
    fulfillmentStatus: optionalTextOf(order['displayFulfillmentStatus']),
    sourceName: optionalTextOf(order['sourceName']),
    countryCode,
    provinceCode,
    currency,
    presentmentCurrency: textOf(order['presentmentCurrencyCode']),
    taxesIncluded: flagOf(order['taxesIncluded']),
    subtotalMinor: order['subtotalPriceSet'] === null ? 0 : minor('subtotalPriceSet'),
    currentSubtotalMinor: minor('currentSubtotalPriceSet'),
    currentTaxMinor: minor('currentTotalTaxSet'),
    currentShippingMinor,
    shippingTaxMinor: shippingTaxOf(order, { currentShippingMinor, currency, exponent }),
    shippingCodeDiscountMinor: codeDiscountOnShipping(optionalFieldsOf(order['shippingLine']), currency, exponent),
    tipMinor: minor('totalTipReceivedSet'),
    currentTotalMinor: minor('currentTotalPriceSet'),
    receivedMinor: minor('totalReceivedSet'),
    refundedMinor: minor('totalRefundedSet'),
    outstandingMinor: minor('totalOutstandingSet'),
    presentmentSubtotalMinor: presentmentSubtotalOf(order, currency),
    discountCodes: listOf(order['discountCodes'], textOf),
    refunds: listOf(order['refunds'], (refund) => refundOf(fieldsOf(refund), currency, exponent)),
    fulfillments: listOf(order['fulfillments'], (fulfillment) => fulfillmentOf(fieldsOf(fulfillment))),
  };
}

/** In the shop's currency, or in another where it is plainly right. */
function presentmentSubtotalOf(order: Fields, currency: string): number | null {
  const subtotal = optionalFieldsOf(order['subtotalPriceSet']);
  if (subtotal === null) return null;
  const money = fieldsOf(subtotal['presentmentMoney']);
  const [amount, itsCurrency] = [textOf(money['amount']), textOf(money['currencyCode'])];
  const presentmentCurrency = textOf(order['presentmentCurrencyCode']);
  if (presentmentCurrency === currency) return null;
  if (itsCurrency !== presentmentCurrency) throw UNUSUAL;
  return minorUnitsIn(amount, exponentOf(itsCurrency));
}

function shippingTaxOf(
  order: Fields,
  { currentShippingMinor, currency, exponent }: { currentShippingMinor: number; currency: string; exponent: number },
): number {
  const shippingLine = optionalFieldsOf(order['shippingLine']);
  if (shippingLine === null) return 0;
  const orderedMinor = minorOf(shippingLine['discountedPriceSet'], currency, exponent);
  const { taxLines } = shippingLine;
  if (!Array.isArray(taxLines)) throw UNUSUAL;
  let taxMinor = 0;
  for (const line of taxLines) taxMinor += minorOf(fieldsOf(line)['priceSet'], currency, exponent);
  if (orderedMinor === 0 || taxMinor === 0) return 0;
  if (orderedMinor !== currentShippingMinor || !Number.isSafeInteger(taxMinor)) throw UNUSUAL;
  return taxMinor;
}

function codeDiscountOnShipping(shippingLine: Fields | null, currency: string, exponent: number): number {
  if (shippingLine === null) return 0;
  const discountMinor = shippingCodeDiscountOf(
    listOf(shippingLine['discountAllocations'], (allocation) => {
      const { allocatedAmountSet, discountApplication } = fieldsOf(allocation);
      return { kind: textOf(fieldsOf(discountApplication)['__typename']), minor: minorOf(allocatedAmountSet, currency, exponent) };
    }),
  );
  if (!Number.isSafeInteger(discountMinor)) throw UNUSUAL;
  return discountMinor;
}

interface Place {
  countryCode: string | null;
  provinceCode: string | null;
}

const NO_PLACE: Place = { countryCode: null, provinceCode: null };

function placeOf(value: unknown): Place {
  const address = optionalFieldsOf(value);
  if (address === null) return NO_PLACE;
  return { countryCode: optionalTextOf(address['countryCodeV2']), provinceCode: optionalTextOf(address['provinceCode']) };
}

function refundOf(refund: Fields, currency: string, exponent: number): RefundRecord {
  return {
    refundId: idOf(refund['id']),
    createdAt: optionalInstantOf(refund['createdAt']),
    refundedMinor: minorOf(refund['totalRefundedSet'], currency, exponent),
  };
}

function fulfillmentOf(fulfillment: Fields): FulfillmentRecord {
  return {
    fulfillmentId: idOf(fulfillment['id']),
    status: textOf(fulfillment['status']),
    createdAt: instantOf(fulfillment['createdAt']),
    deliveredAt: optionalInstantOf(fulfillment['deliveredAt']),
  };
}

function transactionOf(transaction: Fields) {
  return {
    kind: textOf(transaction['kind']),
    status: textOf(transaction['status']),
    processedAt: optionalInstantOf(transaction['processedAt']),
  };
}

function orderLineOf(line: Fields): OrderLineRecord {
  return {
    lineId: idOf(line['id']),
    productId: ownerIdOf(line['product']),
    variantId: ownerIdOf(line['variant']),
    title: textOf(line['title']),
    sku: optionalTextOf(line['sku']),
    quantity: quantityOf(line['quantity']),
    currentQuantity: quantityOf(line['currentQuantity']),
    originalTotalMinor: minorOfAnyCurrency(line['originalTotalSet']),
    discountedTotalMinor: minorOfAnyCurrency(line['discountedTotalSet']),
    isGiftCard: flagOf(line['isGiftCard']),
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): Fields {
  if (!isFields(value)) throw UNUSUAL;
  return value;
}

function optionalFieldsOf(value: unknown): Fields | null {
  return value === null ? null : fieldsOf(value);
}

function listOf<T>(value: unknown, read: (item: unknown) => T): T[] {
  if (!Array.isArray(value)) throw UNUSUAL;
  return value.length === 0 ? [] : value.map((item: unknown) => read(item));
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw UNUSUAL;
  return value;
}

function optionalTextOf(value: unknown): string | null {
  return value === null ? null : textOf(value);
}

function flagOf(value: unknown): boolean {
  if (typeof value !== 'boolean') throw UNUSUAL;
  return value;
}

const MAX_QUANTITY = 2 ** 31 - 1;

function quantityOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > MAX_QUANTITY) throw UNUSUAL;
  return value;
}

function idOf(value: unknown): bigint {
  const id = numericId(textOf(value));
  if (id === null) throw UNUSUAL;
  return id;
}

function ownerIdOf(value: unknown): bigint | null {
  return value === null ? null : idOf(fieldsOf(value)['id']);
}

const USUAL_INSTANT = /^(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const LATE_IN_MONTH = /^(?:19|20)\d\d-(?:(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** As Shopify writes them, in UTC and without fractions; the 29th of February is for the schema to look up. */
function instantOf(value: unknown): Date {
  const text = textOf(value);
  if (!USUAL_INSTANT.test(text) && !LATE_IN_MONTH.test(text)) throw UNUSUAL;
  return new Date(text);
}

function optionalInstantOf(value: unknown): Date | null {
  return value === null ? null : instantOf(value);
}

function exponentOf(currency: string): number {
  const exponent = currencyExponent(currency);
  if (exponent === null) throw UNUSUAL;
  return exponent;
}

function minorOf(value: unknown, currency: string, exponent: number): number {
  const money = fieldsOf(fieldsOf(value)['shopMoney']);
  if (money['currencyCode'] !== currency) throw UNUSUAL;
  return minorUnitsIn(textOf(money['amount']), exponent);
}

function minorOfAnyCurrency(value: unknown): number {
  const money = fieldsOf(fieldsOf(value)['shopMoney']);
  return minorUnitsIn(textOf(money['amount']), exponentOf(textOf(money['currencyCode'])));
}

const DIGIT_0 = 0x30;
const POINT = 0x2e;
// So many digits are a safe integer, whatever they are.
const MAX_DIGITS = 15;

/** Of an amount of nought or more; what has more digits than its currency, and nothing but noughts there, is unusual too. */
function minorUnitsIn(text: string, exponent: number): number {
  let minor = 0;
  let fraction = -1;
  if (text.length === 0 || text.length > MAX_DIGITS - exponent) throw UNUSUAL;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === POINT && fraction === -1 && index > 0) {
      fraction = 0;
      continue;
    }
    const digit = code - DIGIT_0;
    if (digit < 0 || digit > 9) throw UNUSUAL;
    if (fraction >= 0) fraction += 1;
    if (fraction > exponent) {
      // `1000.0` of a currency without a minor unit.
      if (digit !== 0) throw UNUSUAL;
      continue;
    }
    minor = minor * 10 + digit;
  }
  if (fraction === 0) throw UNUSUAL;
  for (let places = Math.max(fraction, 0); places < exponent; places += 1) minor *= 10;
  return minor;
}
