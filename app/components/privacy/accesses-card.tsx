import { BlockStack, Card, DataTable, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';

export interface AccessFacts {
  accessId: string;
  accessedAtMs: number;
  actor: string;
  action: string;
  records: number;
}

const ACTIONS = ['data-request-json', 'data-request-page', 'data-request-terminal', 'customer-names'] as const;

/** Who opened personal data, when and what for. */
export function AccessesCard({ accesses, timeZone }: { accesses: readonly AccessFacts[]; timeZone: string | undefined }) {
  const { t } = useTranslation('privacy');
  const formats = useFormats();
  const whoOf = (actor: string) => {
    const staffId = /^staff:(\d+)$/.exec(actor)?.[1];
    return staffId === undefined ? t('accesses.operator') : t('accesses.staff', { id: staffId });
  };
  const whatOf = (action: string) => {
    const known = ACTIONS.find((name) => name === action);
    return known === undefined ? action : t(`accesses.actions.${known}`);
  };
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t('accesses.title')}
        </Text>
        {accesses.length === 0 ? (
          <Text as="p">{t('accesses.none')}</Text>
        ) : (
          <DataTable
            columnContentTypes={['text', 'text', 'text', 'numeric']}
            headings={[t('accesses.when'), t('accesses.who'), t('accesses.what'), t('accesses.records')]}
            rows={accesses.map(({ accessId, accessedAtMs, actor, action, records }) => [
              <span key={accessId} suppressHydrationWarning>
                {formats.instant(accessedAtMs, timeZone)}
              </span>,
              whoOf(actor),
              whatOf(action),
              formats.count(records),
            ])}
          />
        )}
      </BlockStack>
    </Card>
  );
}
