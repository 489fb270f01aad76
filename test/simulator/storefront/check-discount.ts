import type { SimCodeDiscount, SimMoney } from '../state.ts';
import { exchange } from './currencies.ts';

export interface DiscountCheck {
  discount: SimCodeDiscount;
  codeId: number;
  /** Price of the goods in the buyer's currency, before discounts, tax and shipping. */
  subtotal: SimMoney;
  /** Undefined while the buyer has not said who they are; null for somebody whom the shop does not know. */
  customerId: number | null | undefined;
  /** Whether an order of the same person has carried this discount before. */
  hasUsedBefore: boolean;
  now: Date;
}

export type DiscountRefusal =
  | { reason: 'not-found' }
  | { reason: 'not-started'; startsAt: string }
  | { reason: 'expired' }
  | { reason: 'used-up' }
  | { reason: 'once-per-customer' }
  | { reason: 'minimum-not-reached'; minimum: SimMoney }
  | { reason: 'other-customer' };

/**
 * Why a code does not apply, or undefined when it does. The usage limit counts per code, as Shopify counts it for a
 * discount with many codes. Who the buyer is matters only once they have said so, as in Shopify's checkout.
 */
export function findDiscountRefusal(check: DiscountCheck): DiscountRefusal | undefined {
  const { discount, now, subtotal } = check;
  if (now < new Date(discount.startsAt)) return { reason: 'not-started', startsAt: discount.startsAt };
  const hasEnded = discount.endsAt !== null && now >= new Date(discount.endsAt);
  if (hasEnded || discount.status === 'EXPIRED') return { reason: 'expired' };
  const uses = discount.codes.find((code) => code.id === check.codeId)?.asyncUsageCount ?? 0;
  if (discount.usageLimit !== null && uses >= discount.usageLimit) return { reason: 'used-up' };
  const isElsewhere =
    check.customerId !== undefined &&
    discount.customerIds.length > 0 &&
    (check.customerId === null || !discount.customerIds.includes(check.customerId));
  if (isElsewhere) return { reason: 'other-customer' };
  if (discount.appliesOncePerCustomer && check.hasUsedBefore) return { reason: 'once-per-customer' };
  if (discount.minimumSubtotal) {
    const minimum = exchange(discount.minimumSubtotal, subtotal.currency);
    if (subtotal.amountMinor < minimum.amountMinor) return { reason: 'minimum-not-reached', minimum };
  }
  return undefined;
}
