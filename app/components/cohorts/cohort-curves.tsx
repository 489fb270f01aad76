import { BlockStack, Card, Text } from '@shopify/polaris';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { LineChart } from '#app/components/charts/line-chart.tsx';
import { useFormats } from '#app/components/formats.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';

export interface Curve {
  name: string;
  customers: number;
  weightedCurve: readonly { offset: number; customers: number; active: number; retention: number }[];
}

export interface CohortCurvesProps {
  curves: readonly Curve[];
  /** What an offset is counted in. */
  unit: string;
}

/** Points on fewer customers jump with each one of them, and are not drawn. */
const MIN_CUSTOMERS = 30;
const OFFSETS_SHOWN = 36;

/** The average share of customers who order again, by time since the first order; everybody's, or the parts of a cut. */
export const CohortCurves = memo(function CohortCurves({ curves, unit }: CohortCurvesProps) {
  const { t } = useTranslation('cohorts');
  const formats = useFormats();
  const shown = curves.map(({ weightedCurve, ...curve }) => ({
    ...curve,
    points: weightedCurve.slice(1, OFFSETS_SHOWN + 1).filter(({ customers }) => customers >= MIN_CUSTOMERS),
  }));
  const offsets = Math.max(0, ...shown.flatMap(({ points }) => points.map(({ offset }) => offset)));
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t('page.curveTitle')}
          </Text>
          <Text as="p" tone="subdued">
            {t('page.curveText', { count: MIN_CUSTOMERS })}
          </Text>
        </BlockStack>
        {offsets < 2 ? (
          <Text as="p">{t('page.curveTooYoung', { count: MIN_CUSTOMERS })}</Text>
        ) : (
          <>
            <LineChart
              label={t('page.curveLabel')}
              series={shown.map(({ name, points }) => ({ name, points: points.map(({ offset, retention }) => ({ x: offset, y: retention })) }))}
              xLabel={unit}
              formatX={formats.count}
              formatY={formats.wholePercent}
            />
            <NumberTable
              caption={t('page.curveTitle')}
              nameTitle={t('page.cut')}
              columns={[{ title: t('size') }, ...Array.from({ length: offsets }, (_, index) => ({ title: formats.count(index + 1) }))]}
              rows={shown.map(({ name, customers, points }) => ({
                key: name,
                name,
                cells: [
                  formats.count(customers),
                  ...Array.from({ length: offsets }, (_, index) => {
                    const point = points.find(({ offset }) => offset === index + 1);
                    return point === undefined ? '' : formats.percent(point.retention);
                  }),
                ],
              }))}
            />
          </>
        )}
      </BlockStack>
    </Card>
  );
});
