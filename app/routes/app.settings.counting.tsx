import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { CountingPage } from '#app/components/counting/counting-page.tsx';
import { useSaving } from '#app/components/use-saving.ts';
import { merchantContext } from '#app/context.server.ts';
import { saveSettings } from '#app/http/save-settings.server.ts';
import { getCounting, saveCounting } from '#app/services/retention/save-counting.server.ts';

// No word of either is longer.
const wordSchema = z.string().max(40);
const formSchema = z.object({ preset: wordSchema, value: wordSchema });

export async function loader({ request }: LoaderFunctionArgs) {
  return json(await getCounting(await merchantContext(request)));
}

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  return saveSettings(context, {
    posted: await readForm(request, formSchema),
    save: async (posted) => ({ outcome: (await saveCounting(context, posted)).ok ? 'saved' : 'failed' }),
    problem: 'The way of counting could not be saved',
  });
}

export default function Counting() {
  const { t } = useTranslation('counting');
  const { t: tShell } = useTranslation('shell');
  const { counting, currency } = useLoaderData<typeof loader>();
  const { isSaving, hasFailed, save } = useSaving(t('saved'));
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: tShell('nav.overview'), url: '/app' }}>
      <TitleBar title={t('title')} />
      <CountingPage
        // What was saved replaces what was chosen.
        key={`${counting.preset} ${counting.value}`}
        saved={counting}
        currency={currency}
        isSaving={isSaving}
        hasFailed={hasFailed}
        onSave={({ preset, value }) => save({ preset, value })}
      />
    </Page>
  );
}
