import { Badge, Banner, BlockStack, Box, Button, Card, Divider, InlineStack, Text } from '@shopify/polaris';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';

export interface DataRequestFacts {
  webhookId: string;
  requestedAtMs: number;
  dueAtMs: number;
  state: 'ready' | 'overdue' | 'handed-on' | 'nothing-held' | 'expired' | 'redacted';
  handedOnAtMs: number | null;
  /** Its answer can be downloaded. */
  isOpen: boolean;
}

const TONES = {
  ready: 'attention',
  overdue: 'critical',
  'handed-on': 'success',
  'nothing-held': 'info',
  expired: undefined,
  redacted: undefined,
} as const;

export interface DataRequestsCardProps {
  requests: readonly DataRequestFacts[];
  timeZone: string | undefined;
  keptDays: number;
  /** What is being downloaded: the request and the format, parted by a space. */
  underWay: string | null;
  hasFailed: boolean;
  onDownload: (webhookId: string, format: 'json' | 'page') => void;
}

/** Who asks is not told here: that would open what they asked for. */
export function DataRequestsCard({ requests, hasFailed, ...rest }: DataRequestsCardProps) {
  const { t } = useTranslation('privacy');
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            {t('requests.title')}
          </Text>
          <Text as="p">{requests.length === 0 ? t('requests.none') : t('requests.text')}</Text>
        </BlockStack>
        {hasFailed ? <Banner tone="critical">{t('requests.failed')}</Banner> : null}
        {requests.map((request) => (
          <Fragment key={request.webhookId}>
            <Divider />
            <DataRequest request={request} {...rest} />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

type DataRequestProps = Omit<DataRequestsCardProps, 'requests' | 'hasFailed'> & { request: DataRequestFacts };

function DataRequest({ request, timeZone, keptDays, underWay, onDownload }: DataRequestProps) {
  const { t } = useTranslation('privacy');
  const formats = useFormats();
  const { webhookId, state, requestedAtMs, dueAtMs, handedOnAtMs, isOpen } = request;
  const asked = t('requests.asked', { date: formats.instant(requestedAtMs, timeZone) });
  const isWaiting = state === 'ready' || state === 'overdue';
  const button = (format: 'json' | 'page', label: string) => (
    <Button
      onClick={() => onDownload(webhookId, format)}
      loading={underWay === `${webhookId} ${format}`}
      disabled={underWay !== null}
      accessibilityLabel={`${label} (${asked})`}
    >
      {label}
    </Button>
  );
  return (
    <BlockStack gap="200">
      <InlineStack gap="200" blockAlign="center">
        <Text as="h3" variant="headingSm">
          <span suppressHydrationWarning>{asked}</span>
        </Text>
        <Badge tone={TONES[state]}>{t(`requests.states.${state}`)}</Badge>
      </InlineStack>
      {isWaiting ? <Text as="p">{t('requests.due', { date: formats.instant(dueAtMs, timeZone) })}</Text> : null}
      {handedOnAtMs === null ? null : (
        <Text as="p">{t('requests.handedOn', { date: formats.instant(handedOnAtMs, timeZone) })}</Text>
      )}
      <Text as="p" tone="subdued">
        {t(`requests.notes.${state}`, { days: formats.count(keptDays) })}
      </Text>
      {isOpen ? (
        <Box>
          <InlineStack gap="200">
            {button('page', t('requests.read'))}
            {button('json', t('requests.json'))}
          </InlineStack>
        </Box>
      ) : null}
    </BlockStack>
  );
}
