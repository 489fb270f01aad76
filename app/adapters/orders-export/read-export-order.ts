import { currencyExponent } from '#app/domain/money/currency.ts';
import type { OrderFacts } from '#app/domain/retention/metrics/order-value.ts';
import { parseExportAmount } from './export-amount.ts';
import type { DecimalSign } from './export-amount.ts';
import type { ExportColumn } from './export-header.ts';
import { parseExportInstant } from './export-instant.ts';
import { orderFactsOf } from './export-order-value.ts';
import type { OrderDraft } from './order-draft.ts';

export interface ExportOrder {
  currency: string;
  createdAtMs: number;
  hasOffset: boolean;
  facts: OrderFacts;
  /** Case-folded and trimmed; null for a guest. */
  email: string | null;
  country: string;
  region: string;
  discountCode: string;
}

export interface ExportOrderSetting {
  /** For instants that carry no offset. */
  timeZone: string;
  /** For a file that does not say it. */
  currency: string | null;
  decimalSign: DecimalSign;
}

export type ReadExportOrder = { readonly ok: true; readonly order: ExportOrder } | { readonly ok: false; readonly reason: string };

/** What is wrong with an order, found deep in it; it never leaves this file. */
class UnreadableOrder extends Error {}

export function readExportOrder(draft: OrderDraft, setting: ExportOrderSetting): ReadExportOrder {
  try {
    return { ok: true, order: orderOf(draft, setting) };
  } catch (error) {
    if (error instanceof UnreadableOrder) return { ok: false, reason: error.message };
    throw error;
  }
}

function orderOf(draft: OrderDraft, setting: ExportOrderSetting): ExportOrder {
  if (draft.field('Name') === '' && draft.field('Id') === '') throw new UnreadableOrder('an order without Name');
  const created = instantOf(draft, setting.timeZone);
  const currency = currencyOf(draft, setting.currency);
  const amountOf = (column: ExportColumn): number => amountIn(draft, column, { currency, decimalSign: setting.decimalSign });
  const status = draft.field('Financial Status');
  const money = {
    financialStatus: status === '' ? null : status.toUpperCase().replace(/[\s-]+/g, '_'),
    subtotalMinor:
      draft.field('Subtotal') === ''
        ? Math.max(0, goodsOf(draft, currency, setting) - amountOf('Discount Amount'))
        : amountOf('Subtotal'),
    shippingMinor: amountOf('Shipping'),
    taxesMinor: amountOf('Taxes'),
    totalMinor: draft.field('Total') === '' ? null : amountOf('Total'),
    discountMinor: amountOf('Discount Amount'),
    refundedMinor: draft.field('Refunded Amount') === '' ? null : amountOf('Refunded Amount'),
  };
  const isCancelled = draft.field('Cancelled at') !== '';
  const isShipped = draft.field('Shipping Country') !== '';
  return {
    currency,
    createdAtMs: created.epochMs,
    hasOffset: created.hasOffset,
    // That it was cancelled decides; when, nothing asks.
    facts: orderFactsOf(money, isCancelled ? created.epochMs : null),
    email: draft.field('Email') === '' ? null : draft.field('Email').toLowerCase(),
    country: draft.field(isShipped ? 'Shipping Country' : 'Billing Country'),
    region: draft.field(isShipped ? 'Shipping Province' : 'Billing Province'),
    discountCode: (draft.field('Discount Code').split(',')[0] ?? '').trim().toUpperCase(),
  };
}

/** Created at is the date that Shopify gives the order; Paid at can be weeks later, and stands in where that is empty. */
function instantOf(draft: OrderDraft, timeZone: string): { epochMs: number; hasOffset: boolean } {
  const column = draft.field('Created at') === '' && draft.field('Paid at') !== '' ? 'Paid at' : 'Created at';
  const text = draft.field(column);
  if (text === '') throw new UnreadableOrder(`order ${draft.field('Name')} has no Created at`);
  const instant = parseExportInstant(text, timeZone);
  if (instant === null) throw new UnreadableOrder(`${column}: “${shorten(text)}” is not a date and time`);
  return instant;
}

function currencyOf(draft: OrderDraft, fallback: string | null): string {
  const currency = draft.field('Currency') === '' ? (fallback ?? '') : draft.field('Currency').toUpperCase();
  if (currency === '') throw new UnreadableOrder(`order ${draft.field('Name')} has no Currency`);
  if (currencyExponent(currency) === null) throw new UnreadableOrder(`Currency: “${shorten(currency)}” is not a currency`);
  return currency;
}

function amountIn(draft: OrderDraft, column: ExportColumn, as: { currency: string; decimalSign: DecimalSign }): number {
  const parsed = parseExportAmount(draft.field(column), as.currency, as.decimalSign);
  if (!parsed.ok) throw new UnreadableOrder(`${column}: ${shorten(parsed.reason)}`);
  if (parsed.amountMinor < 0) throw new UnreadableOrder(`${column}: “${draft.field(column)}” is less than nothing`);
  return parsed.amountMinor;
}

/** The sum of the lines, for an order that does not say its Subtotal. */
function goodsOf(draft: OrderDraft, currency: string, { decimalSign }: ExportOrderSetting): number {
  let sumMinor = 0;
  for (const { quantity, price } of draft.lines) {
    const parsed = parseExportAmount(price, currency, decimalSign);
    if (price === '' || !parsed.ok || !/^\d+$/.test(quantity)) throw noSubtotal(draft);
    sumMinor += parsed.amountMinor * Number(quantity);
  }
  if (draft.lines.length === 0 || !Number.isSafeInteger(sumMinor)) throw noSubtotal(draft);
  return sumMinor;
}

function noSubtotal(draft: OrderDraft): UnreadableOrder {
  return new UnreadableOrder(`order ${draft.field('Name')} has no Subtotal`);
}

const LONGEST_SHOWN = 120;

/** A cell may hold anything, and a reason is a line on a terminal. */
function shorten(text: string): string {
  const plain = text.replace(/[\p{C}\s]+/gu, ' ');
  return plain.length > LONGEST_SHOWN ? `${plain.slice(0, LONGEST_SHOWN)}…` : plain;
}
