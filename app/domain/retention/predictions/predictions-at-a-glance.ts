import type { OrderColumns } from '../columns/order-columns.ts';
import { everyone } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import { countOrderGaps } from '../metrics/days-between-orders.ts';
import { deriveRhythm } from '../metrics/lifecycle.ts';
import type { Rhythm } from '../metrics/lifecycle.ts';
import type { Backtest, ChurnFallback, ChurnReport, PredictionTotals, ReturnDecile, SpendReport, TrackedWeek } from '../report/predictions-report.ts';
import { countAliveBands } from './alive-bands.ts';
import type { AliveBand } from './alive-bands.ts';
import type { Predictions } from './compute-predictions.ts';
import { expectEnough, expectOwnRhythm } from './expected-enough.ts';
import type { ExpectedShortage } from './expected-enough.ts';

/** A chart of more weeks than these is a thicket. */
const WEEKS_SHOWN = 104;

/** What stands in for P(alive), and why. */
export interface RuleInstead {
  readonly reason: ChurnFallback['reason'];
  readonly missing: readonly ExpectedShortage[];
  readonly states: ChurnFallback['states'];
  readonly rhythm: Rhythm;
  /** `YYYY-MM-DD`, where the rhythm is not the store's own yet: when it will be, if that can be told. */
  readonly ownRhythmOn: string | null;
}

export interface BacktestAtAGlance extends Omit<Backtest, 'weeks' | 'ok' | 'params' | 'returnDeciles'> {
  /** Customers who came back in the last third, as the model expected and as it was. */
  readonly returned: { readonly predicted: number; readonly actual: number };
  /** Of seven days each; the last of them, where there are more than a chart can show. */
  readonly weeks: readonly Pick<TrackedWeek, 'endsOn' | 'isHeldOut' | 'actualOrders' | 'predictedOrders'>[];
}

/** Predictions of a shop as far as a page shows them. */
export interface PredictionsAtAGlance {
  readonly churn: Pick<ChurnReport, 'model' | 'params' | 'logLikelihood' | 'standardErrors' | 'hasDropout' | 'customers' | 'expectedAlive'>;
  readonly rule: RuleInstead | null;
  readonly spend: SpendReport;
  readonly totals: Omit<PredictionTotals, 'monthlyDiscountRate'>;
  /** Null where there is no past to test on. */
  readonly backtest: BacktestAtAGlance | null;
  /** Null where nothing is known of P(alive), or a rule goes before it. */
  readonly aliveBands: readonly AliveBand[] | null;
}

export function glanceAtPredictions(columns: OrderColumns, asOf: AsOf, { report, customers }: Predictions): PredictionsAtAGlance {
  const { model, params, logLikelihood, standardErrors, hasDropout, fallback, customers: fitted, expectedAlive } = report.churn;
  const { monthlyDiscountRate: _, ...totals } = report.predictions;
  return {
    churn: { model, params, logLikelihood, standardErrors, hasDropout, customers: fitted, expectedAlive },
    rule: fallback === null ? null : describeRule(columns, asOf, fallback),
    spend: report.spend,
    totals,
    backtest: report.backtest.ok ? glanceAtBacktest(report.backtest) : null,
    aliveBands: fallback === null && customers.pAlive !== null ? countAliveBands(customers.pAlive) : null,
  };
}

function describeRule(columns: OrderColumns, asOf: AsOf, fallback: ChurnFallback): RuleInstead {
  const selection = everyone(columns);
  const rhythm = deriveRhythm(countOrderGaps(columns, selection, asOf));
  const missing = fallback.reason === 'too-little-data' ? expectEnough(columns, selection, { asOf, missing: fallback.missing }) : [];
  return { reason: fallback.reason, missing, states: fallback.states, rhythm, ownRhythmOn: expectOwnRhythm(columns, rhythm, asOf) };
}

function glanceAtBacktest({ weeks, returnDeciles, params: _, ok: __, ...backtest }: Backtest): BacktestAtAGlance {
  const whole = weeks.filter(({ days }) => days === 7).slice(-WEEKS_SHOWN);
  return {
    ...backtest,
    returned: { predicted: sumOfShares(returnDeciles, 'predictedShare'), actual: Math.round(sumOfShares(returnDeciles, 'actualShare')) },
    weeks: whole.map(({ endsOn, isHeldOut, actualOrders, predictedOrders }) => ({ endsOn, isHeldOut, actualOrders, predictedOrders })),
  };
}

function sumOfShares(deciles: readonly ReturnDecile[], share: 'predictedShare' | 'actualShare'): number {
  return deciles.reduce((sum, decile) => sum + decile.customers * (decile[share] ?? 0), 0);
}
