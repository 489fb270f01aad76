import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import type { AsOf } from '#app/domain/retention/columns/time-window.ts';
import { computeCohorts } from '#app/domain/retention/metrics/cohorts.ts';
import { computeCustomerRows } from '#app/domain/retention/metrics/customer-rows.ts';
import { RfmAgreementTally } from '#app/domain/retention/metrics/rfm-agreement.ts';
import { computeRollingCohorts } from '#app/domain/retention/metrics/rolling-cohorts.ts';
import type { CountingPreset, OrderValueVariant } from '#app/domain/retention/metrics/order-value.ts';
import { computePredictions } from '#app/domain/retention/predictions/compute-predictions.ts';
import type { PredictionStep } from '#app/domain/retention/predictions/compute-predictions.ts';
import type { CustomerPredictions } from '#app/domain/retention/predictions/customer-predictions.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import type { PredictionsReport } from '#app/domain/retention/report/predictions-report.ts';
import type { CalendarPeriod, Cohorts, RetentionReport, RollingCohorts } from '#app/domain/retention/report/report.ts';
import type { ReportOptions } from './report-options.ts';
import type { ReportSource, SourceInputs } from './report-source.ts';

/** The report as the command prints it: that of METRICS section 8, with what is asked for and what was read beside it. */
export interface PrintedReport extends Omit<RetentionReport, 'inputs' | 'cohorts'>, PredictionsReport {
  /** Whether fully refunded orders are purchases: `asShopifyCounts`, or not: `perennial`. */
  preset: CountingPreset;
  /** What an order is worth. */
  value: OrderValueVariant;
  inputs: RetentionReport['inputs'] & SourceInputs;
  cohorts: Cohorts<CalendarPeriod> | RollingCohorts;
}

export interface ComputedReport {
  report: PrintedReport;
  customers: CustomerPredictions;
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
  const { columns, lines, excluded, prospects, inputs } = source;
  const asOfDay = options.asOfDay ?? Math.min(source.asOfDay ?? today, today);
  const asOf = asOfDayIn(columns.timeZone, asOfDay);
  const retention = computeRetentionReport(columns, {
    asOfDay,
    excluded,
    lines,
    prospects,
    ...(options.lifespanYears === null ? {} : { lifespanYears: options.lifespanYears }),
  });
  const { report: predictions, customers } = computePredictions(columns, everyone(columns), { asOf, onStep });
  const report = {
    ...columns.counting,
    ...retention,
    inputs: { ...retention.inputs, ...inputs },
    rfm: { ...retention.rfm, ...agreementOf(source, asOf) },
    cohorts: cohortsBy(columns, options.period, asOf) ?? retention.cohorts,
    ...predictions,
  };
  return { report, customers, asOf };
}

/** Shopify's groups are of now, so only of the day that the shop's report is of by itself is there something to compare. */
function agreementOf({ columns, shopifyGroups = [], asOfDay }: ReportSource, asOf: AsOf): Pick<RetentionReport['rfm'], 'shopifyAgreement'> {
  if (shopifyGroups.length === 0 || asOf.day !== asOfDay) return {};
  const tally = new RfmAgreementTally(columns, computeCustomerRows(columns, everyone(columns), asOf));
  for (const { customerId, group } of shopifyGroups) tally.take(customerId, group);
  return { shopifyAgreement: tally.result() };
}

/** Null for months, which the report has. */
function cohortsBy(columns: OrderColumns, period: ReportOptions['period'], asOf: AsOf): PrintedReport['cohorts'] | null {
  if (period === 'month') return null;
  if (period === 'rolling30') return computeRollingCohorts(columns, everyone(columns), asOf);
  return computeCohorts(columns, everyone(columns), asOf, period);
}
