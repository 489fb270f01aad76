import { BlockStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { SectionCard } from '#app/components/section-card.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import type { BacktestAtAGlance, RuleInstead } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';
import { useWeeks } from './use-weeks.ts';

const FORECASTS = ['model', 'lastYearMean', 'simpleRule'] as const;

export interface ProofCardProps {
  backtest: BacktestAtAGlance | null;
  reason: RuleInstead['reason'] | null;
}

/** What the model would have said of the last third of the store's history, and what came of it. */
export function ProofCard({ backtest, reason }: ProofCardProps) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const weeks = useWeeks(backtest);
  const note = reason === 'no-dropout' ? t('proof.noDropout') : reason === 'no-fit' ? t('proof.noFit') : null;
  if (backtest === null) {
    return (
      <SectionCard title={t('proof.title')} text={t('proof.noPast')} notes={[]}>
        {note === null ? null : <Text as="p">{note}</Text>}
      </SectionCard>
    );
  }
  const { splitAt, customers, returned, modelWins, orders, meanAbsoluteError, rootMeanSquareError } = backtest;
  const rows = FORECASTS.map((name) => ({
    key: name,
    name: t(`proof.${name}`),
    cells: [formats.count(orders[name]), formats.thousandths(meanAbsoluteError[name]), formats.thousandths(rootMeanSquareError[name])],
  }));
  return (
    <SectionCard
      title={t('proof.title')}
      text={t('proof.text', { splitAt: formats.day(splitAt), customers: formats.count(customers), weeks })}
      notes={[t('proof.rivals'), t('proof.formula')]}
    >
      <BlockStack gap="200">
        <Text as="p" variant="headingMd" fontWeight="medium">
          {t('proof.returned', { predicted: formats.count(returned.predicted), actual: formats.count(returned.actual), weeks })}
        </Text>
        <Text as="p">{t(modelWins ? 'proof.wins' : 'proof.loses')}</Text>
        {note === null ? null : <Text as="p">{note}</Text>}
      </BlockStack>
      <NumberTable
        caption={t('proof.caption')}
        nameTitle={t('proof.forecast')}
        columns={[{ title: t('proof.orders') }, { title: t('proof.absolute') }, { title: t('proof.square') }]}
        rows={[{ key: 'actual', name: t('proof.actual'), cells: [formats.count(orders.actual), '', ''] }, ...rows]}
      />
    </SectionCard>
  );
}
