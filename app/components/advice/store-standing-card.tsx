import { Link } from '@remix-run/react';
import { Badge, BlockStack, InlineGrid, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { customersLink } from '#app/components/customers-link.ts';
import { useFormats } from '#app/components/formats.tsx';
import { SectionCard } from '#app/components/section-card.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import { LEAST_KNOWN, STAGE_STEPS, STORE_STAGES, YEAR_DAYS } from '#app/domain/retention/advice/store-standing.ts';
import type { StoreStanding } from '#app/domain/retention/advice/store-standing.ts';
import type { Condition } from '#app/domain/segments/segment.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { placesOf, StandingMatrix } from './standing-matrix.tsx';

export interface StoreStandingCardProps {
  standing: StoreStanding;
  currency: string;
  asOf: string;
}

/** The stage of the store, its place among kinds of trade, and what fits both. */
export function StoreStandingCard({ standing, currency, asOf }: StoreStandingCardProps) {
  const { t } = useTranslation('standing');
  const formats = useFormats();
  const sentences = useSentences(standing, currency);
  const steps = STAGE_STEPS.map((step) => formats.count(step)).join(' / ');
  return (
    <SectionCard title={t('title')} text={t('text')} notes={[t('why', { steps })]}>
      <InlineGrid columns={{ xs: 1, md: ['oneThird', 'twoThirds'] }} gap="400">
        <StandingMatrix orderValue={standing.orderValue} comingBack={standing.comingBack} asOf={asOf} />
        <BlockStack gap="300">
          <InlineStack gap="200">
            <Badge>{t(`stages.${standing.stage}`)}</Badge>
          </InlineStack>
          {sentences.map((sentence) => (
            <Text as="p" key={sentence}>
              {sentence}
            </Text>
          ))}
        </BlockStack>
      </InlineGrid>
      <MeasuresTable {...{ standing, currency, asOf }} />
    </SectionCard>
  );
}

function useSentences({ stage, orderValue, comingBack, onePointMore, ...standing }: StoreStanding, currency: string): string[] {
  const { t, i18n } = useTranslation('standing');
  const formats = useFormats();
  const least = formats.count(LEAST_KNOWN);
  const [place] = placesOf({ orderValue, comingBack });
  const sentences = [t(`stageTexts.${stage}`)];
  if (orderValue !== null && comingBack !== null && place !== undefined) sentences.push(t(`placeTexts.${place}`));
  else if (orderValue !== null) sentences.push(t(`halfTexts.${orderValue.isHigh ? 'large' : 'small'}`));
  else if (comingBack !== null) sentences.push(t(`halfTexts.${comingBack.isHigh ? 'often' : 'seldom'}`));
  if (orderValue?.isNear === true || comingBack?.isNear === true) sentences.push(t('near'));
  if (onePointMore !== null) {
    sentences.push(t('onePoint', { customers: formats.count(onePointMore.customers), money: formats.money(onePointMore.worthMinor, currency) }));
  }
  if (standing.whyNoOrderValue === 'fewOrders') {
    const { ordersOfYear, orderValueKnownOn: date } = standing;
    const pace = date === null ? t('missing.paceNever') : t('missing.paceAbout', { date: formats.day(date) });
    sentences.push(joinSentences(i18n.language, [t('missing.fewOrders', { least, orders: formats.count(ordersOfYear) }), pace]));
  }
  if (standing.whyNoOrderValue === 'noAnchor') sentences.push(t('missing.noAnchor', { currency }));
  if (comingBack === null) {
    const { customers, comingBackKnownOn: day } = standing;
    const pace = () => (day === null ? t('missing.paceFar') : t('missing.paceAbout', { date: formats.day(day.date) }));
    sentences.push(
      day?.isSure === true
        ? t('missing.comingBackOn', { least, date: formats.day(day.date) })
        : joinSentences(i18n.language, [t('missing.comingBack', { least, customers: formats.count(customers) }), pace()]),
    );
  }
  return sentences;
}

function MeasuresTable({ standing, currency, asOf }: StoreStandingCardProps) {
  const { t } = useTranslation('standing');
  const formats = useFormats();
  const { stage, customers, ordersOfYear, orderValue, comingBack } = standing;
  const next = STAGE_STEPS[STORE_STAGES.indexOf(stage)];
  const stageLine = next === undefined ? t('table.topStage') : t('table.stageLine', { number: formats.count(next) });
  const none = t('table.none');
  const linked = (count: number, conditions: readonly Condition[]) =>
    count === 0 ? formats.count(count) : <Link to={customersLink({ asOf }, conditions)}>{formats.count(count)}</Link>;
  const money = (amountMinor: number | undefined) => (amountMinor === undefined ? none : formats.money(amountMinor, currency));
  const share = (fraction: number | undefined) => (fraction === undefined ? none : formats.percent(fraction));
  return (
    <NumberTable
      caption={t('table.caption')}
      nameTitle={t('table.measure')}
      columns={[{ title: t('table.yours') }, { title: t('table.line') }]}
      rows={[
        { key: 'customers', name: t('table.customers'), cells: [linked(customers, []), stageLine] },
        { key: 'orders', name: t('table.orders'), cells: [linked(ordersOfYear, [{ kind: 'range', field: 'daysSinceLastOrder', from: null, to: YEAR_DAYS - 1 }]), stageLine] },
        { key: 'orderValue', name: t('table.orderValue'), cells: [money(orderValue?.measured), money(orderValue?.anchor)] },
        { key: 'comingBack', name: t('table.comingBack'), cells: [share(comingBack?.measured), share(comingBack?.anchor)] },
      ]}
    />
  );
}
