import type { EstimateRequest } from '../../../app/contracts/earn-estimate.ts';

interface Money {
  amount: number;
  currencyCode: string;
}

interface Priced {
  cost: { totalAmount: Money };
  /** A line that a merchant typed into a draft order is of no product. */
  merchandise: { product?: { id: string }; requiresShipping: boolean };
}

/** What Shopify tells of a checkout, as far as points go by it. */
export interface ToldCheckout {
  lines: (Priced & { lineComponents: Priced[] })[];
  discountAllocations: { discountedAmount: Money }[];
  subtotal: Money;
  shipping: Money | undefined;
  tax: Money | undefined;
  total: Money;
}

/** More digits than any currency has. */
const DIGITS = 4;

/** The question what this checkout will earn; null for one with nothing in it. */
export function estimateRequestOf({ lines, discountAllocations, subtotal, shipping, tax, total }: ToldCheckout): EstimateRequest | null {
  if (lines.length === 0) return null;
  // The order will have a bundle's parts as its lines.
  const goods = lines.flatMap((line): Priced[] => (line.lineComponents.length > 0 ? line.lineComponents : [line]));
  return {
    currency: subtotal.currencyCode,
    lines: goods.map(({ cost, merchandise }) => ({
      productId: merchandise.product?.id ?? null,
      amount: decimalOf(cost.totalAmount),
      isSent: merchandise.requiresShipping,
    })),
    discounts: discountAllocations.map(({ discountedAmount }) => decimalOf(discountedAmount)),
    shipping: shipping === undefined ? null : decimalOf(shipping),
    tax: tax === undefined ? null : decimalOf(tax),
    total: decimalOf(total),
  };
}

function decimalOf({ amount }: Money): string {
  return amount.toFixed(DIGITS);
}
