import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { CountingPage } from '#app/components/counting/counting-page.tsx';
import { merchantContext } from '#app/context.server.ts';
import { log } from '#app/logging/log.server.ts';
import { getCounting, saveCounting } from '#app/services/retention/save-counting.server.ts';

// No word of either is longer.
const wordSchema = z.string().max(40);
const formSchema = z.object({ preset: wordSchema, value: wordSchema });

export async function loader({ request }: LoaderFunctionArgs) {
  return json(await getCounting(await merchantContext(request)));
}

interface Saved {
  outcome: 'saved' | 'failed';
}

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const posted = formSchema.safeParse(await readForm(request));
  if (!posted.success) return json<Saved>({ outcome: 'failed' }, { status: 400 });
  try {
    const saved = await saveCounting(context, posted.data);
    return saved.ok ? json<Saved>({ outcome: 'saved' }) : json<Saved>({ outcome: 'failed' }, { status: 422 });
  } catch (error) {
    // The page stays, with what the merchant has chosen.
    log.error({ err: error, shopId: context.shop.shopId }, 'The way of counting could not be saved');
    return json<Saved>({ outcome: 'failed' }, { status: 500 });
  }
}

export default function Counting() {
  const { t } = useTranslation('counting');
  const { t: tShell } = useTranslation('shell');
  const { counting, currency } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<Saved>();
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  useEffect(() => {
    if (result?.outcome === 'saved') window.shopify.toast.show(t('saved'));
  }, [result, t]);
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: tShell('nav.overview'), url: '/app' }}>
      <TitleBar title={t('title')} />
      <CountingPage
        // What was saved replaces what was chosen.
        key={`${counting.preset} ${counting.value}`}
        saved={counting}
        currency={currency}
        isSaving={fetcher.state !== 'idle'}
        hasFailed={result?.outcome === 'failed'}
        onSave={({ preset, value }) => fetcher.submit({ preset, value }, { method: 'post' })}
      />
    </Page>
  );
}
