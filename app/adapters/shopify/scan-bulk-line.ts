import type { AsText, OrderLineRecord, OrderRecord } from '#app/adapters/shopify/order-record.ts';
import { paidAtOf } from '#app/adapters/shopify/paid-at.ts';
import { shippingCodeDiscountOf } from '#app/adapters/shopify/shipping-code-discount.ts';
import { currencyExponent } from '#app/domain/money/currency.ts';

/*
 * Lines of a bulk file as nearly all of them are, read by one expression each and never made into objects: five times
 * quicker than JSON.parse and what follows it. Shopify writes the fields in the order of the query, so the expressions
 * follow `OrderFacts` and `LineFacts` in documents/orders.graphql. A line that differs in anything, an escaped character or
 * a field more, comes out as null and goes the long way; a test says that what our queries bring is known here.
 */

export interface ScannedOrder {
  gid: string;
  order: AsText<OrderRecord>;
}

export interface ScannedLine {
  parentGid: string;
  orderId: string;
  line: AsText<OrderLineRecord>;
}

const CHARACTERS = String.raw`[^"\\\x00-\x1f]*`;
const TEXT = `"(${CHARACTERS})"`;
const TEXT_OR_NULL = `(null|"${CHARACTERS}")`;
const ID = String.raw`[1-9]\d{0,14}`;
const QUANTITY = '(0|[1-9][0-9]{0,8})';
const FLAG = '(true|false)';
/** In UTC and without fractions, of a day that the calendar has; the 29th of February takes the long way. */
const DAY = '(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31';
const INSTANT = `(?:19|20)[0-9]{2}-(?:${DAY})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z`;
const INSTANT_OR_NULL = `(null|"${INSTANT}")`;
/** No list or text in a list of these has a closing bracket; one that does takes the long way. */
const LIST = String.raw`(\[[^\]]*\])`;
const PLACE = `(?:null|{"countryCodeV2":${TEXT_OR_NULL},"provinceCode":${TEXT_OR_NULL}})`;
// So many digits, with those of the minor unit, are a safe integer.
const AMOUNT = String.raw`"(\d{1,11}\.\d{1,4})"`;
const moneyIn = (currency: string): string => `{"shopMoney":{"amount":${AMOUNT},"currencyCode":"${currency}"}}`;
/** In the currency of the group of that name. */
const MONEY = moneyIn(String.raw`\k<currency>`);
const PRESENTMENT = String.raw`"presentmentMoney":{"amount":${AMOUNT},"currencyCode":"([A-Z]{3})"}`;
const ANY_CURRENCY = '([A-Z]{3})';

const ORDER = lineOf([
  ['id', `"(gid://shopify/Order/(${ID}))"`],
  ['name', TEXT],
  ['createdAt', `"(${INSTANT})"`],
  ['processedAt', `"(${INSTANT})"`],
  ['updatedAt', `"(${INSTANT})"`],
  ['cancelledAt', INSTANT_OR_NULL],
  ['test', FLAG],
  ['displayFinancialStatus', TEXT_OR_NULL],
  ['displayFulfillmentStatus', TEXT_OR_NULL],
  ['sourceName', TEXT_OR_NULL],
  ['currencyCode', '"(?<currency>[A-Z]{3})"'],
  ['presentmentCurrencyCode', TEXT],
  ['taxesIncluded', FLAG],
  ['discountCodes', String.raw`\[((?:"${CHARACTERS}"(?:,"${CHARACTERS}")*)?)\]`],
  ['customer', `(?:null|{"id":"gid://shopify/Customer/(${ID})"})`],
  ['shippingAddress', PLACE],
  ['billingAddress', PLACE],
  ['subtotalPriceSet', `(?:null|${MONEY.slice(0, -1)},${PRESENTMENT}})`],
  ['currentSubtotalPriceSet', MONEY],
  ['currentTotalTaxSet', MONEY],
  ['currentShippingPriceSet', MONEY],
  ['shippingLine', `(?:null|{"discountedPriceSet":${MONEY},"taxLines":${LIST},"discountAllocations":${LIST}})`],
  ['totalTipReceivedSet', MONEY],
  ['currentTotalPriceSet', MONEY],
  ['totalReceivedSet', MONEY],
  ['totalRefundedSet', MONEY],
  ['totalOutstandingSet', MONEY],
  ['refunds', LIST],
  ['fulfillments', LIST],
  ['transactions', LIST],
]);

