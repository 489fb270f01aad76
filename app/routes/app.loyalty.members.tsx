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
import { explainOrder } from '#app/services/loyalty/explain-order.server.ts';
import { listMembers } from '#app/services/loyalty/list-members.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const query = new URL(request.url).searchParams;
  const question = membersQuestionOf(query);
  const { sort, isRising, search } = question;
  const asked = (query.get('order') ?? '').trim().slice(0, 60) || null;
  const [list, answer] = await Promise.all([
    listMembers(context, question),
    asked === null ? null : explainOrder(context, { words: asked, memberId: null }),
  ]);
  return json({ ...list, asked, answer, sort: `${sort}-${isRising ? 'asc' : 'desc'}`, q: search ?? '' });
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
  const ask = (words: string) =>
    setSearch(
      (known) => {
        known.set('order', words);
        return known;
      },
      { preventScrollReset: true },
    );
  return (
    <Page
      title={t('title')}
      subtitle={t('lead')}
      backAction={{ content: t('loyalty:title'), url: '/app/loyalty' }}
      secondaryActions={list.members === 0 ? [] : <ExportMembers importUrl="/app/loyalty/import" />}
    >
      <TitleBar title={t('title')} />
      <LoyaltyTabs current="members" />
      <MembersPage key={list.q} {...list} names={names} isLoading={state === 'loading'} onChange={change} onAsk={ask} />
    </Page>
  );
}
