import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useRevalidator } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { BlockStack, Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { AccessesCard } from '#app/components/privacy/accesses-card.tsx';
import { DataRequestsCard } from '#app/components/privacy/data-requests-card.tsx';
import { KeptCard } from '#app/components/privacy/kept-card.tsx';
import { RedactionsCard } from '#app/components/privacy/redactions-card.tsx';
import { useAnswerDownload } from '#app/components/privacy/use-answer-download.ts';
import { merchantContext } from '#app/context.server.ts';
import { loadPrivacyOverview } from '#app/services/privacy/load-privacy-overview.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  return json(await loadPrivacyOverview(await merchantContext(request)));
}

export default function Privacy() {
  const { t, i18n } = useTranslation('privacy');
  const { t: tShell } = useTranslation('shell');
  const { dataRequests, redactions, accesses, keptDays, timeZone } = useLoaderData<typeof loader>();
  const { revalidate } = useRevalidator();
  // Who took the file is on the page at once.
  const download = useAnswerDownload(revalidate);
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: tShell('nav.overview'), url: '/app' }}>
      <TitleBar title={t('title')} />
      <BlockStack gap="400">
        <DataRequestsCard
          requests={dataRequests}
          timeZone={timeZone ?? undefined}
          keptDays={keptDays.answer}
          underWay={download.underWay}
          hasFailed={download.hasFailed}
          onDownload={(webhookId, format) => download.start(webhookId, format, i18n.language)}
        />
        <RedactionsCard {...redactions} timeZone={timeZone ?? undefined} />
        <AccessesCard accesses={accesses} timeZone={timeZone ?? undefined} />
        <KeptCard keptDays={keptDays} />
      </BlockStack>
    </Page>
  );
}
