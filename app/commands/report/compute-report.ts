import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { cutToQuery } from '#app/domain/retention/columns/cut-query.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import type { Selection } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn, windowUpTo } from '#app/domain/retention/columns/time-window.ts';
import type { AsOf } from '#app/domain/retention/columns/time-window.ts';
import { computeCohorts } from '#app/domain/retention/metrics/cohorts.ts';
import { computeCustomerRows } from '#app/domain/retention/metrics/customer-rows.ts';
import { computeReferralRate } from '#app/domain/retention/metrics/referral-rate.ts';
import type { ReferralRate } from '#app/domain/retention/metrics/referral-rate.ts';
import { RfmAgreementTally } from '#app/domain/retention/metrics/rfm-agreement.ts';
import { computeRollingCohorts } from '#app/domain/retention/metrics/rolling-cohorts.ts';
import type { CountingPreset, OrderValueVariant } from '#app/domain/retention/metrics/order-value.ts';
import { computePredictions } from '#app/domain/retention/predictions/compute-predictions.ts';
import type { PredictionStep } from '#app/domain/retention/predictions/compute-predictions.ts';
import type { CustomerPredictions } from '#app/domain/retention/predictions/customer-predictions.ts';
import { selectCut } from '#app/domain/retention/products/select-cut.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import type { PredictionsReport } from '#app/domain/retention/report/predictions-report.ts';
import type { CalendarPeriod, Cohorts, ExcludedCounts, RetentionReport, RollingCohorts } from '#app/domain/retention/report/report.ts';
import type { ReportOptions } from './report-options.ts';
import type { ReportSource, SourceInputs } from './report-source.ts';

/** The report as the command prints it: that of METRICS section 8, with what is asked for and what was read beside it. */
export interface PrintedReport extends Omit<RetentionReport, 'inputs' | 'cohorts'>, PredictionsReport {
  /** Whether fully refunded orders are purchases: `asShopifyCounts`, or not: `perennial`. */
  preset: CountingPreset;
  /** What an order is worth. */
  value: OrderValueVariant;
  /** Whose report it is, as `--cut` has it; not there for everybody's. */
  cut?: string;
  inputs: RetentionReport['inputs'] & SourceInputs;
  cohorts: Cohorts<CalendarPeriod> | RollingCohorts;
  /** Of all first orders up to the as-of day; there where somebody said how they show. */
  referralRate?: ReferralRate;
}

const NONE_EXCLUDED: ExcludedCounts = { test: 0, deleted: 0, cancelled: 0, refunded: 0, unknownState: 0 };

export interface ComputedReport {
  report: PrintedReport;
  customers: CustomerPredictions;
  selection: Selection;
  asOf: AsOf;
}

/**
 * As of the day of the last order, when nobody says another; a year that was mistyped must not age all customers by
 * centuries, so not later than today.
 *
 * @param today in the columns' zone
 */
export function computePrintedReport(
  source: ReportSource,
  options: ReportOptions,
  { today, onStep }: { today: number; onStep: (step: PredictionStep) => void },
): ComputedReport {
  const { columns, lines, inputs } = source;
  const { cut, monthlyDiscountRate } = options;
  const selection = selectCut({ columns, lines }, cut);
  const asOfDay = options.asOfDay ?? Math.min(source.asOfDay ?? today, today);
  const asOf = asOfDayIn(columns.timeZone, asOfDay);
  const retention = computeRetentionReport(columns, {
    asOfDay,
    lines,
    // Orders that do not count, and who has not ordered, are in no part of a cut.
    ...(cut === null ? { excluded: source.excluded, prospects: source.prospects } : { excluded: NONE_EXCLUDED, selection }),
    ...(options.lifespanYears === null ? {} : { lifespanYears: options.lifespanYears }),
  });
  const { report: predictions, customers } = computePredictions(columns, selection, { asOf, monthlyDiscountRate, onStep });
  const report = {
    ...columns.counting,
    ...(cut === null ? {} : { cut: cutToQuery(cut) }),
    ...retention,
    inputs: { ...retention.inputs, ...inputs, ...(cut === null ? {} : { inOtherCurrency: 0 }) },
    rfm: { ...retention.rfm, ...(cut === null ? agreementOf(source, asOf) : {}) },
    cohorts: cohortsBy(columns, selection, { period: options.period, asOf }) ?? retention.cohorts,
    ...referralRateOf(columns, selection, { referrals: options.referrals, asOf }),
    ...predictions,
  };
  return { report, customers, selection, asOf };
}

/** Shopify's groups are of now, so only of the day that the shop's report is of by itself is there something to compare. */
function agreementOf({ columns, shopifyGroups = [], asOfDay }: ReportSource, asOf: AsOf): Pick<RetentionReport['rfm'], 'shopifyAgreement'> {
  if (shopifyGroups.length === 0 || asOf.day !== asOfDay) return {};
  const tally = new RfmAgreementTally(columns, computeCustomerRows(columns, everyone(columns), asOf));
  for (const { customerId, group } of shopifyGroups) tally.take(customerId, group);
  return { shopifyAgreement: tally.result() };
}

/** Codes and channels are written in whatever case. */
function referralRateOf(
  columns: OrderColumns,
  selection: Selection,
  { referrals, asOf }: Pick<ReportOptions, 'referrals'> & { asOf: AsOf },
): Pick<PrintedReport, 'referralRate'> {
  if (referrals === null) return {};
  const asked = new Set(referrals.values.map((value) => value.toLowerCase()));
  const known = columns.dimensions[referrals.dimension].values;
  const values = new Set(known.flatMap((value) => (value !== null && asked.has(value.toLowerCase()) ? value : [])));
  return { referralRate: computeReferralRate(columns, selection, { window: windowUpTo(asOf), mark: { dimension: referrals.dimension, values } }) };
}

/** Null for months, which the report has. */
function cohortsBy(
  columns: OrderColumns,
  selection: Selection,
  { period, asOf }: Pick<ReportOptions, 'period'> & { asOf: AsOf },
): PrintedReport['cohorts'] | null {
  if (period === 'month') return null;
  return period === 'rolling30' ? computeRollingCohorts(columns, selection, asOf) : computeCohorts(columns, selection, asOf, period);
}
