import type { SimTransaction } from './order-payments.ts';

/**
 * What the local Shopify knows about one store. Plain data: ids are the numeric tails of GIDs, money is integer
 * minor units of the currency named beside it, instants are ISO 8601 in UTC with milliseconds.
 */

export type Currency = string;

export interface SimMoney {
  amountMinor: number;
  currency: Currency;
}

/** The same amount in the shop's currency and in the one that the buyer paid in. */
export interface SimMoneyBag {
  shop: SimMoney;
  presentment: SimMoney;
}

export interface SimShop {
  id: number;
  /** `perennial-demo.myshopify.com` */
  domain: string;
  name: string;
  email: string;
  currency: Currency;
  ianaTimezone: string;
  primaryLocale: string;
  locales: string[];
  planName: string;
  customerAccounts: 'CLASSIC' | 'NEW_CUSTOMER_ACCOUNTS';
  taxesIncluded: boolean;
  createdAt: string;
  /** Of the app's installation, which takes them along when it ends; missing where there are none. */
  appMetafields?: SimMetafield[];
  /** Missing for the usual three of `staff.ts`. */
  staff?: SimStaff[];
  /** Who opens the admin; missing for the owner. */
  signedInStaffId?: number;
}

export interface SimStaff {
  id: number;
  firstName: string;
  lastName: string;
  email: string;
  /** Of one of a store's staff. */
  isOwner: boolean;
  /** Of an agency, and not of the store itself. */
  isCollaborator: boolean;
}

export interface SimVariant {
  id: number;
  title: string;
  sku: string | null;
  priceMinor: number;
}

export interface SimProduct {
  id: number;
  title: string;
  handle: string;
  productType: string;
  vendor: string;
  createdAt: string;
  variants: SimVariant[];
  /** Missing of a product that is none. */
  isGiftCard?: boolean;
  /** Missing of a product that is in none. */
  collections?: SimCollection[];
}

/** Known by the products that it holds: an empty one does not exist here. */
export interface SimCollection {
  id: number;
  title: string;
}

export interface SimAddress {
  countryCode: string | null;
  provinceCode: string | null;
  city: string | null;
  zip: string | null;
}

export interface SimCustomer {
  id: number;
  email: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  locale: string;
  state: 'DISABLED' | 'INVITED' | 'ENABLED' | 'DECLINED';
  createdAt: string;
  updatedAt: string;
  tags: string[];
  marketingState: 'SUBSCRIBED' | 'NOT_SUBSCRIBED' | 'UNSUBSCRIBED' | 'PENDING';
  defaultAddress: SimAddress | null;
  /** Missing where nobody has set one. */
  metafields?: SimMetafield[];
  /** Missing where nobody has given any. At most one account a currency. */
  storeCredit?: SimStoreCreditAccount[];
  /** When Shopify wrote to them to make an account; missing where it never did. */
  accountInvites?: string[];
  /** When `marketingState` last changed; missing where it never did. */
  marketingChangedAt?: string;
  /** Set when this customer was merged away; it then answers as absent. */
  mergedIntoId: number | null;
  deletedAt: string | null;
}

export interface SimMetafield {
  id: number;
  /** Whole, as Shopify keeps it: `app--<client id>`, never `$app`. */
  namespace: string;
  key: string;
  type: string;
  value: string;
  /** Present where Shopify does not let go of it. */
  isKept?: true;
}

export interface SimStoreCreditAccount {
  id: number;
  currency: Currency;
  /** The oldest first. */
  credits: SimStoreCredit[];
}

export interface SimStoreCredit {
  id: number;
  amountMinor: number;
  createdAt: string;
  expiresAt: string | null;
}

/** Of customers. */
export interface SimMetafieldDefinition {
  id: number;
  namespace: string;
  key: string;
  name: string;
  type: string;
  /** Who may read what belongs to it, besides the app and the merchant. */
  access: { storefront: string; customerAccount: string };
  isDeleted: boolean;
}

/** A native segment: its members are found anew whenever somebody looks. */
export interface SimSegment {
  id: number;
  name: string;
  query: string;
  creationDate: string;
  lastEditDate: string;
  isDeleted: boolean;
}

export interface SimLineItem {
  id: number;
  productId: number | null;
  variantId: number | null;
  title: string;
  variantTitle: string | null;
  sku: string | null;
  /** Missing of a line that is none. */
  isGiftCard?: boolean;
  /** Ordered, before removals by edit or refund. */
  quantity: number;
  /** Quantity after edits and returns. */
  currentQuantity: number;
  /** Price of one, before discounts. */
  unitPrice: SimMoneyBag;
  /** Sum of line and order-level discounts allocated to the ordered quantity. */
  discount: SimMoneyBag;
  /** Tax of the ordered quantity after discounts. */
  tax: SimMoneyBag;
}

