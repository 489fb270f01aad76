import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { readTextsAddress, readTextsForm } from '#app/adapters/http/read-texts-form.server.ts';
import { TextsPage } from '#app/components/texts/texts-page.tsx';
import { useSavingAnswer } from '#app/components/use-saving.ts';
import type { Saved } from '#app/components/use-saving.ts';
import { useSearchChanges } from '#app/components/use-search-changes.ts';
import { merchantContext } from '#app/context.server.ts';
import type { TextProblems } from '#app/domain/texts/judge-texts.ts';
import { saveSettings } from '#app/http/save-settings.server.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { getTexts } from '#app/services/texts/get-texts.server.ts';
import { saveTexts } from '#app/services/texts/save-texts.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const { surface, locale } = readTextsAddress(request);
  return json(await getTexts(context, { surface: surface ?? 'thank-you', locale, adminLocale: adminLocaleOf(request).language }));
}

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  return saveSettings<object, TextProblems>(context, {
    posted: await readTextsForm(request),
    save: async (posted) => {
      const saved = await saveTexts(context, posted);
      if (saved.ok) return { outcome: 'saved' };
      return saved.reason === 'wrong-texts' ? { outcome: 'refused', problems: saved.problems } : { outcome: 'failed' };
    },
    problem: 'Texts of shoppers could not be saved',
  });
}

export default function Texts() {
  const { t } = useTranslation('texts');
  const { t: tShell } = useTranslation('shell');
  const found = useLoaderData<typeof loader>();
  const { surface, locale, saved } = found;
  const fetcher = useFetcher<Saved<TextProblems>>();
  const change = useSearchChanges();
  const result = useSavingAnswer(fetcher, t('saved'));
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
