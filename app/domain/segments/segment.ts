/**
 * What a customer is asked about that is a number. Both ends of a range belong to it. `spentScore` is M of RFM, 1 to 5, and
 * `averageOrderMinor` what was spent an order, rounded to a whole minor unit.
 */
export const RANGE_FIELDS = [
  'orders',
  'spentMinor',
  'spentScore',
  'averageOrderMinor',
  'daysSinceFirstOrder',
  'daysSinceLastOrder',
  'pAlive',
  'expectedOrders365',
  'predictedClv365Minor',
] as const;

export type RangeField = (typeof RANGE_FIELDS)[number];

/**
 * What a customer is asked about that is one of several values. Country to first product are of the first order;
 * `replenishment` is how they stand to any product that they bought, and they may be due for one and late for another;
 * `tier` is the id of the one that they are in now, and not known for who is no member.
 */
export const CHOICE_FIELDS = [
  'rfmGroup',
  'state',
  'stage',
  'country',
  'region',
  'channel',
  'discountCode',
  'presentmentCurrency',
  'firstProduct',
  'replenishment',
  'tier',
] as const;

export type ChoiceField = (typeof CHOICE_FIELDS)[number];

export interface RangeCondition {
  readonly kind: 'range';
  readonly field: RangeField;
  /** Null: no limit. Whole for everything but `pAlive` and `expectedOrders365`. */
  readonly from: number | null;
  readonly to: number | null;
}

export interface ChoiceCondition {
  readonly kind: 'choice';
  readonly field: ChoiceField;
  /** At least one; null stands for "not known". */
  readonly anyOf: readonly (string | null)[];
}

export type Condition = RangeCondition | ChoiceCondition;

/**
 * A rule that says which customers belong, not a list of them: who belongs is computed when it is asked for. Only
 * customers who have ordered belong to any. Without conditions all of them do.
 */
export interface Segment {
  readonly match: 'all' | 'any';
  readonly conditions: readonly Condition[];
}

export const ALL_CUSTOMERS: Segment = { match: 'all', conditions: [] };
