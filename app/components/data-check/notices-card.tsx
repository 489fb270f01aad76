import { BlockStack, Button, Card, InlineStack, List, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { WebhookNotices } from '#app/domain/sync/webhook-notices.ts';
import { dataCheck } from '#app/i18n/en/data-check.ts';

// Enough to see what kind they are; trying again takes all of them.
const MAX_SHOWN = 10;

interface NoticesCardProps {
  notices: WebhookNotices;
  timeZone: string | null;
  isSubmitting: boolean;
  onRetry: () => void;
}

/** Webhooks that wait and those that were given up, under the name that a merchant knows. */
export function NoticesCard({ notices, timeZone, isSubmitting, onRetry }: NoticesCardProps) {
  const { t } = useTranslation('dataCheck');
  const formats = useFormats();
  const { waiting, dead } = notices;
  const wordOf = (topic: string) => (isKnownTopic(topic) ? t(`notices.topics.${topic}`) : topic);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('notices.title')}
        </Text>
        {waiting === 0 && dead.length === 0 ? <Text as="p">{t('notices.none')}</Text> : null}
        {waiting === 0 ? null : <Text as="p">{t('notices.waiting', { count: waiting, number: formats.count(waiting) })}</Text>}
        {dead.length === 0 ? null : (
          <BlockStack gap="200">
            <Text as="p">{t('notices.dead', { count: dead.length, number: formats.count(dead.length) })}</Text>
            <List>
              {dead.slice(0, MAX_SHOWN).map(({ webhookId, topic, receivedAtMs }) => (
                <List.Item key={webhookId}>
                  <span suppressHydrationWarning>
                    {t('notices.one', { topic: wordOf(topic), at: formats.instant(receivedAtMs, timeZone ?? undefined) })}
                  </span>
                </List.Item>
              ))}
            </List>
            {dead.some(({ canRedrive }) => canRedrive) ? (
              <InlineStack>
                <Button onClick={onRetry} loading={isSubmitting}>
                  {t('notices.retry')}
                </Button>
              </InlineStack>
            ) : null}
          </BlockStack>
        )}
      </BlockStack>
    </Card>
  );
}

function isKnownTopic(topic: string): topic is keyof typeof dataCheck.notices.topics {
  return Object.hasOwn(dataCheck.notices.topics, topic);
}
