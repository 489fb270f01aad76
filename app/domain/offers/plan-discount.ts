import { formatDay } from '../time/calendar-day.ts';
import { dayOfInstant, startOfDay } from '../time/day-of-instant.ts';
import { MS_PER_SECOND } from '../time/durations.ts';
import type { OfferSettings } from './offer-settings.ts';

/** The native discount that a code hangs on. */
export interface DiscountPlan {
  /** Two orders with the same key share one discount. */
  readonly discountKey: string;
  /** What the merchant reads in the list of discounts; no other discount of ours has the same. */
  readonly title: string;
  /** The only customer who may use it; null for guests, who share one. */
  readonly customerId: bigint | null;
  readonly percentBasisPoints: number;
  readonly minimumSubtotalMinor: number;
  readonly currency: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

interface PlanInput {
  readonly settings: OfferSettings;
  readonly order: {
    readonly orderId: bigint;
    readonly name: string;
    readonly customerId: bigint | null;
    readonly createdAtMs: number;
  };
  readonly shop: { readonly currency: string; readonly timeZone: string };
}

/**
 * A customer's code gets a discount of its own, since a restriction to a customer belongs to the discount. Guests'
 * codes on the same terms and with the same last day share one, as Shopify asks for codes of one kind.
 *
 * Counted from the order and not from now, by Shopify's clock: the terms are the same whenever they are worked out, and
 * a discount never starts in Shopify's future because our clock is ahead.
 *
 * @throws UnknownTimeZoneError
 */
export function planDiscount({ settings, order, shop }: PlanInput): DiscountPlan {
  const { percentBasisPoints, minimumSubtotalMinor } = settings;
  const lastDay = dayOfInstant(order.createdAtMs, shop.timeZone) + settings.validDays;
  const terms = {
    customerId: order.customerId,
    percentBasisPoints,
    minimumSubtotalMinor,
    currency: shop.currency,
    startsAtMs: order.createdAtMs,
    // The last second of the day, as Shopify's own admin writes it, so that the date of the instant is the day.
    endsAtMs: startOfDay(lastDay + 1, shop.timeZone) - MS_PER_SECOND,
  };
  if (order.customerId !== null) {
    const title = `Perennial: next order after ${order.name} (${order.orderId})`;
    return { ...terms, discountKey: `order:${order.orderId}`, title };
  }
  const kind = `${percentBasisPoints}bp from ${minimumSubtotalMinor} ${shop.currency} until ${formatDay(lastDay)}`;
  return { ...terms, discountKey: `guests:${kind}`, title: `Perennial: next order, guests, ${kind}` };
}
