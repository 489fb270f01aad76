import type { OrderColumns, OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { buildOrderColumns } from '#app/domain/retention/columns/order-columns-builder.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import type { ExcludedCounts, RetentionReport } from '#app/domain/retention/report/report.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';

export const NONE_EXCLUDED: ExcludedCounts = { test: 0, deleted: 0, cancelled: 0, refunded: 0, unknownState: 0 };

let nextOrderId = 1;

/** A counted order that states only what matters; `at` is an ISO instant. */
export function anOrder({ at, ...facts }: Partial<OrderRow> & { at: string }): OrderRow {
  nextOrderId += 1;
  return {
    orderId: nextOrderId,
    customerKey: 1,
    processedAtMs: Date.parse(at),
    valueMinor: 1000,
    country: null,
    region: null,
    channel: null,
    discountCode: null,
    presentmentCurrency: null,
    ...facts,
  };
}

interface Shop {
  timeZone?: string;
  currency?: string;
}

export function columnsOf(rows: Iterable<OrderRow>, { timeZone = 'UTC', currency = 'EUR' }: Shop = {}): OrderColumns {
  return buildOrderColumns(rows, { timeZone, currency });
}

export function reportOn(rows: Iterable<OrderRow>, asOf: string, shop: Shop = {}): RetentionReport {
  return computeRetentionReport(columnsOf(rows, shop), { asOfDay: dayNamed(asOf), excluded: NONE_EXCLUDED });
}

export function dayNamed(text: string): number {
  const day = parseDay(text);
  if (day === null) throw new Error(`${text} is no day`);
  return day;
}
