/** An order as we keep it. Money is in minor units of `currency`, the shop's, where nothing else is said. */
export interface OrderRecord {
  orderId: bigint;
  name: string;
  customerId: bigint | null;
  processedAt: Date;
  createdAt: Date;
  updatedAt: Date;
  cancelledAt: Date | null;
  /** Of the last payment; null where there is none, or Shopify tells none. */
  paidAt: Date | null;
  isTest: boolean;
  financialStatus: string | null;
  fulfillmentStatus: string | null;
  sourceName: string | null;
  countryCode: string | null;
  provinceCode: string | null;
  currency: string;
  presentmentCurrency: string;
  taxesIncluded: boolean;
  subtotalMinor: number;
  currentSubtotalMinor: number;
  currentTaxMinor: number;
  currentShippingMinor: number;
  /** On the shipping that is still charged. */
  shippingTaxMinor: number;
  /** What discount codes took off the shipping as ordered. */
  shippingCodeDiscountMinor: number;
  tipMinor: number;
  currentTotalMinor: number;
  receivedMinor: number;
  refundedMinor: number;
  outstandingMinor: number;
  /** `subtotalMinor` in `presentmentCurrency`; null where that is the shop's, or the amount is none that we know. */
  presentmentSubtotalMinor: number | null;
  discountCodes: string[];
  refunds: RefundRecord[];
  fulfillments: FulfillmentRecord[];
}

export interface RefundRecord {
  refundId: bigint;
  createdAt: Date | null;
  refundedMinor: number;
}

export interface FulfillmentRecord {
  fulfillmentId: bigint;
  status: string;
  createdAt: Date;
  deliveredAt: Date | null;
}

export interface OrderLineRecord {
  lineId: bigint;
  productId: bigint | null;
  variantId: bigint | null;
  title: string;
  sku: string | null;
  quantity: number;
  currentQuantity: number;
  originalTotalMinor: number;
  discountedTotalMinor: number;
  isGiftCard: boolean;
}

/** A record of which any number, date or flag may still be the text that it came as. */
export type AsText<T> = T extends bigint | number | boolean | Date
  ? T | string
  : T extends readonly (infer Item)[]
    ? AsText<Item>[]
    : T extends object
      ? { [Key in keyof T]: AsText<T[Key]> }
      : T;
