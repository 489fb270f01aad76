import { BlockStack, Card, DataTable, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { ReconciliationRun } from '#app/domain/sync/reconciliation.ts';

interface EarlierChecksProps {
  runs: readonly ReconciliationRun[];
  timeZone: string | null;
}

export function EarlierChecks({ runs, timeZone }: EarlierChecksProps) {
  const { t } = useTranslation('dataCheck');
  const formats = useFormats();
  if (runs.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('earlier.title')}
        </Text>
        <DataTable
          columnContentTypes={['text', 'text', 'numeric', 'numeric', 'numeric', 'numeric']}
          headings={[
            t('earlier.when'),
            t('earlier.scope'),
            t('earlier.orders'),
            t('earlier.customers'),
            t('earlier.differences'),
            t('earlier.repaired'),
          ]}
          rows={runs.map((run) => [
            <span key={run.id} suppressHydrationWarning>
              {formats.instant(run.finishedAtMs ?? run.requestedAtMs, timeZone ?? undefined)}
            </span>,
            t(`earlier.scopes.${run.scope}`),
            ...figuresOf(run),
          ])}
        />
      </BlockStack>
    </Card>
  );

  function figuresOf(run: ReconciliationRun): string[] {
    if (run.state === 'failed' || run.state === 'cancelled') return [t(`earlier.${run.state}`), '', '', ''];
    const { ordersCompared, customersCompared, differencesFound, differencesRepaired } = run;
    return [ordersCompared, customersCompared, differencesFound, differencesRepaired].map((figure) =>
      figure === null ? '' : formats.count(figure),
    );
  }
}
