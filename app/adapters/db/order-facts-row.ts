import { z } from 'zod';

import type { OrderFacts } from '#app/domain/retention/metrics/order-value.ts';

/** Of a table `orders` without a name of its own: what says whether an order is a purchase, and what it came to. */
export const ORDER_FACTS_COLUMNS = `is_test, deleted_at, cancelled_at, financial_status, taxes_included, subtotal_minor, current_subtotal_minor,
  current_tax_minor, shipping_tax_minor, current_shipping_minor, tip_minor, received_minor, refunded_minor, outstanding_minor`;

const minor = z.string().transform(Number);

export const orderFactsSchema = z.object({
  is_test: z.boolean(),
  deleted_at: z.date().nullable(),
  cancelled_at: z.date().nullable(),
  financial_status: z.string().nullable(),
  taxes_included: z.boolean(),
  subtotal_minor: minor,
  current_subtotal_minor: minor,
  current_tax_minor: minor,
  shipping_tax_minor: minor,
  current_shipping_minor: minor,
  tip_minor: minor,
  received_minor: minor,
  refunded_minor: minor,
  outstanding_minor: minor,
});

export function orderFactsOf(row: z.output<typeof orderFactsSchema>): OrderFacts & { readonly subtotalMinor: number } {
  return {
    test: row.is_test,
    deleted: row.deleted_at !== null,
    cancelledAt: row.cancelled_at?.getTime() ?? null,
    financialStatus: row.financial_status,
    taxesIncluded: row.taxes_included,
    subtotalMinor: row.subtotal_minor,
    currentSubtotalMinor: row.current_subtotal_minor,
    currentTaxMinor: row.current_tax_minor,
    currentShippingTaxMinor: row.shipping_tax_minor,
    currentShippingMinor: row.current_shipping_minor,
    tipMinor: row.tip_minor,
    totalReceivedMinor: row.received_minor,
    totalRefundedMinor: row.refunded_minor,
    outstandingMinor: row.outstanding_minor,
  };
}
