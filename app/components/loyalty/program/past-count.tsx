import { Banner, BlockStack, ProgressBar, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { Fact, Facts } from '#app/components/loyalty/facts.tsx';
import { liabilityOfPast } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { USUAL_BREAKAGE_BASIS_POINTS } from './simulation-answer.ts';
import type { PastCount } from './use-past-count.ts';

export interface PastCountViewProps {
  count: PastCount;
  program: Pick<Program, 'rewards' | 'tiers'>;
  currency: string;
}

/** What looking back comes to, before anybody is given anything. */
export function PastCountView({ count, program, currency }: PastCountViewProps) {
  const { t } = useTranslation('loyaltyPast');
  switch (count.step) {
    case 'none':
      return null;
    case 'counting':
      return (
        <BlockStack gap="200">
          <Text as="p">{t('counting')}</Text>
          <ProgressBar size="small" progress={Math.round(count.share * 100)} ariaLabelledBy="counting-past-orders" />
        </BlockStack>
      );
    case 'refused':
      return <Banner tone="warning">{t(`problems.${count.reason}`)}</Banner>;
    case 'counted':
      return <Counted count={count} program={program} currency={currency} />;
  }
}

function Counted({ count: { counted, sinceDay }, program, currency }: PastCountViewProps & { count: Extract<PastCount, { step: 'counted' }> }) {
  const { t, i18n } = useTranslation('loyaltyPast');
  const formats = useFormats();
  const { ordersSeen, earningOrders, members, points, reachReward, reachTier } = counted;
  if (points <= 0) return <Banner tone="info">{t('nothing', { orders: formats.count(ordersSeen), day: formats.day(sinceDay) })}</Banner>;
  const liability = liabilityOfPast(counted, program, { currency, breakageBasisPoints: USUAL_BREAKAGE_BASIS_POINTS });
  const breakage = formats.wholePercent(USUAL_BREAKAGE_BASIS_POINTS / 10_000);
  const money = (amountMinor: number) => formats.money(amountMinor, currency);
  return (
    <BlockStack gap="300">
      <Text as="h3" variant="headingSm">
        {t('result', { day: formats.day(sinceDay) })}
      </Text>
      <Facts>
        <Fact term={t('orders')} value={formats.count(earningOrders)} texts={[t('ordersOf', { orders: formats.count(ordersSeen) })]} />
        <Fact term={t('members')} value={formats.count(members)} />
        <Fact term={t('points')} value={formats.count(points)} />
        {liability === null ? null : (
          <Fact term={t('liability')} value={money(liability.allMinor)} texts={[t('spent', { amount: money(liability.spentMinor), breakage })]} />
        )}
        <Fact term={t('reachReward')} value={formats.count(reachReward)} />
        {program.tiers === null ? null : <Fact term={t('reachTier')} value={formats.count(reachTier)} />}
      </Facts>
      <Text as="p" variant="bodySm" tone="subdued">
        {joinSentences(i18n.language, [liability === null ? t('noMoney') : null, t('basis')])}
      </Text>
    </BlockStack>
  );
}