const LINE = lineOf([
  ['id', `"gid://shopify/LineItem/(${ID})"`],
  ['title', TEXT],
  ['sku', TEXT_OR_NULL],
  ['quantity', QUANTITY],
  ['currentQuantity', QUANTITY],
  ['product', `(?:null|{"id":"gid://shopify/Product/(${ID})"})`],
  ['variant', `(?:null|{"id":"gid://shopify/ProductVariant/(${ID})"})`],
  ['originalTotalSet', moneyIn('(?<currency>[A-Z]{3})')],
  ['discountedTotalSet', MONEY],
  ['isGiftCard', FLAG],
  ['__parentId', `"(gid://shopify/Order/(${ID}))"`],
]);

const TAX_LINE = itemOf([['priceSet', moneyIn(ANY_CURRENCY)]]);
const ALLOCATION = itemOf([
  ['allocatedAmountSet', moneyIn(ANY_CURRENCY)],
  ['discountApplication', '{"__typename":"([A-Za-z]+)"}'],
]);
const REFUND = itemOf([
  ['id', `"gid://shopify/Refund/(${ID})"`],
  ['createdAt', INSTANT_OR_NULL],
  ['totalRefundedSet', moneyIn(ANY_CURRENCY)],
]);
const FULFILLMENT = itemOf([
  ['id', `"gid://shopify/Fulfillment/(${ID})"`],
  ['status', TEXT],
  ['createdAt', `"(${INSTANT})"`],
  ['deliveredAt', INSTANT_OR_NULL],
]);

const TRANSACTION = itemOf([
  ['kind', TEXT],
  ['status', TEXT],
  ['processedAt', INSTANT_OR_NULL],
]);

/** Null for whatever is not plainly an order of `OrderFacts`. */
export function scanOrder(text: string): ScannedOrder | null {
  const found = ORDER.exec(text);
  if (found === null) return null;
  const [
    , gid = '', orderId = '', name = '', createdAt = '', processedAt = '', updatedAt = '', cancelledAt, isTest = '',
    financialStatus, fulfillmentStatus, sourceName, currency = '', presentmentCurrency = '', taxesIncluded = '', codes = '',
    customerId = null, shippingCountry, shippingProvince, billingCountry, billingProvince, subtotal = '0.0',
    presentmentSubtotal, subtotalCurrency, currentSubtotal, currentTax, currentShipping, orderedShipping, taxLines, shippingDiscounts, tip, currentTotal, received, refunded,
    outstanding, refunds = '[]', fulfillments = '[]', transactions = '[]',
  ] = found;
  const exponent = currencyExponent(currency);
  const money = exponent === null ? null : new MinorUnits(currency, exponent);
  if (money === null) return null;
  const isShipped = (textIn(shippingCountry) ?? '') !== '';
  const order: AsText<OrderRecord> = {
    orderId,
    name,
    customerId,
    processedAt,
    createdAt,
    updatedAt,
    cancelledAt: textIn(cancelledAt),
    paidAt: paidAtOf(money.itemsIn(transactions, TRANSACTION, ([, kind = '', status = '', at]) => ({ kind, status, processedAt: textIn(at) }))),
    isTest,
    financialStatus: textIn(financialStatus),
    fulfillmentStatus: textIn(fulfillmentStatus),
    sourceName: textIn(sourceName),
    countryCode: textIn(isShipped ? shippingCountry : billingCountry),
    provinceCode: textIn(isShipped ? shippingProvince : billingProvince),
    currency,
    presentmentCurrency,
    taxesIncluded,
    subtotalMinor: money.of(subtotal),
    currentSubtotalMinor: money.of(currentSubtotal),
    currentTaxMinor: money.of(currentTax),
    currentShippingMinor: money.of(currentShipping),
    shippingTaxMinor: money.shippingTax(taxLines, currentShipping, orderedShipping),
    shippingCodeDiscountMinor: money.shippingCodeDiscount(shippingDiscounts),
    tipMinor: money.of(tip),
    currentTotalMinor: money.of(currentTotal),
    receivedMinor: money.of(received),
    refundedMinor: money.of(refunded),
    outstandingMinor: money.of(outstanding),
    presentmentSubtotalMinor:
      subtotalCurrency === undefined || presentmentCurrency === currency
        ? null
        : money.ofPresentment(presentmentSubtotal, subtotalCurrency, presentmentCurrency),
    discountCodes: codes === '' ? [] : codes.slice(1, -1).split('","'),
    refunds: money.itemsIn(refunds, REFUND, ([, refundId = '', at, amount, itsCurrency]) => ({
      refundId,
      createdAt: textIn(at),
      refundedMinor: money.inCurrency(amount, itsCurrency),
    })),
    fulfillments: money.itemsIn(fulfillments, FULFILLMENT, ([, fulfillmentId = '', status = '', at = '', deliveredAt]) => ({
      fulfillmentId,
      status,
      createdAt: at,
      deliveredAt: textIn(deliveredAt),
    })),
  };
  return money.isSure ? { gid, order } : null;
}

