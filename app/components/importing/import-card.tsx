import { Badge, BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { isImporting, stoppedResources } from '#app/domain/sync/import-progress.ts';
import type { ImportProgress } from '#app/domain/sync/import-progress.ts';
import { CancelImportDialog } from './cancel-import-dialog.tsx';
import { ResourceProgress } from './resource-progress.tsx';

export interface ImportCardProps {
  progress: ImportProgress;
  isSubmitting: boolean;
  onCancel: () => void;
  onRestart: () => void;
}

/** A pull that is running or that ended too early, with what can be done about it. */
export function ImportCard({ progress, isSubmitting, onCancel, onRestart }: ImportCardProps) {
  const { t } = useTranslation('history');
  const [isAsking, setIsAsking] = useState(false);
  const isRunning = isImporting(progress) || progress.resources.length === 0;
  const { title, text } = useHeading(progress, isRunning);
  return (
    <Card>
      <BlockStack gap="500">
        <BlockStack gap="100">
          <InlineStack gap="200" blockAlign="center">
            <Text as="h2" variant="headingMd">
              {title}
            </Text>
            {!isRunning && hasFailed(progress) ? <Badge tone="critical">{t('states.failed')}</Badge> : null}
          </InlineStack>
          <Text as="p" tone="subdued">
            {text}
          </Text>
        </BlockStack>
        {progress.resources.map((resource) => (
          <ResourceProgress key={resource.resource} progress={resource} />
        ))}
        <InlineStack align="end">
          {isRunning ? (
            <Button onClick={() => setIsAsking(true)} disabled={isSubmitting || progress.resources.length === 0}>
              {t('cancel.action')}
            </Button>
          ) : (
            <Button variant="primary" onClick={onRestart} loading={isSubmitting}>
              {t('restart.action')}
            </Button>
          )}
        </InlineStack>
      </BlockStack>
      <CancelImportDialog
        isOpen={isAsking && isRunning}
        onClose={() => setIsAsking(false)}
        onConfirm={() => {
          setIsAsking(false);
          onCancel();
        }}
      />
    </Card>
  );
}

function useHeading(progress: ImportProgress, isRunning: boolean): { title: string; text: string } {
  const { t } = useTranslation('history');
  if (isRunning && progress.hasHistory) return { title: t('importing.againTitle'), text: t('importing.againText') };
  if (isRunning) return { title: t('importing.title'), text: t('importing.text') };
  const title = hasFailed(progress) ? t('stopped.failedTitle') : t('stopped.cancelledTitle');
  if (progress.hasHistory) return { title, text: t('stopped.againText') };
  return { title, text: hasFailed(progress) ? t('stopped.failedText') : t('stopped.cancelledText') };
}

function hasFailed(progress: ImportProgress): boolean {
  return stoppedResources(progress).some(({ state }) => state === 'failed');
}
