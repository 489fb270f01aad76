import { BlockStack, Card, InlineGrid, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import type { Difference, Lift } from '#app/domain/offers/holdout/measure-lift.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';

/** As getOfferLift gives it. */
export interface ShownLift {
  followedDays: number;
  currency: string;
  offered: { customers: number; returned: number };
  heldOut: { customers: number; returned: number };
  waiting: number;
  nextAtMs: number | null;
  lift: Lift | null;
  neededHeldOut: number | null;
}

/** What the offer really added: those who got it beside those who were held out, and how sure that is. */
export function LiftCard({ shown, holdoutPercent, timeZone }: { shown: ShownLift | null; holdoutPercent: number; timeZone: string }) {
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
          <Measured shown={shown} lift={shown.lift} />
        )}
      </BlockStack>
    </Card>
  );
}

function Waiting({ shown, holdoutPercent, timeZone }: { shown: ShownLift | null; holdoutPercent: number; timeZone: string }) {
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

function Measured({ shown, lift }: { shown: ShownLift; lift: Lift }) {
  const { t, i18n } = useTranslation('offers');
  const formats = useFormats();
  const share = ({ returned, customers }: ShownLift['offered']) => (customers === 0 ? '–' : formats.percent(returned / customers));
  const points = (fraction: number) => formats.signedPoints(fraction);
  const money = (amount: number) => formats.money(amount, shown.currency);
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
      <Text as="p" tone="subdued">
        {joinSentences(i18n.language, [
          t('lift.formula', { days: shown.followedDays }),
          shown.neededHeldOut === null || isSeen ? null : t('lift.needed', { customers: formats.count(shown.neededHeldOut) }),
        ])}
      </Text>
    </BlockStack>
  );
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
