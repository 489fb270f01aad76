import { BlockStack, InlineGrid, Link, Text } from '@shopify/polaris';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { SectionCard } from '#app/components/section-card.tsx';
import { NumberTable, Under } from '#app/components/tables/number-table.tsx';
import type { TableRow } from '#app/components/tables/number-table.tsx';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import type { RetentionReport } from '#app/domain/retention/report/report.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';

export interface ComingBackCardProps {
  report: Pick<RetentionReport, 'timeZone' | 'inputs' | 'overall' | 'trailing365' | 'maturedRepeatRate' | 'daysBetweenOrders'>;
  counting: OrderCounting;
}

const NOT_KNOWN = '–';
const HORIZONS = ['30', '60', '90', '180', '365'] as const;
/** The measures of the gaps, as the words have them. */
const GAPS = [
  ['median', 'median'],
  ['mean', 'mean'],
  ['p10', 'p10'],
  ['p25', 'p25'],
  ['p75', 'p75'],
  ['p90', 'p90'],
  ['first', 'firstToSecondMedian'],
  ['second', 'secondToThirdMedian'],
  ['third', 'thirdToFourthMedian'],
] as const;

/** How many customers order again and how soon, and how much of the store that is; each with how it is counted. */
export const ComingBackCard = memo(function ComingBackCard({ report, counting }: ComingBackCardProps) {
  const { t } = useTranslation('again');
  const { t: ofMetrics } = useTranslation('metrics');
  const explained = (term: string, words: string, formula: string) => t('explained', { term, words, formula });
  const isAsShopifyCounts = counting.preset === 'asShopifyCounts';
  return (
    <SectionCard
      title={t('title')}
      text={t('lead')}
      notes={[
        explained(t('maturedTerm'), t('maturedWords'), t('maturedFormula')),
        explained(t('gapsTerm'), t('gapsWords'), t('gapsFormula')),
        explained(t('shares.repeatOrderShare'), t('shares.repeatSharesWords'), t('shares.repeatSharesFormula')),
        explained(t('shares.returningRate'), t('shares.returningWords'), t('shares.returningFormula')),
      ]}
    >
      <InlineGrid columns={{ xs: 1, lg: 2 }} gap="400" alignItems="start">
        <BlockStack gap="400">
          <MaturedTable report={report} />
          <SharesTable report={report} />
          <Text as="p" tone="subdued">
            {t(isAsShopifyCounts ? 'returningAsShopify' : 'returningShopify')}{' '}
            {isAsShopifyCounts ? null : <Link url="/app/settings/counting">{ofMetrics('counting.change')}</Link>}
          </Text>
        </BlockStack>
        {report.daysBetweenOrders.n === 0 ? <Text as="p">{t('noGaps')}</Text> : <GapsTable gaps={report.daysBetweenOrders} />}
      </InlineGrid>
    </SectionCard>
  );
});

function MaturedTable({ report: { maturedRepeatRate: rates, inputs, timeZone } }: Pick<ComingBackCardProps, 'report'>) {
  const { t } = useTranslation('again');
  const formats = useFormats();
  // The first order may be a guest's, whom no share counts.
  const earliest = (days: number) =>
    inputs.firstOrderAt === null ? null : <Under>{t('knownFrom', { day: formats.day(formatDay(dayOfInstant(Date.parse(inputs.firstOrderAt), timeZone) + days)) })}</Under>;
  const rows = HORIZONS.map((days): TableRow => {
    const { eligible, repeated, rate } = rates[days];
    return {
      key: days,
      name: (
        <>
          {t('days', { count: Number(days), number: formats.count(Number(days)) })}
          {rate === null ? earliest(Number(days)) : null}
        </>
      ),
      cells: [formats.count(eligible), formats.count(repeated), rate === null ? NOT_KNOWN : formats.percent(rate)],
    };
  });
  const columns = [{ title: t('eligible') }, { title: t('repeated') }, { title: t('rate') }];
  return <NumberTable caption={t('caption')} nameTitle={t('within')} columns={columns} rows={rows} />;
}

function SharesTable({ report: { overall, trailing365 } }: Pick<ComingBackCardProps, 'report'>) {
  const { t } = useTranslation('again');
  const formats = useFormats();
  const share = (fraction: number | null) => (fraction === null ? NOT_KNOWN : formats.percent(fraction));
  const rows = [
    ...(['repeatOrderShare', 'repeatRevenueShare'] as const).map((key) => ({
      key,
      name: t(`shares.${key}`),
      cells: [share(trailing365[key]), share(overall[key])],
    })),
    // Of all time it would be the repeat purchase rate.
    { key: 'returningRate', name: t('shares.returningRate'), cells: [share(trailing365.returningCustomerRateShopify), ''] },
  ];
  const columns = [{ title: t('shares.trailing') }, { title: t('shares.allTime') }];
  return <NumberTable caption={t('sharesCaption')} nameTitle={t('shares.number')} columns={columns} rows={rows} />;
}

function GapsTable({ gaps }: { gaps: RetentionReport['daysBetweenOrders'] }) {
  const { t } = useTranslation('again');
  const formats = useFormats();
  const days = (count: number | null) => (count === null ? NOT_KNOWN : formats.tenths(count));
  const rows = [
    { key: 'count', name: t('count'), cells: [formats.count(gaps.n)] },
    ...GAPS.map(([key, from]) => ({ key, name: t(key), cells: [days(gaps[from])] })),
  ];
  return <NumberTable caption={t('gapsCaption')} nameTitle={t('gapsTitle')} columns={[{ title: t('shares.number') }]} rows={rows} />;
}
