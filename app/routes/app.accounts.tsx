import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { AccountPreview } from '#app/components/accounts/account-preview.tsx';
import { AccountsPage } from '#app/components/accounts/accounts-page.tsx';
import { useSaving } from '#app/components/use-saving.ts';
import { merchantContext } from '#app/context.server.ts';
import { saveSettings } from '#app/http/save-settings.server.ts';
import { getAccountsPage, saveAccountSettings } from '#app/services/accounts/save-account-settings.server.ts';

const switchSchema = z.enum(['true', 'false']).transform((text) => text === 'true');
const formSchema = z.object({ isEnabled: switchSchema, hasFirstReminder: switchSchema, hasSecondReminder: switchSchema });

export async function loader({ request }: LoaderFunctionArgs) {
  return json(await getAccountsPage(await merchantContext(request)));
}

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  return saveSettings(context, {
    posted: await readForm(request, formSchema),
    save: async (posted) => {
      await saveAccountSettings(context, posted);
      return { outcome: 'saved' };
    },
    problem: 'Account settings could not be saved',
  });
}

export default function Accounts() {
  const { t } = useTranslation('accounts');
  const { t: tShell } = useTranslation('shell');
  const { settings, mode, counts, unsent } = useLoaderData<typeof loader>();
  const { isSaving, hasFailed, save } = useSaving(t('saved'));
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: tShell('nav.overview'), url: '/app' }}>
      <TitleBar title={t('title')} />
      <AccountsPage
        // What was saved replaces what was chosen.
        key={JSON.stringify(settings)}
        saved={settings}
        mode={mode}
        counts={counts}
        unsent={unsent}
        isSaving={isSaving}
        hasFailed={hasFailed}
        previewOf={({ isEnabled }) => <AccountPreview isEnabled={isEnabled} mode={mode} />}
        onSave={({ isEnabled, hasFirstReminder, hasSecondReminder }) =>
          save({ isEnabled: String(isEnabled), hasFirstReminder: String(hasFirstReminder), hasSecondReminder: String(hasSecondReminder) })
        }
      />
    </Page>
  );
}
