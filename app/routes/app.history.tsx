import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { BlockStack, Page, Text } from '@shopify/polaris';
import { TitleBar } from '@shopify/app-bridge-react';
import { useTranslation } from 'react-i18next';

import { HistoryCard } from '#app/components/importing/history-card.tsx';
import { ImportCard } from '#app/components/importing/import-card.tsx';
import { UnknownPaymentStates } from '#app/components/importing/unknown-payment-states.tsx';
import { useImport } from '#app/components/importing/use-import.ts';
import { Inset } from '#app/components/inset.tsx';
import { merchantContext } from '#app/context.server.ts';
import { isImporting } from '#app/domain/sync/import-progress.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { loadImportProgress } from '#app/services/sync/load-import-progress.server.ts';
import { loadUnknownPaymentStates } from '#app/services/sync/load-unknown-payment-states.server.ts';
import { loadShopTimeZone } from '#app/services/sync/load-shop-time-zone.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  return json({
    progress: await loadImportProgress(context),
    timeZone: await loadShopTimeZone(context),
    unknownPaymentStates: await loadUnknownPaymentStates(context),
  });
}

export default function History() {
  const { t, i18n } = useTranslation('history');
  const { t: tShell } = useTranslation('shell');
  const loaded = useLoaderData<typeof loader>();
  const { progress, isSubmitting, cancel, restart } = useImport(loaded.progress);
  const isRunning = isImporting(progress) || progress.resources.length === 0;
  return (
    <Page
      title={t('title')}
      subtitle={t('lead')}
      backAction={{ content: tShell('nav.overview'), url: '/app' }}
      primaryAction={isRunning ? undefined : { content: t('restart.action'), onAction: restart, loading: isSubmitting }}
    >
      <TitleBar title={t('title')} />
      <BlockStack gap="400">
        {isRunning ? (
          <ImportCard progress={progress} isSubmitting={isSubmitting} onCancel={cancel} onRestart={restart} />
        ) : (
          progress.resources.map((resource) => (
            <HistoryCard key={resource.resource} progress={resource} timeZone={loaded.timeZone ?? undefined} />
          ))
        )}
        <UnknownPaymentStates states={loaded.unknownPaymentStates} />
        <Inset>
          <Text as="p" variant="bodySm" tone="subdued">
            {joinSentences(i18n.language, [t('recordsHint'), isRunning ? null : t('restart.hint')])}
          </Text>
        </Inset>
      </BlockStack>
    </Page>
  );
}
