import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { AccountsPage } from '#app/components/accounts/accounts-page.tsx';
import { merchantContext } from '#app/context.server.ts';
import { log } from '#app/logging/log.server.ts';
import { getAccountsPage, saveAccountSettings } from '#app/services/accounts/save-account-settings.server.ts';

const switchSchema = z.enum(['true', 'false']).transform((text) => text === 'true');
const formSchema = z.object({ isEnabled: switchSchema, hasFirstReminder: switchSchema, hasSecondReminder: switchSchema });

export async function loader({ request }: LoaderFunctionArgs) {
  return json(await getAccountsPage(await merchantContext(request)));
}

interface Saved {
  outcome: 'saved' | 'failed';
}

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const posted = formSchema.safeParse(await readForm(request));
  if (!posted.success) return json<Saved>({ outcome: 'failed' }, { status: 400 });
  try {
    await saveAccountSettings(context, posted.data);
    return json<Saved>({ outcome: 'saved' });
  } catch (error) {
    // The page stays, with what the merchant has chosen.
    log.error({ err: error, shopId: context.shop.shopId }, 'Account settings could not be saved');
    return json<Saved>({ outcome: 'failed' }, { status: 500 });
  }
}

export default function Accounts() {
  const { t } = useTranslation('accounts');
  const { t: tShell } = useTranslation('shell');
  const { settings, mode, counts } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<Saved>();
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  useEffect(() => {
    if (result?.outcome === 'saved') window.shopify.toast.show(t('saved'));
  }, [result, t]);
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: tShell('nav.overview'), url: '/app' }}>
      <TitleBar title={t('title')} />
      <AccountsPage
        // What was saved replaces what was chosen.
        key={JSON.stringify(settings)}
        saved={settings}
        mode={mode}
        counts={counts}
        isSaving={fetcher.state !== 'idle'}
        hasFailed={result?.outcome === 'failed'}
        onSave={({ isEnabled, hasFirstReminder, hasSecondReminder }) =>
          fetcher.submit(
            { isEnabled: String(isEnabled), hasFirstReminder: String(hasFirstReminder), hasSecondReminder: String(hasSecondReminder) },
            { method: 'post' },
          )
        }
      />
    </Page>
  );
}
