import { BlockStack, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { MemberPage } from '#app/domain/loyalty/members/member-page.ts';
import type { ToldTierChange } from '#app/domain/loyalty/members/told-tier.ts';
import { isolated } from './isolated.ts';
import { usePointsWords } from './use-points-words.ts';

type TierHistoryProps = Pick<MemberPage, 'tiers' | 'tierKeptUntil' | 'currency' | 'timeZone'>;

/** Which tiers a member was given, why, and until when the present one is certain; nothing for who never was given any. */
export function TierHistory({ tiers, tierKeptUntil, currency, timeZone }: TierHistoryProps) {
  const { t } = useTranslation('loyaltyTiers');
  const formats = useFormats();
  const amountOf = useBasisWords(currency);
  if (tiers.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">{t('history.title')}</Text>
        <Text as="p" tone="subdued">{t('history.text')}</Text>
        {tierKeptUntil === null ? null : <Text as="p">{t('history.keptUntil', { day: formats.day(tierKeptUntil) })}</Text>}
        {tiers.map((change, index) => (
          <BlockStack key={tiers.length - index}>
            <Text as="p" tone={change.standing === 'overtaken' ? 'subdued' : undefined}>
              {t(`history.${change.standing}.${change.code}`, {
                tier: isolated(change.tier),
                instant: formats.instant(change.effectiveAtMs, timeZone),
                amount: amountOf(change, change.amount),
                threshold: amountOf(change, change.threshold),
              })}
            </Text>
            {change.from === null ? null : (
              <Text as="p" tone="subdued" variant="bodySm">{t('history.since', { day: formats.day(change.from) })}</Text>
            )}
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}

/** Money, points or orders, whichever the tier went by. */
function useBasisWords(currency: string): (change: ToldTierChange, amount: number) => string {
  const { t } = useTranslation('loyaltyTiers');
  const formats = useFormats();
  const pointsOf = usePointsWords();
  return ({ basis }, amount) => {
    if (basis === 'spend') return formats.money(amount, currency);
    return basis === 'orders' ? t('history.orders', { count: amount, number: formats.count(amount) }) : pointsOf(amount);
  };
}
