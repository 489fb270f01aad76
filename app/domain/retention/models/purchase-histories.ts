/**
 * What the purchase models are told of customers: one row for all who have the same history, so that a likelihood costs
 * as many terms as there are different histories and not as there are customers.
 *
 * The four columns have `rowCount` entries each. The unit of time is whatever `recency` and `age` share (days at a shop,
 * weeks in the papers), and rates and horizons of a fitted model are in the same unit.
 */
export interface PurchaseHistories {
  readonly rowCount: number;
  /** x: purchase days after the first; whole, not negative. */
  readonly frequency: Float64Array;
  /** t_x: time from the first purchase day to the last; 0 when x is 0. */
  readonly recency: Float64Array;
  /** T: time from the first purchase day to the end of what was seen; recency <= age. */
  readonly age: Float64Array;
  /** How many customers have this history; at least 1. */
  readonly customers: Float64Array;
}

/** One row of it. */
export interface PurchaseHistory {
  readonly frequency: number;
  readonly recency: number;
  readonly age: number;
}
