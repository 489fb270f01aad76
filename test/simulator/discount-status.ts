import type { SimCodeDiscount } from './state.ts';

/** The status that the dates give now; `status` of the record is what it was when it was last written. */
export function discountStatus(discount: SimCodeDiscount, now: Date): SimCodeDiscount['status'] {
  const nowMs = now.getTime();
  if (discount.endsAt !== null && Date.parse(discount.endsAt) <= nowMs) return 'EXPIRED';
  return Date.parse(discount.startsAt) > nowMs ? 'SCHEDULED' : 'ACTIVE';
}
