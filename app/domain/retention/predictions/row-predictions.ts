import type { PurchaseModel } from '../models/fitted-model.ts';
import type { PurchaseHistories, PurchaseHistory } from '../models/purchase-histories.ts';

export const HORIZON_DAYS = 365;
const MONTHS = 12;

/** "Not expected within a year". */
export const NOT_EXPECTED = 0;

/** What a model says of each row of the histories. */
export interface RowPredictions {
  readonly pAlive: Float64Array;
  /** E[Y(365)]. */
  readonly expectedOrders: Float64Array;
  /** The same with each month's orders discounted to the as-of day; the same array without a discount. */
  readonly discountedOrders: Float64Array;
  /** From the as-of day to the next order date, or `NOT_EXPECTED`. */
  readonly daysToNextOrder: Uint16Array;
}

export interface RowPredictionOptions {
  /** A share, as 0.01; an order in month m counts (1 + rate)^-m. A month is a twelfth of 365 days and ends so. */
  readonly monthlyDiscountRate?: number;
}

export function predictRows(
  model: PurchaseModel,
  histories: PurchaseHistories,
  { monthlyDiscountRate = 0 }: RowPredictionOptions = {},
): RowPredictions {
  const { rowCount } = histories;
  const pAlive = new Float64Array(rowCount);
  const expectedOrders = new Float64Array(rowCount);
  const discountedOrders = monthlyDiscountRate === 0 ? expectedOrders : new Float64Array(rowCount);
  const daysToNextOrder = new Uint16Array(rowCount);
  for (let row = 0; row < rowCount; row += 1) {
    const history = historyAt(histories, row);
    const alive = model.pAlive(history);
    pAlive[row] = alive;
    expectedOrders[row] = model.expectedPurchases(history, HORIZON_DAYS);
    if (monthlyDiscountRate !== 0) discountedOrders[row] = discountByMonth(model, history, monthlyDiscountRate);
    daysToNextOrder[row] = findNextOrder(model, history, alive);
  }
  return { pAlive, expectedOrders, discountedOrders, daysToNextOrder };
}

export function historyAt({ frequency, recency, age }: PurchaseHistories, row: number): PurchaseHistory {
  return { frequency: frequency[row] ?? NaN, recency: recency[row] ?? NaN, age: age[row] ?? NaN };
}

export function mapRows(histories: PurchaseHistories, value: (history: PurchaseHistory) => number): Float64Array {
  const values = new Float64Array(histories.rowCount);
  for (let row = 0; row < values.length; row += 1) values[row] = value(historyAt(histories, row));
  return values;
}

/** The chance that the customer buys within the horizon. */
export function pReturn(model: PurchaseModel, history: PurchaseHistory, horizonDays: number): number {
  return model.pAlive(history) * (1 - model.pNoPurchaseWhileAlive(history, horizonDays));
}

/** The first day on which a purchase by then is more likely than none; the chance never falls with time. */
function findNextOrder(model: PurchaseModel, history: PurchaseHistory, alive: number): number {
  const isLikelyBy = (days: number) => alive * (1 - model.pNoPurchaseWhileAlive(history, days)) > 0.5;
  if (alive <= 0.5 || !isLikelyBy(HORIZON_DAYS)) return NOT_EXPECTED;
  let early = 0;
  let late = HORIZON_DAYS;
  while (late - early > 1) {
    const middle = (early + late) >>> 1;
    if (isLikelyBy(middle)) late = middle;
    else early = middle;
  }
  return late;
}

function discountByMonth(model: PurchaseModel, history: PurchaseHistory, rate: number): number {
  let sum = 0;
  let before = 0;
  for (let month = 1; month <= MONTHS; month += 1) {
    const upTo = model.expectedPurchases(history, (HORIZON_DAYS * month) / MONTHS);
    sum += (upTo - before) * (1 + rate) ** -month;
    before = upTo;
  }
  return sum;
}
