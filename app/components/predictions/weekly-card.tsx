import { useTranslation } from 'react-i18next';

import { ChartWithTable } from '#app/components/charts/chart-with-table.tsx';
import { LineChart } from '#app/components/charts/line-chart.tsx';
import { useFormats } from '#app/components/formats.tsx';
import { SectionCard } from '#app/components/section-card.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import type { BacktestAtAGlance } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';
import { TableDownload } from './table-download.tsx';

/** As wide as `2026年11月`. */
const MONTH_PIXELS = 84;

/** Week by week, before and after the day on which the model was told no more. */
export function WeeklyCard({ backtest: { splitAt, weeks }, asOf }: { backtest: BacktestAtAGlance; asOf: string }) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const firstHeldOut = weeks.findIndex(({ isHeldOut }) => isHeldOut);
  // The two halves of the prediction meet in the last week that the model was told of.
  const predicted = weeks.map(({ predictedOrders }, x) => ({ x, y: predictedOrders }));
  return (
    <SectionCard title={t('weekly.title')} text={t('weekly.text', { splitAt: formats.day(splitAt) })} notes={[t('weekly.formula')]}>
      <ChartWithTable
        showLabel={t('showNumbers')}
        hideLabel={t('hideNumbers')}
        chart={
          <LineChart
            label={t('weekly.label')}
            series={[
              { name: t('weekly.actual'), points: weeks.map(({ actualOrders }, x) => ({ x, y: actualOrders })) },
              { name: t('weekly.told'), points: predicted.slice(0, firstHeldOut) },
              { name: t('weekly.heldOut'), points: predicted.slice(Math.max(0, firstHeldOut - 1)) },
            ]}
            xLabel={t('weekly.week')}
            formatX={(x) => formats.month(weeks[x]?.endsOn.slice(0, 7) ?? '')}
            formatY={formats.count}
            isCount
            xLabelPixels={MONTH_PIXELS}
          />
        }
        table={
          <NumberTable
            caption={t('weekly.label')}
            nameTitle={t('weekly.week')}
            columns={[{ title: t('weekly.actual') }, { title: t('weekly.predicted') }]}
            rows={weeks.map(({ endsOn, actualOrders, predictedOrders }) => ({
              key: endsOn,
              name: formats.day(endsOn),
              cells: [formats.count(actualOrders), formats.count(predictedOrders)],
            }))}
          />
        }
      />
      <TableDownload list="weeks" asOf={asOf} />
    </SectionCard>
  );
}
