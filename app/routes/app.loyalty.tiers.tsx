import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { LoyaltyTabs } from '#app/components/loyalty/loyalty-tabs.tsx';
import { shouldShowAnew } from '#app/components/loyalty/program/program-answer.ts';
import { TiersPage } from '#app/components/loyalty/program/tiers-page.tsx';
import { UnknownShop } from '#app/components/loyalty/program/unknown-shop.tsx';
import { useProgramSaving } from '#app/components/loyalty/program/use-program-saving.ts';
import { merchantContext } from '#app/context.server.ts';
import { getProgram } from '#app/services/loyalty/get-program.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  return json(await getProgram(await merchantContext(request)));
}

export const shouldRevalidate = shouldShowAnew;

export default function LoyaltyTiers() {
  const { t } = useTranslation(['loyaltyTiers', 'loyalty']);
  const found = useLoaderData<typeof loader>();
  const saving = useProgramSaving(found?.version ?? 0);
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: t('loyalty:title'), url: '/app/loyalty' }}>
      <TitleBar title={t('title')} />
      <LoyaltyTabs current="tiers" />
      {/* What was saved replaces what was typed. */}
      {found === null ? <UnknownShop /> : <TiersPage key={found.version} {...found} saving={saving} />}
    </Page>
  );
}
