import type { Currency, SimAddress } from '../../state.ts';
import type { ExportRow } from './fields.ts';
import type { CatalogueItem } from './catalogue.ts';

export interface DraftLine {
  item: CatalogueItem;
  title: string;
  quantity: number;
  unitMinor: number;
}

/** What the first row of an order says, before its lines are complete. */
export interface OrderDraft {
  line: number;
  name: string;
  /** As written; empty when the file has none. */
  idText: string;
  createdText: string;
  currency: Currency;
  createdMs: number;
  paidMs: number | null;
  fulfilledMs: number | null;
  cancelledMs: number | null;
  /** Case-folded and trimmed; null for a guest. */
  email: string | null;
  buyerName: string;
  acceptsMarketing: boolean;
  financialStatus: string;
  fulfillmentStatus: string;
  source: string;
  tags: string[];
  discountCodes: string[];
  subtotalMinor: number | null;
  shippingMinor: number;
  taxesMinor: number;
  totalMinor: number | null;
  outstandingMinor: number | null;
  discountMinor: number;
  refundedMinor: number | null;
  billing: SimAddress | null;
  shippingAddress: SimAddress | null;
  lines: DraftLine[];
}

const KNOWN_STATUSES = new Set([
  'AUTHORIZED',
  'EXPIRED',
  'PAID',
  'PARTIALLY_PAID',
  'PARTIALLY_REFUNDED',
  'PENDING',
  'REFUNDED',
  'VOIDED',
]);

function readFinancialStatus(row: ExportRow): string {
  const status = row.text('Financial Status').toUpperCase();
  if (status === '') {
    row.report('Financial Status is empty; the order keeps the state UNKNOWN.');
    return 'UNKNOWN';
  }
  if (!KNOWN_STATUSES.has(status)) row.report(`Financial Status: “${row.text('Financial Status')}” is not known.`);
  return status;
}

function readFulfillmentStatus(row: ExportRow): string {
  const status = row.text('Fulfillment Status').toUpperCase();
  if (status === '') return 'UNFULFILLED';
  return status === 'PARTIAL' ? 'PARTIALLY_FULFILLED' : status;
}

function readAddress(row: ExportRow, kind: 'Billing' | 'Shipping', keep: (text: string) => string): SimAddress | null {
  const country = row.text(`${kind} Country`);
  const isCode = /^[A-Za-z]{2}$/.test(country);
  if (country !== '' && !isCode) row.reportOnce(`${kind} Country: “${country}” is not a country code.`);
  const orNull = (text: string) => (text === '' ? null : keep(text));
  const address = {
    countryCode: isCode ? keep(country.toUpperCase()) : null,
    provinceCode: orNull(row.text(`${kind} Province`)),
    city: orNull(row.text(`${kind} City`)),
    // Shopify writes an apostrophe before a postcode, so that office programs leave its zeros alone.
    zip: orNull(row.text(`${kind} Zip`).replace(/^'/, '')),
  };
  return Object.values(address).every((part) => part === null) ? null : address;
}

/**
 * Reads the order-level fields of an order's first row; null, with the problem reported, when the order cannot be
 * placed in time or in a currency. `keep` returns an equal text that does not hold the file's buffer in memory.
 */
export function readOrderDraft(
  row: ExportRow,
  fallbackCurrency: Currency | null,
  keep: (text: string) => string,
): OrderDraft | null {
  const createdText = row.text('Created at');
  if (createdText === '') row.report('Created at is empty; the order is left out.');
  const createdMs = row.instantMs('Created at');
  const currencyText = row.text('Currency').toUpperCase();
  const currency = currencyText === '' ? fallbackCurrency : keep(currencyText);
  if (currency === null || !/^[A-Z]{3}$/.test(currency)) {
    row.report(`Currency: “${currencyText}” is not a currency code; the order is left out.`);
    return null;
  }
  if (createdMs === null) return null;
  const cancelledText = row.text('Cancelled at');
  const listOf = (text: string) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map(keep);
  const email = row.text('Email').toLowerCase();
  return {
    line: row.line,
    name: keep(row.text('Name')),
    idText: keep(row.text('Id')),
    createdText: keep(createdText),
    currency,
    createdMs,
    paidMs: row.instantMs('Paid at'),
    fulfilledMs: row.instantMs('Fulfilled at'),
    // An unreadable date still says that the order was cancelled.
    cancelledMs: cancelledText === '' ? null : row.instantMs('Cancelled at') ?? createdMs,
    email: email === '' ? null : keep(email),
    buyerName: keep(row.text('Billing Name') || row.text('Shipping Name')),
    acceptsMarketing: /^(yes|true)$/i.test(row.text('Accepts Marketing')),
    financialStatus: keep(readFinancialStatus(row)),
    fulfillmentStatus: keep(readFulfillmentStatus(row)),
    source: keep(row.text('Source') || 'web'),
    tags: listOf(row.text('Tags')),
    discountCodes: listOf(row.text('Discount Code')),
    subtotalMinor: row.amountMinor('Subtotal', currency),
    shippingMinor: row.amountMinor('Shipping', currency) ?? 0,
    taxesMinor: row.amountMinor('Taxes', currency) ?? 0,
    totalMinor: row.amountMinor('Total', currency),
    outstandingMinor: row.amountMinor('Outstanding Balance', currency),
    discountMinor: row.amountMinor('Discount Amount', currency) ?? 0,
    refundedMinor: row.amountMinor('Refunded Amount', currency),
    billing: readAddress(row, 'Billing', keep),
    shippingAddress: readAddress(row, 'Shipping', keep),
    lines: [],
  };
}
