import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import type { ShouldRevalidateFunctionArgs } from '@remix-run/react';
import { useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { isAskingForNames, useCustomerNames } from '#app/components/customers/use-customer-names.ts';
import { LoyaltyTabs } from '#app/components/loyalty/loyalty-tabs.tsx';
import { ExportMembers } from '#app/components/loyalty/members/export-members.tsx';
import { MembersPage } from '#app/components/loyalty/members/members-page.tsx';
import { merchantContext } from '#app/context.server.ts';
import { membersQuestionOf } from '#app/domain/loyalty/members/members-question.ts';
import { listMembers } from '#app/services/loyalty/list-members.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const question = membersQuestionOf(new URL(request.url).searchParams);
  const { sort, isRising, search } = question;
  return json({ ...(await listMembers(context, question)), sort: `${sort}-${isRising ? 'asc' : 'desc'}`, q: search ?? '' });
}

export function shouldRevalidate({ formAction, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs): boolean {
  return !isAskingForNames(formAction) && defaultShouldRevalidate;
}

export default function LoyaltyMembers() {
  const { t } = useTranslation(['loyaltyMembers', 'loyalty']);
  const list = useLoaderData<typeof loader>();
  const [, setSearch] = useSearchParams();
  const { state } = useNavigation();
  const names = useCustomerNames(list.rows.flatMap(({ customerId }) => customerId ?? []));
  const change = (changes: Readonly<Record<string, string | null>>) =>
    setSearch((known) => {
      // What is shown begins anew whenever it is others or another order.
      for (const [name, value] of Object.entries({ after: null, before: null, ...changes })) {
        if (value === null) known.delete(name);
        else known.set(name, value);
      }
      return known;
    });
  return (
    <Page
      title={t('title')}
      subtitle={t('lead')}
      backAction={{ content: t('loyalty:title'), url: '/app/loyalty' }}
      secondaryActions={list.members === 0 ? [] : <ExportMembers importUrl="/app/loyalty/import" />}
    >
      <TitleBar title={t('title')} />
      <LoyaltyTabs current="members" />
      <MembersPage key={list.q} {...list} names={names} isLoading={state === 'loading'} onChange={change} />
    </Page>
  );
}
