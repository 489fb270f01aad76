/** Comparisons of our copy of the orders and customers with Shopify's, as a page shows them. Instants are epoch milliseconds. */

/** Orders are compared first, then customers. */
export type ComparedRecords = 'orders' | 'customers';

export type ReconciliationState =
  | 'requested'
  | 'running'
  | 'comparing'
  | 'repairing'
  | 'completed'
  | 'failed'
  | 'cancelled';

/**
 * `recent`: orders placed or changed in the last weeks, and customers who changed. `all`: every order and customer that
 * Shopify shows.
 */
export type ReconciliationScope = 'recent' | 'all';

/**
 * `nightly`: it was due. `asked`: by the merchant. `stale`: Shopify has a change that never reached us. `lost-webhook`:
 * a webhook could not be handled.
 */
export type ReconciliationCause = 'nightly' | 'asked' | 'stale' | 'lost-webhook';

/**
 * `missing`: not here. `outdated`: here in an older version. `unequal`: the same version, other figures. `gone`: here,
 * and no longer in Shopify.
 */
export type DifferenceCause = 'missing' | 'outdated' | 'unequal' | 'gone';

/**
 * In what an unequal order differs. `region`: its country or province. `refunds`: which there are, how much and when.
 * `lines`: which there are, of what product, how many pieces and for how much. `fulfillments`: what was sent and when.
 * `details`: in anything else.
 */
export const UNEQUAL_PARTS = ['details', 'region', 'refunds', 'lines', 'fulfillments'] as const;
export type UnequalPart = (typeof UNEQUAL_PARTS)[number];

/**
 * `open`: not looked at yet. `repaired`: our copy is now as Shopify's. `unchanged`: asked again, and left as it is.
 * `failed`: it could not be repaired.
 */
export type DifferenceOutcome = 'open' | 'repaired' | 'unchanged' | 'failed';

export interface ReconciliationRun {
  id: string;
  state: ReconciliationState;
  /** Whom the state is about. */
  resource: ComparedRecords;
  scope: ReconciliationScope;
  cause: ReconciliationCause;
  /** Orders placed and last changed before this were not compared; null: all were. */
  windowFromMs: number | null;
  /** What changed after this was left to the next comparison; null until Shopify has made its list. */
  asOfMs: number | null;
  ordersCompared: number;
  /** Null where they were not. */
  customersCompared: number | null;
  /** Of orders and of customers. */
  differencesFound: number;
  differencesRepaired: number;
  /** Webhook subscriptions that were missing and were made again. */
  subscriptionsMade: number;
  /** Why it failed; null otherwise. */
  errorCode: string | null;
  requestedAtMs: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
}

/**
 * A day of the shop's calendar, before anything was repaired. Every order that was compared counts on the day it was
 * processed, test orders and cancelled ones too; the totals are what the orders amount to now, after refunds and
 * edits, of those in the shop's currency.
 */
export interface ReconciledDay {
  /** Days since 1970-01-01. */
  day: number;
  ourOrders: number;
  theirOrders: number;
  ourTotalMinor: number;
  theirTotalMinor: number;
}

export interface OrderDifference {
  /** The number at the end of Shopify's id. */
  orderId: string;
  /** `#1001`; null when we do not hold the order, and empty when it was redacted. */
  orderName: string | null;
  /** On which it was processed, in days since 1970-01-01. */
  day: number;
  cause: DifferenceCause;
  /** Of an unequal one; none where it could not be told, since the list or our copy could not be read. */
  parts: readonly UnequalPart[];
  outcome: DifferenceOutcome;
  repairedAtMs: number | null;
  /** In the shop's currency; null where a side does not have the order. */
  ourTotalMinor: number | null;
  theirTotalMinor: number | null;
}

export interface CustomerDifference {
  /** The number at the end of Shopify's id. */
  customerId: string;
  cause: DifferenceCause;
  outcome: DifferenceOutcome;
  /** When each side last changed; null where a side does not have the customer. */
  ourUpdatedAtMs: number | null;
  theirUpdatedAtMs: number | null;
}

export interface ReconciliationReport {
  /** ISO 4217 code of the shop and its IANA time zone; null before the first pull has asked for them. */
  currency: string | null;
  timeZone: string | null;
  /** The latest one that was completed. */
  latest:
    | (ReconciliationRun & {
        daysCompared: number;
        /** Those whose two sides differ, latest first. */
        daysThatDiffer: readonly ReconciledDay[];
        /** Of orders, the first hundred, unrepaired ones first. */
        differences: readonly OrderDifference[];
        customerDifferences: readonly CustomerDifference[];
        customerDifferencesFound: number;
      })
    | null;
  underWay: ReconciliationRun | null;
  /** The last ten that have ended, latest first. */
  recent: readonly ReconciliationRun[];
  nextDueAtMs: number | null;
}

const UNFINISHED: readonly ReconciliationState[] = ['requested', 'running', 'comparing', 'repairing'];

export function isReconciling(state: ReconciliationState): boolean {
  return UNFINISHED.includes(state);
}
