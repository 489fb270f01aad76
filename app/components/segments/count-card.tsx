import { BlockStack, Button, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { ShareBar } from '#app/components/tables/share-bar.tsx';
import { segmentToQuery } from '#app/domain/segments/segment-query.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import type { LiveCount } from './use-live-count.ts';

export interface CountCardProps {
  live: LiveCount;
  segment: Segment | null;
  asOf: string;
}

/** How many belong, and the way to them. Its height stays while it counts. */
export function CountCard({ live, segment, asOf }: CountCardProps) {
  const { t, i18n } = useTranslation(['segments', 'customers']);
  const formats = useFormats();
  const { known, isCounting, hasFailed } = live;
  const { count, customers, notKnown } = known;
  const share = customers === 0 ? 0 : count / customers;
  const query = segment === null ? null : new URLSearchParams([['asOf', asOf], ...segmentToQuery(segment)]);
  const note = () => {
    if (hasFailed) return t('builder.countFailed');
    if (isCounting) return t('counting');
    return joinSentences(i18n.language, notKnown.map((field) => t('notKnown', { field: t(`customers:fields.${field}`) })));
  };
  return (
    <Card>
      <BlockStack gap="300">
        <div role="status" aria-busy={isCounting} style={{ opacity: isCounting || hasFailed ? 0.5 : 1 }}>
          <Text as="p" variant="headingLg">
            {t('builder.count', { count, number: formats.count(count) })}
          </Text>
          <Text as="p" tone="subdued">
            {t('builder.share', { share: formats.percent(share), customers: formats.count(customers) })}
          </Text>
          <ShareBar share={share} />
        </div>
        <div style={{ minBlockSize: 'var(--p-font-line-height-500)' }}>
          <Text as="p" variant="bodySm" tone="subdued">
            {note()}
          </Text>
        </div>
        <Button {...(query === null ? { disabled: true } : { url: `/app/customers?${query}` })}>{t('builder.list')}</Button>
      </BlockStack>
    </Card>
  );
}
