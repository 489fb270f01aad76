import { Banner, BlockStack, InlineGrid, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { SectionCard } from '#app/components/section-card.tsx';
import type { PredictionsAtAGlance } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';
import type { RuleIntervals } from '#app/domain/retention/report/predictions-report.ts';
import { CustomersDownload } from './table-download.tsx';

export type NextYearCardProps = Pick<PredictionsAtAGlance, 'totals' | 'churn' | 'spend' | 'rule'> & { asOf: string; currency: string };

/** What today's customers are expected to buy within a year. */
export function NextYearCard({ totals, churn, spend, rule, asOf, currency }: NextYearCardProps) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const isModel = totals.inUse === 'model';
  const { expectedOrders, expectedRevenueMinor, intervals } = isModel ? totals : totals.simpleRule;
  const money = (minor: number) => formats.money(minor, currency);
  const rangeOf = (interval: RuleIntervals | null | undefined, format: (value: number) => string) => {
    if (!interval) return isModel ? '' : t('next.byRule');
    const { low, high } = interval['80'];
    return t('next.between', { low: format(low), high: format(high) });
  };
  const isAliveKnown = isModel && rule === null && churn.expectedAlive !== null;
  const customers = formats.count(churn.customers);
  return (
    <SectionCard
      title={t('next.title')}
      text={t('next.text', { customers, asOf: formats.day(asOf) })}
      notes={[t(isModel ? 'next.byModel' : 'next.byRuleNote'), ...(!isModel && intervals !== null ? [t('next.ruleRange')] : []), ...(isModel ? [t('next.formula')] : []), ...(isAliveKnown ? [t('next.formulaAlive')] : [])]}
    >
      <InlineGrid columns={{ xs: 1, sm: isAliveKnown ? 3 : 2 }} gap="400">
        <Figure
          label={t('next.orders')}
          value={expectedOrders === null ? t('none') : formats.count(expectedOrders)}
          under={rangeOf(intervals?.expectedOrders, formats.count)}
        />
        <Figure
          label={t('next.revenue')}
          value={expectedRevenueMinor === null ? t('none') : money(expectedRevenueMinor)}
          under={expectedRevenueMinor === null ? t('next.notYet') : rangeOf(intervals?.expectedRevenueMinor, money)}
        />
        {isAliveKnown ? (
          <Figure label={t('next.alive')} value={formats.count(churn.expectedAlive ?? 0)} under={t('next.aliveOf', { customers })} />
        ) : null}
      </InlineGrid>
      {isModel && spend.correlationWarning && spend.correlation !== null ? (
        <Banner tone="info">
          <p>
            {t('next.correlated', {
              direction: t(spend.correlation > 0 ? 'next.more' : 'next.less'),
              correlation: formats.ratio(spend.correlation),
            })}
          </p>
        </Banner>
      ) : null}
      <CustomersDownload asOf={asOf} />
    </SectionCard>
  );
}

function Figure({ label, value, under }: { label: string; value: string; under: string }) {
  return (
    <BlockStack gap="100">
      <Text as="h3" variant="headingSm">
        {label}
      </Text>
      <Text as="p" variant="headingLg" numeric breakWord>
        {value}
      </Text>
      <Text as="p" variant="bodySm" tone="subdued" numeric>
        {under}
      </Text>
    </BlockStack>
  );
}
