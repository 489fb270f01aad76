import { Banner, BlockStack, Button, Card, DropZone, List, ProgressBar, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { PointWorth } from '#app/domain/loyalty/members/liability.ts';
import { ImportResult } from './import-result.tsx';
import { MOST_MEGABYTES } from './use-points-import.ts';
import type { ImportState } from './use-points-import.ts';

export interface ImportPageProps {
  currency: string;
  worth: PointWorth | null;
  hasProgram: boolean;
  state: ImportState;
  onChoose: (file: File) => void;
  onStart: (takesRepeated: boolean) => void;
  onAgain: () => void;
}

/** A file of points: what it must look like, what it would do, and then doing it. */
export function ImportPage(props: ImportPageProps) {
  const { hasProgram, state, onAgain } = props;
  const { t } = useTranslation('loyaltyImport');
  if (!hasProgram) {
    return (
      <Card>
        <BlockStack gap="300" inlineAlign="start">
          <Text as="p">{t('refusals.no-program')}</Text>
          <Button url="/app/loyalty" variant="primary">{t('actions.program')}</Button>
        </BlockStack>
      </Card>
    );
  }
  switch (state.step) {
    case 'choose':
      return <ChooseFile {...props} problem={state.problem} />;
    case 'running':
      return <Running state={state} />;
    case 'refused':
      return (
        <Banner tone="critical" action={{ content: t('actions.other'), onAction: onAgain }}>
          <p>{t(`refusals.${state.reason}`)}</p>
        </Banner>
      );
    case 'checked':
    case 'imported':
      return <ImportResult {...props} {...state} />;
  }
}

function ChooseFile({ problem, onChoose }: Pick<ImportPageProps, 'onChoose'> & { problem: 'tooLarge' | 'unreadable' | null }) {
  const { t } = useTranslation('loyaltyImport');
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">{t('file.title')}</Text>
          <Text as="p" tone="subdued">{t('file.text')}</Text>
        </BlockStack>
        {problem === null ? null : (
          <Banner tone="critical">
            <p>{t(`file.${problem}`, { most: MOST_MEGABYTES })}</p>
          </Banner>
        )}
        <DropZone
          accept=".csv,text/csv"
          type="file"
          allowMultiple={false}
          label={t('file.drop')}
          labelHidden
          onDrop={(_all, [accepted]) => {
            if (accepted !== undefined) onChoose(accepted);
          }}
        >
          <DropZone.FileUpload actionTitle={t('file.drop')} actionHint={t('file.dropHint', { most: MOST_MEGABYTES })} />
        </DropZone>
        <Columns title={t('file.required')} columns={[t('file.customer'), t('file.points')]} />
        <Columns title={t('file.optional')} columns={[t('file.expires'), t('file.occurred'), t('file.reason')]} />
        <Text as="p">{t('file.smile')}</Text>
      </BlockStack>
    </Card>
  );
}

function Columns({ title, columns }: { title: string; columns: readonly string[] }) {
  return (
    <BlockStack gap="100">
      <Text as="p" fontWeight="semibold">{title}</Text>
      <List>
        {columns.map((column) => (
          <List.Item key={column}>{column}</List.Item>
        ))}
      </List>
    </BlockStack>
  );
}

function Running({ state: { what, name, share } }: { state: Extract<ImportState, { step: 'running' }> }) {
  const { t } = useTranslation('loyaltyImport');
  const formats = useFormats();
  const label = t(`progress.${what}`, { name, percent: formats.wholePercent(share) });
  return (
    <Card>
      <BlockStack gap="300">
        <div role="status">
          <Text as="h2" variant="headingMd">{label}</Text>
        </div>
        <ProgressBar progress={share * 100} size="small" />
        {what === 'check' ? null : <Text as="p" tone="subdued">{t('progress.stay')}</Text>}
      </BlockStack>
    </Card>
  );
}
