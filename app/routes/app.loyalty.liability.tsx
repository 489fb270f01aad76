import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { LiabilityPage } from '#app/components/loyalty/liability/liability-page.tsx';
import { LoyaltyTabs } from '#app/components/loyalty/loyalty-tabs.tsx';
import { ExportLiability } from '#app/components/loyalty/members/export-members.tsx';
import { UnknownShop } from '#app/components/loyalty/program/unknown-shop.tsx';
import { merchantContext } from '#app/context.server.ts';
import { getLiability } from '#app/services/loyalty/get-liability.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  return json(await getLiability(await merchantContext(request)));
}

export default function LoyaltyLiability() {
  const { t } = useTranslation(['loyaltyLiability', 'loyalty']);
  const liability = useLoaderData<typeof loader>();
  return (
    <Page
      title={t('title')}
      subtitle={t('lead')}
      backAction={{ content: t('loyalty:title'), url: '/app/loyalty' }}
      secondaryActions={liability === null ? [] : <ExportLiability label={t('export')} />}
    >
      <TitleBar title={t('title')} />
      <LoyaltyTabs current="liability" />
      {liability === null ? <UnknownShop /> : <LiabilityPage {...liability} />}
    </Page>
  );
}
