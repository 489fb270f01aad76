import { Badge, BlockStack, Card, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { unreadRecords } from '#app/domain/sync/import-progress.ts';
import type { ImportState, ResourceProgress } from '#app/domain/sync/import-progress.ts';
import { useImportWords } from './use-import-words.ts';
import styles from './history-card.module.css';

const TONES: Readonly<Record<ImportState, 'info' | 'success' | 'critical' | undefined>> = {
  requested: 'info',
  running: 'info',
  storing: 'info',
  completed: 'success',
  failed: 'critical',
  cancelled: undefined,
};

/** The latest import of one kind of record: its state, its figures and when. */
export function HistoryCard({ progress, timeZone }: { progress: ResourceProgress; timeZone: string | undefined }) {
  const { t } = useTranslation('history');
  const formats = useFormats();
  const { details, reason } = useImportWords(progress);
  const { resource, state, recordsKept } = progress;
  const when = (instantMs: number | null) => (instantMs === null ? t('notYet') : formats.instant(instantMs, timeZone));
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t(`resources.${resource}`)}
          </Text>
          <Badge tone={TONES[state]}>{t(`states.${state}`)}</Badge>
        </InlineStack>
        <Text as="p">{details}</Text>
        <Unread progress={progress} />
        {reason === null ? null : <Text as="p">{reason}</Text>}
        <dl className={styles.facts}>
          <Fact
            term={t('inPerennial')}
            value={recordsKept === null ? '–' : t(`kept.${resource}`, { count: recordsKept, number: formats.count(recordsKept) })}
          />
          <Fact term={t('requestedAt')} value={when(progress.requestedAtMs)} />
          <Fact term={t('startedAt')} value={when(progress.startedAtMs)} />
          <Fact term={t('finishedAt')} value={when(progress.finishedAtMs)} />
        </dl>
      </BlockStack>
    </Card>
  );
}

/** What could not be read, line by line as far as it is on record. */
function Unread({ progress }: { progress: ResourceProgress }) {
  const { t } = useTranslation('history');
  const formats = useFormats();
  const { objectsRejected } = progress;
  if (objectsRejected === 0) return null;
  const { shown, more } = unreadRecords(progress);
  return (
    <BlockStack gap="100">
      <Text as="p">{t('rejected', { count: objectsRejected, number: formats.count(objectsRejected) })}</Text>
      {shown.length === 0 ? null : (
        <ul className={styles.unread}>
          {shown.map(({ line, problem }) => (
            <li key={line}>{t('rejectedLine', { line: formats.count(line), problem })}</li>
          ))}
          {more > 0 ? <li>{t('rejectedMore', { count: more, number: formats.count(more) })}</li> : null}
        </ul>
      )}
    </BlockStack>
  );
}

function Fact({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd suppressHydrationWarning>{value}</dd>
    </div>
  );
}
