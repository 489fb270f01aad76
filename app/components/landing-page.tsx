import { BlockStack, Box, Button, Card, Page, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

/** For a person who opened the app's own address: the app lives in the Shopify admin. */
export function LandingPage() {
  const { t } = useTranslation('shell');
  return (
    <Page narrowWidth>
      <Card>
        <BlockStack gap="400">
          <Text as="h1" variant="headingLg">
            {t('landing.title')}
          </Text>
          <Text as="p">{t('landing.text')}</Text>
          <Box>
            <Button variant="primary" url="https://admin.shopify.com" external>
              {t('landing.openAdmin')}
            </Button>
          </Box>
        </BlockStack>
      </Card>
    </Page>
  );
}
