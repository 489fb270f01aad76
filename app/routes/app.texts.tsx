import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { readTextsAddress, readTextsForm } from '#app/adapters/http/read-texts-form.server.ts';
import { TextsPage } from '#app/components/texts/texts-page.tsx';
import { useSearchChanges } from '#app/components/use-search-changes.ts';
import { merchantContext } from '#app/context.server.ts';
import type { TextProblems } from '#app/domain/texts/judge-texts.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { log } from '#app/logging/log.server.ts';
import { getTexts } from '#app/services/texts/get-texts.server.ts';
import { saveTexts } from '#app/services/texts/save-texts.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const { surface, locale } = readTextsAddress(request);
  return json(await getTexts(context, { surface: surface ?? 'thank-you', locale, adminLocale: adminLocaleOf(request).language }));
}

type Saved = { outcome: 'saved' } | { outcome: 'refused'; problems: TextProblems } | { outcome: 'failed' };

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const posted = await readTextsForm(request);
  if (posted === null) return json<Saved>({ outcome: 'failed' }, { status: 400 });
  try {
    const saved = await saveTexts(context, posted);
    if (saved.ok) return json<Saved>({ outcome: 'saved' });
    if (saved.reason === 'unreadable') return json<Saved>({ outcome: 'failed' }, { status: 400 });
    return json<Saved>({ outcome: 'refused', problems: saved.problems }, { status: 422 });
  } catch (error) {
    // The page stays, with what the merchant has typed.
    log.error({ err: error, shopId: context.shop.shopId }, 'Texts of shoppers could not be saved');
    return json<Saved>({ outcome: 'failed' }, { status: 500 });
  }
}

export default function Texts() {
  const { t } = useTranslation('texts');
  const { t: tShell } = useTranslation('shell');
  const found = useLoaderData<typeof loader>();
  const { surface, locale, saved } = found;
  const fetcher = useFetcher<Saved>();
  const change = useSearchChanges();
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  useEffect(() => {
    if (result?.outcome === 'saved') window.shopify.toast.show(t('saved'));
  }, [result, t]);
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: tShell('nav.overview'), url: '/app' }}>
      <TitleBar title={t('title')} />
      <TextsPage
        // What was saved replaces what was typed, and so does another place.
        key={`${surface} ${locale} ${JSON.stringify(saved)}`}
        {...found}
        isSaving={fetcher.state !== 'idle'}
        refused={result?.outcome === 'refused' ? result.problems : {}}
        hasFailed={result?.outcome === 'failed'}
        onSave={(changed) => fetcher.submit({ surface, language: locale, changed: JSON.stringify(changed) }, { method: 'post' })}
        onGo={(place) => {
          // The admin asks first where something is not saved; who stays, stays.
          const asked = window.shopify.saveBar.leaveConfirmation?.() ?? Promise.resolve();
          void asked.then(() => change({ surface: place.surface, language: place.locale }));
        }}
      />
    </Page>
  );
}
