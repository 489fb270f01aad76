import type { PastAwards, PastOrders } from '#app/domain/loyalty/accrual/past-awards.ts';

/** A piece of the count of what looking back comes to. */
export type PastAnswer =
  | { readonly outcome: 'counted'; readonly counted: PastAwards; /** Null once all were counted. */ readonly next: string | null; readonly orders: PastOrders }
  | { readonly outcome: 'refused'; readonly reason: PastProblem };

export const PAST_PROBLEMS = ['failed', 'unanswered', 'importing', 'under-way', 'since-day-out-of-range'] as const;
export type PastProblem = (typeof PAST_PROBLEMS)[number];

/** What a page knows of the store's past. */
export interface PastOfShop {
  /** `YYYY-MM-DD` in shop time, of the oldest order that is here; null where there is none. */
  readonly oldestDay: string | null;
  /** For so many days Shopify lets us see orders; null for all. */
  readonly historyDays: number | null;
  /** Of the last time that a merchant looked back; null where none did. */
  readonly progress: { readonly fromDay: string; readonly isUnderWay: boolean; readonly orders: number; readonly ordersSeen: number } | null;
}
