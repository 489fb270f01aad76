import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { ImportPage } from '#app/components/loyalty/import/import-page.tsx';
import { usePointsImport } from '#app/components/loyalty/import/use-points-import.ts';
import { LoyaltyTabs } from '#app/components/loyalty/loyalty-tabs.tsx';
import { merchantContext } from '#app/context.server.ts';
import { getPointWorth } from '#app/services/loyalty/get-point-worth.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  return json(await getPointWorth(await merchantContext(request)));
}

export default function LoyaltyImport() {
  const { t } = useTranslation(['loyaltyImport', 'loyaltyMembers']);
  const found = useLoaderData<typeof loader>();
  const { state, choose, start, again } = usePointsImport();
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: t('loyaltyMembers:title'), url: '/app/loyalty/members' }}>
      <TitleBar title={t('title')} />
      <LoyaltyTabs current="members" />
      <ImportPage {...found} state={state} onChoose={choose} onStart={start} onAgain={again} />
    </Page>
  );
}
