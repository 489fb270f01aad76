import { BlockStack, InlineStack, ProgressBar, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { importedFraction } from '#app/domain/sync/import-progress.ts';
import type { ResourceProgress as Progress } from '#app/domain/sync/import-progress.ts';
import { useImportWords } from './use-import-words.ts';

/** One kind of record on its way in. All states take the same room, so that nothing moves when one follows another. */
export function ResourceProgress({ progress }: { progress: Progress }) {
  const { t } = useTranslation('history');
  const formats = useFormats();
  const { recordsKept } = progress;
  const fraction = importedFraction(progress);
  const label = t(`resources.${progress.resource}`);
  const { details, reason } = useImportWords(progress);
  return (
    <BlockStack gap="150">
      <InlineStack align="space-between" blockAlign="baseline" gap="200" wrap={false}>
        <Text as="h3" variant="headingSm">
          {label}
        </Text>
        <Text as="span" variant="bodyMd" numeric>
          {recordsKept === null ? null : t(`kept.${progress.resource}`, { count: recordsKept, number: formats.count(recordsKept) })}
        </Text>
      </InlineStack>
      <ProgressBar
        progress={(fraction ?? 0) * 100}
        size="small"
        tone={progress.state === 'failed' ? 'critical' : 'primary'}
        ariaLabelledBy={`import-${progress.resource}`}
      />
      <InlineStack align="space-between" gap="200" wrap={false}>
        <Text as="span" variant="bodySm" tone="subdued" id={`import-${progress.resource}`}>
          {t('stateAndDetails', { state: t(`states.${progress.state}`), details })}
        </Text>
        <Text as="span" variant="bodySm" tone="subdued" numeric>
          {fraction === null ? '' : formats.wholePercent(Math.floor(fraction * 100) / 100)}
        </Text>
      </InlineStack>
      {reason === null ? null : (
        <Text as="p" variant="bodySm">
          {reason}
        </Text>
      )}
    </BlockStack>
  );
}
