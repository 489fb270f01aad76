import type { TFunction } from 'i18next';

import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import type { Basics, CohortRow, RetentionReport } from '#app/domain/retention/report/report.ts';

export interface Sheet {
  header: readonly string[];
  rows: readonly (readonly (string | number | null)[])[];
}

type ReportOfSheet = Pick<RetentionReport, 'asOf' | 'currency' | 'cohorts' | 'overall' | 'trailing365'>;
type Row = Sheet['rows'][number];

const SHARE_DECIMALS = 4;
const RATIO_DECIMALS = 2;

/**
 * The cohorts, a row each, with the customers who ordered again by months since their first order; below them the five
 * numbers. Every line has as many cells as the first, as spreadsheets and parsers like it.
 */
export function retentionSheetOf(report: ReportOfSheet, t: TFunction<['cohorts', 'metrics']>): Sheet {
  const { rows: cohorts, incompletePeriod } = report.cohorts;
  const months = Math.max(1, ...cohorts.map(({ active }) => active.length - 1));
  const ofMonths = Array.from({ length: months }, (_, index) => t('cohorts:sheet.month', { offset: index + 1 }));
  const header = [t('cohorts:cohort'), t('cohorts:size'), ...ofMonths];
  const wide = (cells: Row): Row => [...cells, ...Array.from({ length: header.length - cells.length }, () => null)];
  const metric = (label: string, read: (basics: Basics) => number | null) =>
    wide([label, read(report.trailing365), read(report.overall)]);
  const money = (minor: number | null) => (minor === null ? null : Number(decimalOfMinorUnits(Math.round(minor), report.currency)));
  const inCurrency = (label: string) => `${label} (${report.currency})`;
  return {
    header,
    rows: [
      ...cohorts.map(({ cohort, size, active }) => wide([cohort, size, ...active.slice(1)])),
      wide([]),
      wide([t('cohorts:sheet.asOf'), report.asOf]),
      ...(incompletePeriod === null ? [] : [wide([t('cohorts:sheet.running'), incompletePeriod])]),
      wide([]),
      wide([t('cohorts:sheet.number'), t('metrics:heading'), t('cohorts:sheet.allTime')]),
      metric(t('metrics:repeatPurchaseRate.label'), (basics) => rounded(basics.repeatPurchaseRate, SHARE_DECIMALS)),
      metric(t('metrics:purchaseFrequency.label'), (basics) => rounded(basics.purchaseFrequency, RATIO_DECIMALS)),
      metric(inCurrency(t('metrics:averageOrderValue.label')), (basics) => money(basics.aovMinor)),
      metric(inCurrency(t('metrics:customerValue.label')), (basics) => money(basics.customerValueMinor)),
      metric(t('metrics:customers.label'), (basics) => basics.customers),
    ],
  };
}

/** Cohorts by any period, a row for each cohort and offset: what a pivot table takes. */
export function cohortSheetOf(
  { rows, currency }: { rows: readonly (CohortRow & { eligible?: readonly number[] })[]; currency: string },
  t: TFunction<['cohorts', 'metrics']>,
): Sheet {
  const money = (minor: number) => Number(decimalOfMinorUnits(Math.round(minor), currency));
  return {
    header: [
      t('cohorts:cohort'),
      t('cohorts:size'),
      t('cohorts:sheet.offset'),
      t('cohorts:sheet.counted'),
      t('cohorts:page.titles.customers'),
      t('cohorts:page.titles.orders'),
      `${t('cohorts:page.measures.revenue')} (${currency})`,
      `${t('cohorts:page.titles.revenue')} (${currency})`,
    ],
    rows: rows.flatMap(({ cohort, size, eligible, active, orders, revenueMinor, cumulativeRevenuePerCustomerMinor }) =>
      active.map((customers, offset) => [
        ...[cohort, size, offset, eligible?.[offset] ?? size, customers, orders[offset] ?? null],
        money(revenueMinor[offset] ?? NaN),
        money(cumulativeRevenuePerCustomerMinor[offset] ?? NaN),
      ]),
    ),
  };
}

function rounded(value: number | null, decimals: number): number | null {
  return value === null ? null : Math.round(value * 10 ** decimals) / 10 ** decimals;
}
