import { useTranslation } from 'react-i18next';

import { LineChart } from '#app/components/charts/line-chart.tsx';
import { useFormats } from '#app/components/formats.tsx';
import { SectionCard } from '#app/components/section-card.tsx';
import { NumberTable, Under } from '#app/components/tables/number-table.tsx';
import type { BacktestAtAGlance } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';
import { TableDownload } from './table-download.tsx';
import { useWeeks } from './use-weeks.ts';

/** Whether the model is as right about the busy customers as about the others. */
export function CalibrationCard({ backtest, asOf }: { backtest: BacktestAtAGlance; asOf: string }) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const weeks = useWeeks(backtest);
  const groups = backtest.byFrequency.filter(({ customers }) => customers > 0);
  const perCustomer = (orders: 'predictedOrders' | 'actualOrders') =>
    groups.map((group, x) => ({ x, y: group[orders] / group.customers }));
  const cell = (orders: number, customers: number) => (
    <>
      {formats.count(orders)}
      <Under>{t('calibration.perCustomer', { value: formats.ratio(orders / customers) })}</Under>
    </>
  );
  return (
    <SectionCard
      title={t('calibration.title')}
      text={t('calibration.text', { splitAt: formats.day(backtest.splitAt), weeks })}
      notes={[t('calibration.formula', { days: backtest.horizonDays })]}
    >
      {groups.length < 2 ? null : (
        <LineChart
          label={t('calibration.label')}
          series={[
            { name: t('calibration.actual'), points: perCustomer('actualOrders') },
            { name: t('calibration.predicted'), points: perCustomer('predictedOrders') },
          ]}
          xLabel={t('calibration.before')}
          formatX={(x) => groups[x]?.frequency ?? ''}
          formatY={formats.ratio}
        />
      )}
      <NumberTable
        caption={t('calibration.label')}
        nameTitle={t('calibration.before')}
        columns={[{ title: t('calibration.customers') }, { title: t('calibration.predicted') }, { title: t('calibration.actual') }]}
        rows={groups.map(({ frequency, customers, predictedOrders, actualOrders }) => ({
          key: frequency,
          name: frequency,
          cells: [formats.count(customers), cell(predictedOrders, customers), cell(actualOrders, customers)],
        }))}
      />
      <TableDownload list="calibration" asOf={asOf} />
    </SectionCard>
  );
}
