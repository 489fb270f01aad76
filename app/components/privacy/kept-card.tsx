import { BlockStack, Card, List, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';

export interface KeptDays {
  answer: number;
  handledWebhook: number;
  deadWebhook: number;
  importProblems: number;
  access: number;
  segmentUndo: number;
  shopThatLeft: number;
}

/** What is kept and for how long, in plain words. */
export function KeptCard({ keptDays }: { keptDays: KeptDays }) {
  const { t } = useTranslation('privacy');
  const formats = useFormats();
  const days = (value: number) => ({ days: formats.count(value) });
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t('kept.title')}
        </Text>
        <List>
          <List.Item>{t('kept.never')}</List.Item>
          <List.Item>{t('kept.orders')}</List.Item>
          <List.Item>{t('kept.answer', days(keptDays.answer))}</List.Item>
          <List.Item>
            {t('kept.webhooks', { ...days(keptDays.handledWebhook), deadDays: formats.count(keptDays.deadWebhook) })}
          </List.Item>
          <List.Item>{t('kept.importProblems', days(keptDays.importProblems))}</List.Item>
          <List.Item>{t('kept.staff')}</List.Item>
          <List.Item>{t('kept.access', days(keptDays.access))}</List.Item>
          <List.Item>{t('kept.segments', days(keptDays.segmentUndo))}</List.Item>
          <List.Item>{t('kept.shop', days(keptDays.shopThatLeft))}</List.Item>
        </List>
      </BlockStack>
    </Card>
  );
}
