import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useRevalidator } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { BlockStack, Card, Page, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { AccessesCard } from '#app/components/privacy/accesses-card.tsx';
import { DataRequestsCard } from '#app/components/privacy/data-requests-card.tsx';
import { KeptCard } from '#app/components/privacy/kept-card.tsx';
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

interface RedactionsCardProps {
  customers: number;
  lastAtMs: number | null;
  timeZone: string | undefined;
}

function RedactionsCard({ customers, lastAtMs, timeZone }: RedactionsCardProps) {
  const { t } = useTranslation('privacy');
  const formats = useFormats();
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t('redactions.title')}
        </Text>
        {lastAtMs === null ? (
          <Text as="p">{t('redactions.none')}</Text>
        ) : (
          <>
            <Text as="p">
              {t('redactions.some', { count: customers, number: formats.count(customers), date: formats.instant(lastAtMs, timeZone) })}
            </Text>
            <Text as="p" tone="subdued">
              {t('redactions.text')}
            </Text>
          </>
        )}
      </BlockStack>
    </Card>
  );
}
