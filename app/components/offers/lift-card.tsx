import { BlockStack, Card, InlineGrid, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import type { Difference, Lift } from '#app/domain/offers/holdout/measure-lift.ts';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { useRuleNames } from './use-rule-names.ts';

interface ShownSides {
  offered: { customers: number; returned: number };
  heldOut: { customers: number; returned: number };
  lift: Lift | null;
}

/** As getOfferLift gives it. */
export interface ShownLift extends ShownSides {
  followedDays: number;
  currency: string;
  experiment: { holdoutBasisPoints: number; fromMs: number; toMs: number } | null;
  waiting: number;
  nextAtMs: number | null;
  neededHeldOut: number | null;
  rules: readonly (ShownSides & { ruleId: string; sinceMs: number | null })[];
}

interface LiftCardProps {
  shown: ShownLift | null;
  holdoutPercent: number;
  /** As saved: what they added stands by their names. */
  rules: readonly OfferRule[];
  timeZone: string;
}

const BASIS_POINTS = 10_000;

/** What the offer really added: those who got it beside those who were held out, and how sure that is. */
export function LiftCard({ shown, holdoutPercent, rules, timeZone }: LiftCardProps) {
  const { t } = useTranslation('offers');
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('lift.title')}
        </Text>
        {shown === null || shown.lift === null ? (
          <Waiting shown={shown} holdoutPercent={holdoutPercent} timeZone={timeZone} />
        ) : (
          <Measured shown={shown} lift={shown.lift} rules={rules} timeZone={timeZone} />
        )}
      </BlockStack>
    </Card>
  );
}

function Waiting({ shown, holdoutPercent, timeZone }: Omit<LiftCardProps, 'rules'>) {
  const { t } = useTranslation('offers');
  const formats = useFormats();
  const text =
    holdoutPercent === 0 && (shown?.heldOut.customers ?? 0) === 0
      ? t('lift.noHoldout')
      : shown === null || shown.nextAtMs === null
        ? t('lift.nobodyYet')
        : t('lift.waiting', { customers: formats.count(shown.waiting), day: formats.instant(shown.nextAtMs, timeZone) });
  return (
    <Text as="p" tone="subdued">
      {text}
    </Text>
  );
}

function Measured({ shown, lift, rules, timeZone }: { shown: ShownLift; lift: Lift; rules: readonly OfferRule[]; timeZone: string }) {
  const { t, i18n } = useTranslation('offers');
  const formats = useFormats();
  const population = usePopulation(shown, timeZone);
  const share = ({ returned, customers }: ShownLift['offered']) => (customers === 0 ? '–' : formats.percent(returned / customers));
  const { points, money } = useAmounts(shown);
  const isSeen = lift.returned.low > 0 || lift.returned.high < 0;
  return (
    <BlockStack gap="300">
      <Text as="p" fontWeight="semibold">
        {t(isSeen ? (lift.returned.low > 0 ? 'lift.adds' : 'lift.takes') : 'lift.unclear')}
      </Text>
      <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
        <Figure title={t('lift.returnedMore')} difference={lift.returned} say={points} unit={t('lift.points')} />
        {lift.spentMinor === null ? null : <Figure title={t('lift.spentMore')} difference={lift.spentMinor} say={money} />}
      </InlineGrid>
      <NumberTable
        caption={t('lift.caption', { days: shown.followedDays })}
        nameTitle={t('lift.side')}
        columns={[{ title: t('lift.customers') }, { title: t('lift.returned') }, { title: t('lift.share') }]}
        rows={(['offered', 'heldOut'] as const).map((side) => ({
          key: side,
          name: t(`lift.${side}`),
          cells: [formats.count(shown[side].customers), formats.count(shown[side].returned), share(shown[side])],
        }))}
      />
      {shown.rules.length > 1 || shown.rules.some(({ sinceMs }) => sinceMs !== null) ? <ByRule shown={shown} rules={rules} timeZone={timeZone} /> : null}
      <Text as="p" tone="subdued">
        {joinSentences(i18n.language, [
          population,
          t('lift.formula', { days: shown.followedDays }),
          shown.neededHeldOut === null || isSeen ? null : t('lift.needed', { customers: formats.count(shown.neededHeldOut) }),
        ])}
      </Text>
    </BlockStack>
  );
}

/** What each rule added to those whom it fitted first. */
function ByRule({ shown, rules, timeZone }: { shown: ShownLift; rules: readonly OfferRule[]; timeZone: string }) {
  const { t } = useTranslation(['offers', 'metrics']);
  const formats = useFormats();
  const { nameOf, placeOf } = useRuleNames(rules, shown.currency);
  const { points, money } = useAmounts(shown);
  const told = (difference: Difference | null | undefined, say: (value: number) => string) =>
    difference ? t('lift.withInterval', { value: say(difference.value), low: say(difference.low), high: say(difference.high) }) : t('metrics:none');
  return (
    <BlockStack gap="200">
      <NumberTable
        caption={t('lift.byRule')}
        nameTitle={t('results.rule')}
        columns={[{ title: t('lift.offered') }, { title: t('lift.heldOut') }, { title: t('lift.returnedMorePoints') }, { title: t('lift.spentMore') }]}
        rows={[...shown.rules]
          .sort((a, b) => placeOf(a.ruleId) - placeOf(b.ruleId))
          .map(({ ruleId, sinceMs, offered, heldOut, lift }) => ({
            key: ruleId,
            name: sinceMs === null ? nameOf(ruleId) : t('lift.ruleSince', { rule: nameOf(ruleId), day: formats.instant(sinceMs, timeZone) }),
            cells: [formats.count(offered.customers), formats.count(heldOut.customers), told(lift?.returned, points), told(lift?.spentMinor, money)],
          }))}
      />
      <Text as="p" tone="subdued">
        {t('lift.byRuleText')}
      </Text>
    </BlockStack>
  );
}

function useAmounts({ currency }: ShownLift) {
  const formats = useFormats();
  return { points: (fraction: number) => formats.signedPoints(fraction), money: (amount: number) => formats.money(amount, currency) };
}

/** Whom it is about, and of when. */
function usePopulation({ experiment }: ShownLift, timeZone: string): string | null {
  const { t } = useTranslation('offers');
  const formats = useFormats();
  if (experiment === null) return null;
  const { holdoutBasisPoints, fromMs, toMs } = experiment;
  return t('lift.population', { share: formats.setPercent(holdoutBasisPoints / BASIS_POINTS), from: formats.instant(fromMs, timeZone), to: formats.instant(toMs, timeZone) });
}

interface FigureProps {
  title: string;
  difference: Difference;
  say: (value: number) => string;
  unit?: string;
}

function Figure({ title, difference: { value, low, high }, say, unit = '' }: FigureProps) {
  const { t } = useTranslation('offers');
  return (
    <BlockStack gap="100">
      <Text as="span" tone="subdued">
        {title}
      </Text>
      <Text as="span" variant="headingLg">
        {`${say(value)} ${unit}`.trim()}
      </Text>
      <Text as="span" tone="subdued">
        {t('lift.interval', { low: say(low), high: say(high) })}
      </Text>
    </BlockStack>
  );
}
