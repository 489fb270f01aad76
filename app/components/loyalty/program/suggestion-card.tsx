import { Banner, BlockStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { usePointsWords } from '#app/components/loyalty/members/use-points-words.ts';
import type { SuggestionReason } from '#app/domain/loyalty/program/suggest-program.ts';

/** Why the program that is suggested is as it is. */
export function SuggestionCard({ reason, currency }: { reason: SuggestionReason; currency: string }) {
  const { t } = useTranslation('loyalty');
  const formats = useFormats();
  const pointsOf = usePointsWords();
  return (
    <Banner tone="info" title={t('suggestion.title')}>
      <BlockStack gap="100">
        {reason.kind === 'usual' ? (
          <Text as="p">{t('suggestion.usual', { orders: formats.count(reason.orders), needed: formats.count(reason.ordersNeeded) })}</Text>
        ) : (
          <>
            <Text as="p">
              {t('suggestion.own', {
                aov: formats.money(reason.aovMinor, currency),
                points: pointsOf(reason.pointsAnOrder),
                reward: formats.money(reason.firstRewardMinor, currency),
                rewardPoints: pointsOf(reason.firstRewardPoints),
                orders: formats.count(reason.ordersToFirstReward),
              })}
            </Text>
            {reason.repeatPurchaseRate === null ? null : (
              <Text as="p">{t(reason.aim === 'second-order' ? 'suggestion.few' : 'suggestion.many', { share: formats.percent(reason.repeatPurchaseRate) })}</Text>
            )}
          </>
        )}
        <Text as="p">{t('suggestion.change')}</Text>
      </BlockStack>
    </Banner>
  );
}
