import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useReloadWhile } from '#app/components/customers/use-reload-while.ts';
import { LoyaltyTabs } from '#app/components/loyalty/loyalty-tabs.tsx';
import { shouldShowAnew } from '#app/components/loyalty/program/program-answer.ts';
import { ProgramPage } from '#app/components/loyalty/program/program-page.tsx';
import { UnknownShop } from '#app/components/loyalty/program/unknown-shop.tsx';
import { useProgramSaving } from '#app/components/loyalty/program/use-program-saving.ts';
import { merchantContext } from '#app/context.server.ts';
import { getProgram } from '#app/services/loyalty/get-program.server.ts';
import { getTraces } from '#app/services/loyalty/traces/get-traces.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const [found, traces] = await Promise.all([getProgram(context), getTraces(context)]);
  return json({ found, traces, staffId: context.staffId });
}

export const shouldRevalidate = shouldShowAnew;

export default function Loyalty() {
  const { t } = useTranslation('loyalty');
  const { t: tShell } = useTranslation('shell');
  const { found, traces, staffId } = useLoaderData<typeof loader>();
  useReloadWhile(found?.past.progress?.isUnderWay === true);
  const saving = useProgramSaving(found?.version ?? 0);
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: tShell('nav.overview'), url: '/app' }}>
      <TitleBar title={t('title')} />
      <LoyaltyTabs current="program" />
      {/* What was saved replaces what was typed. */}
      {found === null ? <UnknownShop /> : <ProgramPage key={found.version} {...found} traces={traces} staffId={staffId} saving={saving} />}
    </Page>
  );
}
