import { BlockStack, ProgressBar, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { PastOfShop } from './past-answer.ts';

/** How far the awards of past orders are; nothing once they are done. */
export function PastProgress({ progress }: Pick<PastOfShop, 'progress'>) {
  const { t } = useTranslation('loyaltyPast');
  const formats = useFormats();
  if (progress === null || !progress.isUnderWay) return null;
  const { fromDay, orders, ordersSeen } = progress;
  // Some may have come since they were counted.
  const share = Math.min(1, ordersSeen / Math.max(1, orders));
  return (
    <BlockStack gap="200">
      <div id="awarding-past-orders">
        <Text as="p">{t('awarding', { day: formats.day(fromDay), seen: formats.count(Math.min(ordersSeen, orders)), orders: formats.count(orders) })}</Text>
      </div>
      <ProgressBar size="small" progress={Math.round(share * 100)} ariaLabelledBy="awarding-past-orders" />
    </BlockStack>
  );
}