/** The same for a line of `LineFacts` with its order. */
export function scanOrderLine(text: string): ScannedLine | null {
  const found = LINE.exec(text);
  if (found === null) return null;
  const [, lineId = '', title = '', sku, quantity = '', currentQuantity = '', productId = null, variantId = null, original, currency = '', discounted, isGiftCard = '', parentGid = '', orderId = ''] = found;
  const exponent = currencyExponent(currency);
  if (exponent === null) return null;
  const money = new MinorUnits(currency, exponent);
  const line: AsText<OrderLineRecord> = {
    lineId,
    productId,
    variantId,
    title,
    sku: textIn(sku),
    quantity,
    currentQuantity,
    originalTotalMinor: money.of(original),
    discountedTotalMinor: money.of(discounted),
    isGiftCard,
  };
  return money.isSure ? { parentGid, orderId, line } : null;
}

type Fields = readonly (readonly [name: string, pattern: string])[];

function lineOf(fields: Fields): RegExp {
  return new RegExp(`^${objectOf(fields)}$`);
}

/** One of a list, with the comma that follows it. */
function itemOf(fields: Fields): RegExp {
  return new RegExp(`${objectOf(fields)}(?:,(?={)|$)`, 'y');
}

function objectOf(fields: Fields): string {
  return `{${fields.map(([name, pattern]) => `"${name}":${pattern}`).join(',')}}`;
}

/** Of a group that is `null` or a text in its quotes. */
function textIn(group: string | undefined): string | null {
  return group === undefined || group === 'null' ? null : group.slice(1, -1);
}

/** Reads the amounts of one record, and remembers when one of them should be looked at more closely. */
class MinorUnits {
  isSure = true;
  readonly #currency: string;
  readonly #exponent: number;

  constructor(currency: string, exponent: number) {
    this.#currency = currency;
    this.#exponent = exponent;
  }

  /** `12.5` of a currency with two digits is 1250. */
  of(amount = ''): number {
    if (amount === '0.0') return 0;
    const point = amount.indexOf('.');
    const fraction = amount.slice(point + 1);
    const surplus = fraction.length - this.#exponent;
    if (point < 1 || (surplus > 0 && !ZEROS.test(fraction.slice(this.#exponent)))) return this.#unsure();
    const digits = amount.slice(0, point) + (surplus > 0 ? fraction.slice(0, this.#exponent) : fraction);
    return Number(digits) * (SCALES[Math.max(0, -surplus)] ?? this.#unsure());
  }

  /** In what the shopper paid in, which the order names as well. */
  ofPresentment(amount: string | undefined, currency: string, ofOrder: string): number {
    const exponent = currency === ofOrder ? currencyExponent(currency) : null;
    if (exponent === null) return this.#unsure();
    const presentment = new MinorUnits(currency, exponent);
    const minor = presentment.of(amount);
    return presentment.isSure ? minor : this.#unsure();
  }

  inCurrency(amount: string | undefined, currency: string | undefined): number {
    return currency === this.#currency ? this.of(amount) : this.#unsure();
  }

  /** On the shipping that is still charged, which after a refund of a part of it is to be computed elsewhere. */
  shippingTax(taxLines = '[]', currentShipping: string | undefined, orderedShipping: string | undefined): number {
    const taxes = this.itemsIn(taxLines, TAX_LINE, ([, amount, currency]) => this.inCurrency(amount, currency));
    const tax = taxes.reduce((sum, minor) => sum + minor, 0);
    if (tax === 0 || this.of(orderedShipping) === 0) return 0;
    return currentShipping === orderedShipping && Number.isSafeInteger(tax) ? tax : this.#unsure();
  }

  shippingCodeDiscount(allocations = '[]'): number {
    const discounts = this.itemsIn(allocations, ALLOCATION, ([, amount, currency, kind = '']) => ({ kind, minor: this.inCurrency(amount, currency) }));
    const discount = shippingCodeDiscountOf(discounts);
    return Number.isSafeInteger(discount) ? discount : this.#unsure();
  }

  itemsIn<T>(list: string, pattern: RegExp, read: (groups: RegExpExecArray) => T): T[] {
    const items: T[] = [];
    const inner = list.slice(1, -1);
    for (pattern.lastIndex = 0; pattern.lastIndex < inner.length; ) {
      const { lastIndex } = pattern;
      const found = pattern.exec(inner);
      if (found === null || pattern.lastIndex === lastIndex) {
        this.#unsure();
        return items;
      }
      items.push(read(found));
    }
    return items;
  }

  #unsure(): number {
    this.isSure = false;
    return 0;
  }
}

const ZEROS = /^0*$/;
const SCALES = [1, 10, 100, 1_000, 10_000];
