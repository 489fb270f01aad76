import type { PurchaseModelName } from '../models/fitted-model.ts';
import type { LifecycleState } from './report.ts';

/**
 * The keys of the report that need fitted models. They are computed apart from the rest, which does not wait for them.
 * Numbers speak of the customers known on the as-of day and of nobody who is still to come.
 */
export interface PredictionsReport {
  churn: ChurnReport;
  spend: SpendReport;
  predictions: PredictionTotals;
  backtest: Backtest | NoBacktest;
}

export type ModelParameters = Readonly<Record<string, number>>;

export interface ChurnReport {
  /** The model that P(alive) is of; null when the shop has none, and `fallback` says why. */
  model: PurchaseModelName | null;
  /** Of purchases a day. Where the likelihood only rises towards nobody leaving, r and alpha of the NBD it then becomes. */
  params: ModelParameters | null;
  logLikelihood: number | null;
  standardErrors: ModelParameters | null;
  /** False when the data show no more dropout than chance would: then there is no churn to report. */
  hasDropout: boolean | null;
  /** What stands in for P(alive), and why; null when nothing has to. */
  fallback: ChurnFallback | null;
  /** Customers it was fitted on. */
  customers: number;
  /** Sum and mean of P(alive); churn risk is 1 minus it. Null without a model or dropout. */
  expectedAlive: number | null;
  meanPAlive: number | null;
  alternatives: Record<'BG/NBD' | 'Pareto/NBD', AlternativeFit>;
}

/** Every fallback is to the lifecycle state, a rule and named one. */
export type ChurnFallback = { rule: 'lifecycleState'; states: Record<LifecycleState, number> } & (
  | { reason: 'too-little-data'; missing: Shortage[] }
  | { reason: 'no-dropout' | 'no-fit' | 'lost-backtest'; detail: string }
);

export interface Shortage {
  what: 'customers' | 'historyDays' | 'customersWithThreeOrders';
  has: number;
  needs: number;
}

export type AlternativeFit =
  | {
      ok: true;
      params: ModelParameters;
      logLikelihood: number;
      standardErrors: ModelParameters | null;
      hasDropout: boolean;
    }
  | { ok: false; reason: string; detail: string };

/** Gamma-gamma (Fader and Hardie 2013). */
export interface SpendReport {
  p: number | null;
  q: number | null;
  /** In minor units. */
  v: number | null;
  logLikelihood: number | null;
  standardErrors: { p: number; q: number; v: number } | null;
  /** Customers with repeat purchases that were paid for: those it was fitted on. */
  customers: number;
  /** Pearson's, of frequency and mean repeat spend. */
  correlation: number | null;
  /** Above 0.1 in size: the model takes the two to be independent. */
  correlationWarning: boolean;
  /** Mean repeat purchase of all, in minor units. */
  meanMinor: number | null;
  /** What stands in for E[M | x, zbar] where there is no fit, and why. */
  fallback: { reason: string; detail: string; uses: 'ownMean' | 'meanOfAll' } | null;
}

export interface PredictionTotals {
  horizonDays: 365;
  /** What pages and segments go by: the model, unless there is none or it lost the backtest. */
  inUse: 'model' | 'simpleRule';
  /** Orders are purchase days: orders of one day are one. By the model; null when there is none. */
  expectedOrders: number | null;
  /** Sum of predicted CLV 365. */
  expectedRevenueMinor: number | null;
  intervals: { expectedOrders: TotalIntervals; expectedRevenueMinor: TotalIntervals | null } | null;
  /** Customers with a next order date within the year. */
  customersWithNextOrder: number | null;
  /** 0 unless a discount was asked for. */
  monthlyDiscountRate: number;
  /** Who is not lapsed goes on as before, the others never come back. */
  simpleRule: {
    expectedOrders: number;
    expectedRevenueMinor: number;
    /** Null where there is no past to tell how far the rule misses. */
    intervals: { expectedOrders: RuleIntervals; expectedRevenueMinor: RuleIntervals } | null;
  };
}

export interface Interval {
  low: number;
  high: number;
}

export type RuleIntervals = Record<'80' | '95', Interval>;

/** In which the total lies with so many percent chance; `ifModelHolds` leaves out that models miss. */
export interface TotalIntervals {
  '80': Interval;
  '95': Interval;
  ifModelHolds: { '80': Interval; '95': Interval };
  /** Relative standard deviations that they are made of. */
  deviations: { chance: number; parameters: number; misfit: number };
}

export interface BacktestErrors {
  model: number;
  lastYearMean: number;
  simpleRule: number;
}

export interface Backtest {
  ok: true;
  model: PurchaseModelName;
  params: ModelParameters;
  /** The last day that the model was told of, YYYY-MM-DD. */
  splitAt: string;
  horizonDays: number;
  /** Known by the split. */
  customers: number;
  /** No rival has both errors, mean absolute and root mean square, smaller than the model's. */
  modelWins: boolean;
  orders: BacktestErrors & { actual: number };
  /** A customer. */
  meanAbsoluteError: BacktestErrors;
  rootMeanSquareError: BacktestErrors;
  revenueMinor: { model: number | null; actual: number };
  weeks: TrackedWeek[];
  byFrequency: FrequencyGroup[];
  returnDeciles: ReturnDecile[];
}

export interface NoBacktest {
  ok: false;
  reason: string;
  detail: string;
}

export interface TrackedWeek {
  /** YYYY-MM-DD. */
  endsOn: string;
  /** The first and the last may be shorter or longer than 7. */
  days: number;
  /** After the split. */
  isHeldOut: boolean;
  actualOrders: number;
  predictedOrders: number;
  cumulativeActualOrders: number;
  cumulativePredictedOrders: number;
}

export interface FrequencyGroup {
  /** Purchase days after the first until the split: "0" to "6", and "7+". */
  frequency: string;
  customers: number;
  predictedOrders: number;
  actualOrders: number;
}

export interface ReturnDecile {
  /** 1 has the least chance of coming back. */
  decile: number;
  customers: number;
  meanPAlive: number | null;
  predictedShare: number | null;
  actualShare: number | null;
}
