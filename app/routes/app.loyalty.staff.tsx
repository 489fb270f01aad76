import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { readPermissionsForm } from '#app/adapters/http/read-permissions-form.server.ts';
import { LoyaltyTabs } from '#app/components/loyalty/loyalty-tabs.tsx';
import type { PermissionsAnswer } from '#app/components/loyalty/staff/permissions-answer.ts';
import { PermissionsPage } from '#app/components/loyalty/staff/permissions-page.tsx';
import { useSavingAnswer } from '#app/components/use-saving.ts';
import { merchantContext } from '#app/context.server.ts';
import { getPermissions } from '#app/services/staff/get-permissions.server.ts';
import { savePermissions } from '#app/services/staff/save-permissions.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  return json(await getPermissions(context, context));
}

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const posted = await readPermissionsForm(request);
  if (posted === null) return json<PermissionsAnswer>({ outcome: 'refused', reason: 'failed' }, { status: 400 });
  const saved = await savePermissions(context, context, posted);
  if (saved.ok) return json<PermissionsAnswer>({ outcome: 'saved' });
  const isForbidden = saved.reason === 'not-allowed' || saved.reason === 'not-confirmed';
  return json<PermissionsAnswer>({ outcome: 'refused', reason: saved.reason }, { status: isForbidden ? 403 : 422 });
}

export default function LoyaltyStaff() {
  const { t } = useTranslation(['loyaltyStaff', 'loyaltyMembers']);
  const page = useLoaderData<typeof loader>();
  const fetcher = useFetcher<PermissionsAnswer>();
  const answer = useSavingAnswer(fetcher, t('saved'));
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: t('loyaltyMembers:title'), url: '/app/loyalty/members' }}>
      <TitleBar title={t('title')} />
      <LoyaltyTabs current="members" />
      <PermissionsPage
        // What was saved replaces what was chosen.
        key={page.changeNo}
        {...page}
        isSaving={fetcher.state !== 'idle'}
        refusal={answer?.outcome === 'refused' ? answer.reason : null}
        onSave={({ draft, formKey }) => fetcher.submit({ draft: JSON.stringify(draft), basedOn: String(page.changeNo), formKey }, { method: 'post' })}
      />
    </Page>
  );
}
