import { BlockStack, Button, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

/** Before the first pull has told the shop's currency and zone there is no program to show. */
export function UnknownShop() {
  const { t } = useTranslation('loyalty');
  return (
    <Card>
      <BlockStack gap="300" inlineAlign="start">
        <Text as="h2" variant="headingMd">
          {t('unknownYet.title')}
        </Text>
        <Text as="p" tone="subdued">
          {t('unknownYet.text')}
        </Text>
        <Button url="/app/history">{t('unknownYet.action')}</Button>
      </BlockStack>
    </Card>
  );
}
