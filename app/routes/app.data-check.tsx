import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData, useRevalidator } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Banner, BlockStack, Page } from '@shopify/polaris';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';

import { DifferenceTables } from '#app/components/data-check/difference-tables.tsx';
import { EarlierChecks } from '#app/components/data-check/earlier-checks.tsx';
import { NoticesCard } from '#app/components/data-check/notices-card.tsx';
import { ResultCard } from '#app/components/data-check/result-card.tsx';
import { UnknownPaymentStates } from '#app/components/importing/unknown-payment-states.tsx';
import { whileVisible } from '#app/components/while-visible.ts';
import { readForm } from '#app/adapters/http/read-form.server.ts';
import { merchantContext } from '#app/context.server.ts';
import { loadUnknownPaymentStates } from '#app/services/sync/load-unknown-payment-states.server.ts';
import { loadReconciliations } from '#app/services/sync/reconcile/load-reconciliations.server.ts';
import { requestReconciliation } from '#app/services/sync/reconcile/request-reconciliation.server.ts';
import { redriveDeadWebhooks } from '#app/services/sync/webhooks/dead-webhooks.server.ts';
import { loadWebhookNotices } from '#app/services/sync/webhooks/load-webhook-notices.server.ts';

const POLL_MS = 2_000;
const formSchema = z.object({ intent: z.enum(['recent', 'all', 'retry']) });

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  return json({
    report: await loadReconciliations(context),
    notices: await loadWebhookNotices(context),
    unknownPaymentStates: await loadUnknownPaymentStates(context),
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const form = await readForm(request, formSchema);
  if (form === null) return json({ done: null }, { status: 400 });
  const { intent } = form;
  if (intent === 'retry') await redriveDeadWebhooks(context, 'all');
  else await requestReconciliation(context, { scope: intent, cause: 'asked' });
  return json({ done: intent === 'retry' ? 'retried' : 'asked' });
}

export default function DataCheck() {
  const { t } = useTranslation('dataCheck');
  const { t: tShell } = useTranslation('shell');
  const { report, notices, unknownPaymentStates } = useLoaderData<typeof loader>();
  const asked = useFetcher<typeof action>();
  const isRunning = report.underWay !== null;
  // Before the first one there is nothing to see, and it begins by itself.
  useReloadWhile(isRunning || report.latest === null);
  useEffect(() => {
    if (!asked.data?.done) return;
    window.shopify.toast.show(asked.data.done === 'asked' ? t('asked') : t('notices.retried'));
  }, [asked.data, t]);

  const ask = (intent: 'recent' | 'all' | 'retry') => asked.submit({ intent }, { method: 'post' });
  const isBusy = isRunning || asked.state !== 'idle';
  return (
    <Page
      title={t('title')}
      subtitle={t('lead')}
      backAction={{ content: tShell('nav.overview'), url: '/app' }}
      primaryAction={{ content: t('now'), onAction: () => ask('recent'), loading: asked.state !== 'idle', disabled: isBusy }}
      secondaryActions={[{ content: t('all'), onAction: () => ask('all'), disabled: isBusy }]}
    >
      <TitleBar title={t('title')} />
      <BlockStack gap="400">
        {asked.data?.done === null ? <Banner tone="critical">{t('askFailed')}</Banner> : null}
        <ResultCard report={report} />
        <DifferenceTables report={report} />
        <UnknownPaymentStates states={unknownPaymentStates} />
        <NoticesCard
          notices={notices}
          timeZone={report.timeZone}
          isSubmitting={asked.state !== 'idle'}
          onRetry={() => ask('retry')}
        />
        <EarlierChecks runs={report.recent} timeZone={report.timeZone} />
      </BlockStack>
    </Page>
  );
}

/** Loads the page anew while it is looked at and a comparison is under way. */
function useReloadWhile(isRunning: boolean): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!isRunning || state !== 'idle') return;
    return whileVisible(POLL_MS, revalidate);
  }, [isRunning, revalidate, state]);
}
