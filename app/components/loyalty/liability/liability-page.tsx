import { Banner, BlockStack, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { ChartWithTable } from '#app/components/charts/chart-with-table.tsx';
import { LineChart } from '#app/components/charts/line-chart.tsx';
import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import { Fact, Facts } from '#app/components/loyalty/facts.tsx';
import { useRewardWords } from '#app/components/loyalty/program/use-reward-words.ts';
import { SectionCard } from '#app/components/section-card.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import type { Liability } from '#app/domain/loyalty/members/liability.ts';

/** What the points that are out there come to, what came and went, and what is about to end. */
export function LiabilityPage(liability: Liability) {
  const { t } = useTranslation('loyaltyLiability');
  const formats = useFormats();
  const { differencePoints, asOfMs, timeZone } = liability;
  return (
    <BlockStack gap="400">
      <Inset>
        <Text as="p" variant="bodySm" tone="subdued">
          {t('asOf', { instant: formats.instant(asOfMs, timeZone), timeZone })}
        </Text>
      </Inset>
      {differencePoints === 0 ? null : (
        <Banner tone="warning" title={t('difference.title')}>
          <p>{t('difference.text', { points: formats.count(differencePoints) })}</p>
        </Banner>
      )}
      <Outstanding {...liability} />
      <Moved {...liability} />
      <Expiring {...liability} />
    </BlockStack>
  );
}

function Outstanding({ held, worth, costMinor, pendingCostMinor, total, breakage, currency }: Liability) {
  const { t } = useTranslation('loyaltyLiability');
  const formats = useFormats();
  const rewardWords = useRewardWords(currency);
  const money = (minor: number | null) => (minor === null ? t('noCost') : formats.money(minor, currency));
  const count = formats.count;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">{t('outstanding.title')}</Text>
        <Facts>
          <Fact
            term={t('outstanding.spendable')}
            value={count(held.spendablePoints + held.reservedPoints)}
            texts={[t('outstanding.members', { count: held.membersWithPoints, number: count(held.membersWithPoints) }), ...(held.reservedPoints === 0 ? [] : [t('outstanding.reserved', { points: count(held.reservedPoints) })])]}
          />
          <Fact
            term={t('outstanding.cost')}
            value={money(costMinor)}
            texts={[worth === null ? t('outstanding.noWorth') : t('outstanding.formula', { amount: formats.money(worth.amountMinor, currency), points: count(worth.points), reward: rewardWords(worth.reward) })]}
          />
          <Fact term={t('outstanding.pending')} value={count(held.pendingPoints)} texts={[pendingCostMinor === null ? t('outstanding.pendingText') : t('outstanding.pendingCost', { cost: money(pendingCostMinor) })]} />
          <Fact term={t('outstanding.owed')} value={count(held.owedPoints)} texts={[t('outstanding.owedText', { count: held.membersWhoOwe, number: count(held.membersWhoOwe) })]} />
          <Fact
            term={t('outstanding.breakage')}
            value={breakage === null ? t('outstanding.notYet') : formats.percent(breakage)}
            texts={[breakage === null ? t('outstanding.breakageNotYet') : t('outstanding.breakageFormula', { expired: count(total.expiredPoints), redeemed: count(total.redeemedPoints) })]}
          />
        </Facts>
        <Text as="p" variant="bodySm" tone="subdued">
          {t('outstanding.sum', {
            issued: count(total.issuedPoints),
            sign: total.adjustedPoints < 0 ? '−' : '+',
            adjusted: count(Math.abs(total.adjustedPoints)),
            redeemed: count(total.redeemedPoints),
            expired: count(total.expiredPoints),
            held: count(held.spendablePoints - held.owedPoints + held.pendingPoints + held.reservedPoints),
          })}
        </Text>
      </BlockStack>
    </Card>
  );
}

const SERIES = ['issuedPoints', 'redeemedPoints', 'expiredPoints'] as const;
const MOVED = [...SERIES, 'adjustedPoints'] as const;

function Moved({ months }: Liability) {
  const { t } = useTranslation('loyaltyLiability');
  const formats = useFormats();
  if (months.every((moved) => MOVED.every((key) => moved[key] === 0))) return <Nothing title={t('moved.title')} text={t('moved.nothing')} />;
  const names = { issuedPoints: t('moved.issued'), redeemedPoints: t('moved.redeemed'), expiredPoints: t('moved.expired') };
  const series = SERIES.map((key) => ({ name: names[key], points: months.map((moved, x) => ({ x, y: Math.max(0, moved[key]) })) }));
  const monthAt = (x: number) => formats.month(months[x]?.month ?? months[0]?.month ?? '1970-01');
  return (
    <SectionCard title={t('moved.title')} text={t('moved.text')} notes={[t('moved.net'), t('moved.entered')]}>
      <ChartWithTable
        chart={<LineChart label={t('moved.label')} series={series} xLabel={t('moved.month')} formatX={monthAt} formatY={formats.count} isCount xLabelPixels={90} />}
        table={
          <NumberTable
            caption={t('moved.title')}
            nameTitle={t('moved.month')}
            columns={[{ title: t('moved.issued') }, { title: t('moved.redeemed') }, { title: t('moved.expired') }, { title: t('moved.adjusted') }]}
            rows={[...months].reverse().map((moved) => ({
              key: moved.month,
              name: formats.month(moved.month),
              cells: MOVED.map((key) => formats.count(moved[key])),
            }))}
          />
        }
        showLabel={t('moved.show')}
        hideLabel={t('moved.hide')}
      />
    </SectionCard>
  );
}

function Expiring({ expiring, expiringLaterPoints, neverExpiringPoints }: Liability) {
  const { t } = useTranslation('loyaltyLiability');
  const formats = useFormats();
  if ([...expiring.map(({ points }) => points), expiringLaterPoints, neverExpiringPoints].every((points) => points === 0)) {
    return <Nothing title={t('expiring.title')} text={t('expiring.nothing')} />;
  }
  const rows = [
    ...expiring.map(({ month, points }) => ({ key: month, name: formats.month(month), cells: [formats.count(points)] })),
    { key: 'later', name: t('expiring.later'), cells: [formats.count(expiringLaterPoints)] },
    { key: 'never', name: t('expiring.never'), cells: [formats.count(neverExpiringPoints)] },
  ];
  return (
    <SectionCard title={t('expiring.title')} text={t('expiring.text')} notes={[t('expiring.note')]}>
      <NumberTable caption={t('expiring.title')} nameTitle={t('moved.month')} columns={[{ title: t('expiring.points') }]} rows={rows} />
    </SectionCard>
  );
}

function Nothing({ title, text }: { title: string; text: string }) {
  return (
    <Card>
      <BlockStack gap="100">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        <Text as="p" tone="subdued">
          {text}
        </Text>
      </BlockStack>
    </Card>
  );
}
