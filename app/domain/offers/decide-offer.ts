import type { Result } from '../result.ts';
import { MS_PER_24_HOURS } from '../time/durations.ts';
import type { OfferSettings } from './offer-settings.ts';
import { planDiscount } from './plan-discount.ts';
import type { DiscountPlan } from './plan-discount.ts';

/**
 * A thank-you page is open minutes after its order. Later requests come from somebody who tries order ids, unless they
 * are signed in as the order's customer; a guest's order has nothing else to know its buyer by.
 */
const OLDEST_ORDER_MS = MS_PER_24_HOURS;

export interface OfferOrder {
  readonly orderId: bigint;
  /** `#1001` */
  readonly name: string;
  /** Null for a guest; negative where the customer's data was deleted at their wish. */
  readonly customerId: bigint | null;
  readonly createdAtMs: number;
  readonly isTest: boolean;
  readonly isCancelled: boolean;
}

/** How often the customer of an order has ordered, by two witnesses. */
export interface CustomerHistory {
  /** Orders in our own copy up to and with this one, without test and cancelled ones. */
  readonly countedOrders: number;
  /** Shopify's own count, which also knows orders that we may not read. Null while the customer is not known. */
  readonly shopify: { readonly numberOfOrders: number; readonly readAsOfMs: number } | null;
}

export interface OfferCase {
  readonly settings: OfferSettings;
  readonly order: OfferOrder;
  /** Null for a guest. */
  readonly history: CustomerHistory | null;
  readonly shop: { readonly currency: string; readonly timeZone: string };
  /** Whether the customer is one of those who get no offer, by which it is told what offers add. */
  readonly isHeldOut: boolean;
}

export type OfferRefusal =
  | { readonly reason: 'switched-off' }
  | { readonly reason: 'test-order' }
  | { readonly reason: 'cancelled-order' }
  | { readonly reason: 'forgotten-customer' }
  | { readonly reason: 'old-order' }
  | { readonly reason: 'not-a-first-order' }
  | { readonly reason: 'held-out' };

/** Whether an order that has no code yet gets one, and on which terms. */
export function decideOffer(offer: OfferCase, nowMs: number): Result<DiscountPlan, OfferRefusal> {
  const { settings, order, history, shop, isHeldOut } = offer;
  if (!settings.isEnabled) return { ok: false, reason: 'switched-off' };
  if (order.isTest) return { ok: false, reason: 'test-order' };
  if (order.isCancelled) return { ok: false, reason: 'cancelled-order' };
  // A code for such a customer could be given to nobody: Shopify does not know the number that stands for them.
  if (order.customerId !== null && order.customerId < 0n) return { ok: false, reason: 'forgotten-customer' };
  if (isOldOrder(order, nowMs)) return { ok: false, reason: 'old-order' };
  if (settings.audience === 'first-order' && !isFirstOrder(order, history)) {
    return { ok: false, reason: 'not-a-first-order' };
  }
  // Last of all: who would have got none anyway says nothing of what offers add.
  if (isHeldOut) return { ok: false, reason: 'held-out' };
  return { ok: true, value: planDiscount({ settings, order, shop }) };
}

/** Whether its thank-you page is closed by now. */
export function isOldOrder({ createdAtMs }: Pick<OfferOrder, 'createdAtMs'>, nowMs: number): boolean {
  return nowMs - createdAtMs > OLDEST_ORDER_MS;
}

/** A guest counts as a first-timer: whoever they are, they have left no trace of an earlier order. */
function isFirstOrder(order: OfferOrder, history: CustomerHistory | null): boolean {
  if (history === null) return true;
  return history.countedOrders <= 1 && ordersByShopify(order, history) <= 1;
}

function ordersByShopify(order: OfferOrder, { shopify }: CustomerHistory): number {
  if (shopify === null) return 1;
  // A count from before this order does not have it in.
  return shopify.readAsOfMs < order.createdAtMs ? shopify.numberOfOrders + 1 : shopify.numberOfOrders;
}
