import { Badge, BlockStack, Card, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { isolated } from '#app/components/loyalty/members/isolated.ts';
import type { ProgramStatus } from '#app/domain/loyalty/program/program.ts';

export interface VersionLine {
  version: number;
  status: ProgramStatus['kind'];
  savedAtMs: number;
  savedBy: string | null;
  changed: readonly ('status' | 'earning' | 'expiry' | 'rewards' | 'tiers')[];
}

export interface HistoryCardProps {
  history: readonly VersionLine[];
  timeZone: string;
  /** Shopify's number of who looks. */
  staffId: string;
  /** What others are called, by number of staff. */
  staffNames: Readonly<Record<string, string>>;
}

/** Which versions there were, of when and by whom. */
export function HistoryCard({ history, timeZone, staffId, staffNames }: HistoryCardProps) {
  const { t } = useTranslation(['loyalty', 'metrics']);
  const formats = useFormats();
  const whoOf = (savedBy: string | null, status: VersionLine['status']) => {
    if (savedBy === null) return t(status === 'off' ? 'history.itself' : 'history.unknown');
    if (savedBy === staffId) return t('history.you');
    return isolated(staffNames[savedBy] ?? '') || t('history.staff', { id: savedBy });
  };
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('history.title')}
        </Text>
        {history.length === 0 ? (
          <Text as="p" tone="subdued">
            {t('history.none')}
          </Text>
        ) : (
          <BlockStack gap="300">
            {history.map(({ version, status, savedAtMs, savedBy, changed }) => (
              <BlockStack gap="050" key={version}>
                <InlineStack gap="200" blockAlign="center">
                  <Text as="h3" variant="headingSm">
                    {t('history.version', { version })}
                  </Text>
                  <Badge>{t(`status.${status}.badge`)}</Badge>
                </InlineStack>
                <Text as="p" tone="subdued">
                  {t('history.line', { instant: formats.instant(savedAtMs, timeZone), who: whoOf(savedBy, status) })}
                </Text>
                <Text as="p" tone="subdued">
                  {changed.length === 0 ? t('history.first') : t('history.changed', { parts: changed.map((part) => t(`history.parts.${part}`)).join(t('metrics:separator')) })}
                </Text>
              </BlockStack>
            ))}
          </BlockStack>
        )}
        <Text as="p" variant="bodySm" tone="subdued">
          {t('history.note')}
        </Text>
      </BlockStack>
    </Card>
  );
}