export interface SimRefundLine {
  lineItemId: number;
  quantity: number;
  subtotal: SimMoneyBag;
  tax: SimMoneyBag;
}

export interface SimRefund {
  id: number;
  createdAt: string;
  note: string | null;
  lines: SimRefundLine[];
  shipping: SimMoneyBag;
  /** Money returned to the buyer: lines, shipping and any free amount together. */
  total: SimMoneyBag;
}

export interface SimFulfillment {
  id: number;
  createdAt: string;
  deliveredAt: string | null;
  status: 'SUCCESS' | 'CANCELLED' | 'PENDING' | 'OPEN' | 'ERROR' | 'FAILURE';
}

export interface SimDiscountApplication {
  code: string;
  /** Null when the code came with imported history and no discount of it exists. */
  discountId: number | null;
  amount: SimMoneyBag;
}

/** What one discount took off the shipping of an order. */
export interface SimShippingDiscount {
  /** Null of one that needs no code. */
  code: string | null;
  title: string;
  amount: SimMoneyBag;
}

export type SimFinancialStatus =
  | 'AUTHORIZED'
  | 'EXPIRED'
  | 'PAID'
  | 'PARTIALLY_PAID'
  | 'PARTIALLY_REFUNDED'
  | 'PENDING'
  | 'REFUNDED'
  | 'VOIDED';

export interface SimOrder {
  id: number;
  /** `#1001` */
  name: string;
  customerId: number | null;
  /** Given at checkout; guests have it too. */
  email: string | null;
  locale: string;
  createdAt: string;
  processedAt: string;
  updatedAt: string;
  cancelledAt: string | null;
  cancelReason: string | null;
  deletedAt: string | null;
  test: boolean;
  /** A string, so that a status Shopify invents tomorrow can be planted. */
  financialStatus: SimFinancialStatus | (string & {});
  sourceName: string;
  presentmentCurrency: Currency;
  taxesIncluded: boolean;
  lines: SimLineItem[];
  /** As charged, after `shippingDiscounts`. */
  shipping: SimMoneyBag;
  /** Missing: nothing was taken off. */
  shippingDiscounts?: SimShippingDiscount[];
  shippingTax: SimMoneyBag;
  tip: SimMoneyBag;
  /** Money that the buyer has paid so far, before refunds. */
  received: SimMoneyBag;
  /** Payments, the earliest first. Missing of an order whose money came, or was held, as it was placed: see `paymentsOf`. */
  payments?: SimTransaction[];
  discounts: SimDiscountApplication[];
  refunds: SimRefund[];
  fulfillments: SimFulfillment[];
  /**
   * `FULFILLED | UNFULFILLED | PARTIALLY_FULFILLED | …`
   */
  fulfillmentStatus: string;
  billingAddress: SimAddress | null;
  shippingAddress: SimAddress | null;
  tags: string[];
  edited: boolean;
}

export interface SimRedeemCode {
  id: number;
  code: string;
  asyncUsageCount: number;
}

export interface SimCodeDiscount {
  id: number;
  title: string;
  createdAt: string;
  startsAt: string;
  endsAt: string | null;
  usageLimit: number | null;
  appliesOncePerCustomer: boolean;
  /** Exactly one of the two is set, and none where the shipping is free. */
  percentage: number | null;
  amount: SimMoney | null;
  minimumSubtotal: SimMoney | null;
  isFreeShipping?: boolean;
  /** Variants that it takes something off; missing or empty: all of the order. */
  variantIds?: number[];
  /** Empty: every customer. */
  customerIds: number[];
  combinesWith: { orderDiscounts: boolean; productDiscounts: boolean; shippingDiscounts: boolean };
  codes: SimRedeemCode[];
  status: 'ACTIVE' | 'EXPIRED' | 'SCHEDULED';
  /** Gone, with its codes. */
  deletedAt?: string;
}

/** Free shipping to anywhere, without a code, for the customers of segments. */
export interface SimAutomaticDiscount {
  id: number;
  title: string;
  createdAt: string;
  startsAt: string;
  endsAt: string | null;
  asyncUsageCount: number;
  segmentIds: number[];
  combinesWith: SimCodeDiscount['combinesWith'];
  /** Gone. */
  deletedAt?: string;
}

/** A store as a generator or an import makes it, before any app has touched it. */
export interface SimStore {
  shop: SimShop;
  products: SimProduct[];
  customers: SimCustomer[];
  orders: SimOrder[];
}

/** `money(12_50, 'EUR')` in both currencies of an order that was paid in the shop's own. */
export function sameMoney(amountMinor: number, currency: Currency): SimMoneyBag {
  return { shop: { amountMinor, currency }, presentment: { amountMinor, currency } };
}
