import { Badge, BlockStack, Box, Card, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';

const SAMPLE_CODE = 'BACK-SAMPLE42';

interface OfferPreviewProps {
  /** Null while a field is wrong. */
  settings: OfferSettings | null;
  currency: string | null;
  /** Days since 1970-01-01, in the shop's zone. */
  today: number;
}

/** The block of the thank-you page as it would be for an order placed today. */
export function OfferPreview({ settings, currency, today }: OfferPreviewProps) {
  const { t } = useTranslation('offers');
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t('preview.title')}
          </Text>
          {settings === null ? null : (
            <Badge tone={settings.isEnabled ? 'success' : undefined}>
              {t(settings.isEnabled ? 'status.on' : 'status.off')}
            </Badge>
          )}
        </InlineStack>
        {settings === null ? (
          <Text as="p" tone="subdued">
            {t('preview.incomplete')}
          </Text>
        ) : (
          <Block settings={settings} currency={currency} today={today} />
        )}
        <Text as="p" tone="subdued">
          {t(settings?.isEnabled === false ? 'preview.off' : 'preview.language')}
        </Text>
      </BlockStack>
    </Card>
  );
}

function Block({ settings, currency, today }: OfferPreviewProps & { settings: OfferSettings }) {
  const { t } = useTranslation('offers');
  const formats = useFormats();
  const { percentBasisPoints, validDays, minimumSubtotalMinor } = settings;
  const hasMinimum = minimumSubtotalMinor > 0 && currency !== null;
  return (
    <Box borderColor="border" borderWidth="025" borderRadius="200" padding="400">
      <BlockStack gap="300">
        <Text as="h3" variant="headingSm">
          {t('preview.heading')}
        </Text>
        <Text as="p">{t('preview.sentence', { percent: String(percentBasisPoints / 100) })}</Text>
        <InlineStack gap="300" blockAlign="center">
          <Box background="bg-surface-secondary" borderRadius="200" padding="200">
            <Text as="span" fontWeight="bold">
              {SAMPLE_CODE}
            </Text>
          </Box>
          <Text as="span" tone="subdued">
            {t('preview.copy')}
          </Text>
        </InlineStack>
        <BlockStack gap="050">
          <Text as="p" tone="subdued">
            {t('preview.validUntil', { date: formats.day(formatDay(today + validDays)) })}
          </Text>
          {hasMinimum ? (
            <Text as="p" tone="subdued">
              {t('preview.minimum', { amount: formats.money(minimumSubtotalMinor, currency) })}
            </Text>
          ) : null}
          <Text as="p" tone="subdued">
            {t('preview.onceForYou')}
          </Text>
        </BlockStack>
      </BlockStack>
    </Box>
  );
}
