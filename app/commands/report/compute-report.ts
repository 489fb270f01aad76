import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { computeCohorts } from '#app/domain/retention/metrics/cohorts.ts';
import { computeRollingCohorts } from '#app/domain/retention/metrics/rolling-cohorts.ts';
import type { CountingPreset } from '#app/domain/retention/metrics/order-value.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import type { CalendarPeriod, Cohorts, RetentionReport, RollingCohorts } from '#app/domain/retention/report/report.ts';
import type { ReportOptions } from './report-options.ts';
import type { ReportSource, SourceInputs } from './report-source.ts';

/** The report as the command prints it: that of METRICS section 8, with what is asked for and what was read beside it. */
export interface PrintedReport extends Omit<RetentionReport, 'inputs' | 'cohorts'> {
  /** Whether fully refunded orders are purchases: `asShopifyCounts`, or not: `perennial`. */
  preset: CountingPreset;
  inputs: RetentionReport['inputs'] & SourceInputs;
  cohorts: Cohorts<CalendarPeriod> | RollingCohorts;
}

/** @param today in the columns' zone, for a file in which no order counts */
export function computePrintedReport(source: ReportSource, options: ReportOptions, today: number): PrintedReport {
  const { columns, lines, excluded, prospects, inputs } = source;
  const asOfDay = options.asOfDay ?? source.asOfDay ?? today;
  const report = computeRetentionReport(columns, {
    asOfDay,
    lines,
    excluded,
    prospects,
    ...(options.lifespanYears === null ? {} : { lifespanYears: options.lifespanYears }),
  });
  return {
    preset: options.preset,
    ...report,
    inputs: { ...report.inputs, ...inputs },
    cohorts: options.period === 'month' ? report.cohorts : cohortsBy(source, options.period, asOfDay),
  };
}

function cohortsBy({ columns }: ReportSource, period: ReportOptions['period'], asOfDay: number): PrintedReport['cohorts'] {
  const asOf = asOfDayIn(columns.timeZone, asOfDay);
  if (period === 'rolling30') return computeRollingCohorts(columns, everyone(columns), asOf);
  return computeCohorts(columns, everyone(columns), asOf, period);
}
