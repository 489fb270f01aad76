import { BlockStack, Card, Text } from '@shopify/polaris';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { LineChart } from '#app/components/charts/line-chart.tsx';
import { useFormats } from '#app/components/formats.tsx';
import type { Formats } from '#app/components/formats.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import { cohortsCompleteOn } from '#app/domain/retention/metrics/cohorts-complete-on.ts';
import type { CohortsAwaited } from '#app/domain/retention/metrics/cohorts-complete-on.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';

/** What a curve is of. The share of customers is the curve of their count too. */
export type CurveMeasure = 'retention' | 'orders' | 'revenue';

export interface Curve {
  name: string;
  customers: number;
  weightedCurve: readonly { offset: number; customers: number; active: number; retention: number }[];
  /** Orders and minor units a customer, by offset. */
  averages: Readonly<Record<'orders' | 'revenue', readonly (number | null)[]>>;
}

export interface CohortCurvesProps {
  curves: readonly Curve[];
  measure: CurveMeasure;
  period: keyof typeof OFFSETS_SHOWN;
  currency: string;
  /** What an amount is: "after discounts and refunds, without tax ...". */
  worth: string;
  /** The cohorts that the curve is of; none where it is one of several. */
  rows: CohortsAwaited['rows'];
}

/** Points on fewer customers jump with each one of them, and are not drawn. */
const MIN_CUSTOMERS = 30;
/** One point is no curve. */
const LEAST_OFFSET = 2;
/** Three years, or two of weeks: the table beside the chart has a column for each. */
const OFFSETS_SHOWN = { month: 36, quarter: 12, week: 104, rolling30Days: 36 } as const;

/** What customers do by the time since their first order, on average; everybody's curve, or the parts of a cut. */
export const CohortCurves = memo(function CohortCurves({ curves, measure, period, currency, worth, rows }: CohortCurvesProps) {
  const { t, i18n } = useTranslation('cohorts');
  const formats = useFormats();
  const firstOffset = measure === 'retention' ? 1 : 0;
  const known = curves.map((curve) => ({ ...curve, points: pointsOf(curve, measure).slice(firstOffset) }));
  const mostOffset = OFFSETS_SHOWN[period];
  const shown = known.map(({ points, ...curve }) => ({ ...curve, points: points.filter(({ offset }) => offset <= mostOffset) }));
  const isCut = known.some(({ points }) => points.some(({ offset }) => offset > mostOffset));
  const last = Math.max(0, ...shown.flatMap(({ points }) => points.map(({ offset }) => offset)));
  const format = formatsOf(measure, currency, formats);
  const offsets = Array.from({ length: last + 1 - firstOffset }, (_, index) => firstOffset + index);
  const tooYoung = () => {
    const knownOn = cohortsCompleteOn({ rows, period, offset: LEAST_OFFSET, customers: MIN_CUSTOMERS });
    const soFar = rows.length === 0 ? null : t('page.curveSoFar', { customers: formats.count(rows.reduce((sum, { size }) => sum + size, 0)) });
    return joinSentences(i18n.language, [
      t('page.curveTooYoung', { count: MIN_CUSTOMERS }),
      knownOn === null ? soFar : t('page.curveFrom', { date: formats.day(knownOn) }),
    ]);
  };
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t(`page.curves.${measure}.title`)}
          </Text>
          <Text as="p" tone="subdued">
            {joinSentences(i18n.language, [
              t('page.curveText', { count: MIN_CUSTOMERS }),
              isCut ? t(`page.curveCut.${period}`, { number: formats.count(mostOffset) }) : null,
            ])}
          </Text>
        </BlockStack>
        {last < LEAST_OFFSET ? (
          <Text as="p">{tooYoung()}</Text>
        ) : (
          <>
            <LineChart
              label={t(`page.curves.${measure}.label`)}
              series={shown.map(({ name, points }) => ({ name, points: points.map(({ offset, value }) => ({ x: offset, y: value })) }))}
              xLabel={t(`page.offset.${period}`)}
              formatX={formats.count}
              formatY={format.axis}
            />
            <NumberTable
              caption={t(`page.curves.${measure}.title`)}
              nameTitle={t('page.cut')}
              columns={[{ title: t('size') }, ...offsets.map((offset) => ({ title: formats.count(offset) }))]}
              rows={shown.map(({ name, customers, points }) => {
                const values = new Map(points.map(({ offset, value }) => [offset, value]));
                return { key: name, name, cells: [formats.count(customers), ...offsets.map((offset) => format.cell(values.get(offset)))] };
              })}
            />
          </>
        )}
        <Text as="p" variant="bodySm" tone="subdued">
          {t(`page.curves.${measure}.formula`, { worth })}
        </Text>
      </BlockStack>
    </Card>
  );
});

function pointsOf({ weightedCurve, averages }: Curve, measure: CurveMeasure): { offset: number; value: number }[] {
  return weightedCurve.flatMap(({ offset, customers, retention }) => {
    const value = measure === 'retention' ? retention : (averages[measure][offset] ?? null);
    return customers < MIN_CUSTOMERS || value === null ? [] : [{ offset, value }];
  });
}

function formatsOf(measure: CurveMeasure, currency: string, formats: Formats) {
  const money = (minor: number) => formats.money(minor, currency);
  const write = { retention: formats.percent, orders: formats.ratio, revenue: money }[measure];
  return {
    axis: measure === 'retention' ? formats.wholePercent : write,
    cell: (value: number | undefined) => (value === undefined ? '' : write(value)),
  };
}
