import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { LoyaltyTabs } from '#app/components/loyalty/loyalty-tabs.tsx';
import { shouldShowAnew } from '#app/components/loyalty/program/program-answer.ts';
import { RewardsPage } from '#app/components/loyalty/program/rewards-page.tsx';
import { UnknownShop } from '#app/components/loyalty/program/unknown-shop.tsx';
import { useProgramSaving } from '#app/components/loyalty/program/use-program-saving.ts';
import { merchantContext } from '#app/context.server.ts';
import { getProgram } from '#app/services/loyalty/get-program.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  return json(await getProgram(await merchantContext(request)));
}

export const shouldRevalidate = shouldShowAnew;

export default function LoyaltyRewards() {
  const { t } = useTranslation(['loyaltyRewards', 'loyalty']);
  const found = useLoaderData<typeof loader>();
  const saving = useProgramSaving(found?.version ?? 0);
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: t('loyalty:title'), url: '/app/loyalty' }}>
      <TitleBar title={t('title')} />
      <LoyaltyTabs current="rewards" />
      {/* What was saved replaces what was typed. */}
      {found === null ? <UnknownShop /> : <RewardsPage key={found.version} {...found} saving={saving} />}
    </Page>
  );
}
