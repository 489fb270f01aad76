import { assessOrder } from '#app/domain/retention/metrics/order-value.ts';
import type { OrderCounting, OrderFacts } from '#app/domain/retention/metrics/order-value.ts';

/** In units of the shop's money. */
export const EXAMPLE = { goods: 100, tax: 20, shipping: 5, returnedGoods: 40, returnedTax: 8 };

export const EXAMPLE_ORDERS = ['kept', 'partly', 'whole'] as const;

export type ExampleOrder = (typeof EXAMPLE_ORDERS)[number];

/** What an order of the example is worth, by the very rule that counts the shop's own; null when it is no purchase. */
export function worthOfExample(which: ExampleOrder, { preset, value }: OrderCounting, minorPerUnit: number): number | null {
  const verdict = assessOrder(factsOf(which, minorPerUnit), preset, value);
  return verdict.counts ? verdict.valueMinor : null;
}

function factsOf(which: ExampleOrder, minorPerUnit: number): OrderFacts {
  const { goods, tax, shipping, returnedGoods, returnedTax } = EXAMPLE;
  const paidMinor = (goods + tax + shipping) * minorPerUnit;
  const paid = {
    ...{ test: false, deleted: false, cancelledAt: null, taxesIncluded: false, currentShippingTaxMinor: 0, tipMinor: 0, outstandingMinor: 0 },
    subtotalMinor: goods * minorPerUnit,
    totalReceivedMinor: paidMinor,
  };
  switch (which) {
    case 'kept':
      return {
        ...paid,
        financialStatus: 'PAID',
        currentSubtotalMinor: goods * minorPerUnit,
        currentTaxMinor: tax * minorPerUnit,
        currentShippingMinor: shipping * minorPerUnit,
        totalRefundedMinor: 0,
      };
    case 'partly':
      return {
        ...paid,
        financialStatus: 'PARTIALLY_REFUNDED',
        currentSubtotalMinor: (goods - returnedGoods) * minorPerUnit,
        currentTaxMinor: (tax - returnedTax) * minorPerUnit,
        currentShippingMinor: shipping * minorPerUnit,
        totalRefundedMinor: (returnedGoods + returnedTax) * minorPerUnit,
      };
    case 'whole':
      return {
        ...paid,
        financialStatus: 'REFUNDED',
        ...{ currentSubtotalMinor: 0, currentTaxMinor: 0, currentShippingMinor: 0 },
        totalRefundedMinor: paidMinor,
      };
  }
}
