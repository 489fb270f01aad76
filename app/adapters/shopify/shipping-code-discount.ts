const BY_CODE = 'DiscountCodeApplication';

interface Allocation {
  /** The type of the application that it comes from, as Shopify calls it. */
  readonly kind: string;
  readonly minor: number;
}

/**
 * What codes took off an order's shipping: not what discounts took off that need none, nor staff by hand.
 *
 * @param allocations of the order's shipping line, in minor units
 */
export function shippingCodeDiscountOf(allocations: readonly Allocation[]): number {
  return allocations.reduce((sum, { kind, minor }) => (kind === BY_CODE ? sum + minor : sum), 0);
}
