import { BlockStack, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';

interface RedactionsCardProps {
  customers: number;
  lastAtMs: number | null;
  timeZone: string | undefined;
}

/** How many customers were forgotten; who they were is known to nobody any more. */
export function RedactionsCard({ customers, lastAtMs, timeZone }: RedactionsCardProps) {
  const { t } = useTranslation('privacy');
  const formats = useFormats();
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t('redactions.title')}
        </Text>
        {lastAtMs === null ? (
          <Text as="p">{t('redactions.none')}</Text>
        ) : (
          <>
            <Text as="p">
              <span suppressHydrationWarning>
                {t('redactions.some', { count: customers, number: formats.count(customers), date: formats.instant(lastAtMs, timeZone) })}
              </span>
            </Text>
            <Text as="p" tone="subdued">
              {t('redactions.text')}
            </Text>
          </>
        )}
      </BlockStack>
    </Card>
  );
}
