import { BlockStack, Card, DataTable, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { privacy } from '#app/i18n/en/privacy.ts';

export interface AccessFacts {
  accessId: string;
  accessedAtMs: number;
  actor: string;
  action: string;
  records: number;
}

/** Who opened personal data, when and what for. */
export function AccessesCard({ accesses, timeZone }: { accesses: readonly AccessFacts[]; timeZone: string | undefined }) {
  const { t } = useTranslation('privacy');
  const formats = useFormats();
  const whoOf = (actor: string) => {
    const staffId = /^staff:(\d+)$/.exec(actor)?.[1];
    return staffId === undefined ? t('accesses.operator') : t('accesses.staff', { id: staffId });
  };
  const whatOf = (action: string) => (isKnownAction(action) ? t(`accesses.actions.${action}`) : action);
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

function isKnownAction(action: string): action is keyof typeof privacy.accesses.actions {
  return Object.hasOwn(privacy.accesses.actions, action);
}
