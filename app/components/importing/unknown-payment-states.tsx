import { BlockStack, Card, List, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';

export interface UnknownPaymentStatesProps {
  /** Null stands for a state that Shopify did not tell. */
  states: readonly { status: string | null; orders: number }[];
}

/** Which orders count for nothing because nobody can say whether they are purchases. */
export function UnknownPaymentStates({ states }: UnknownPaymentStatesProps) {
  const { t } = useTranslation('history');
  const formats = useFormats();
  if (states.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t('unknownStates.title')}
        </Text>
        <Text as="p">{t('unknownStates.text')}</Text>
        <List>
          {states.map(({ status, orders }) => (
            <List.Item key={status ?? ''}>
              {t('unknownStates.one', {
                status: status ?? t('unknownStates.untold'),
                orders: t('kept.orders', { count: orders, number: formats.count(orders) }),
              })}
            </List.Item>
          ))}
        </List>
      </BlockStack>
    </Card>
  );
}
