import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import type { ShouldRevalidateFunctionArgs } from '@remix-run/react';
import { useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { InlineStack, Page } from '@shopify/polaris';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { AwaitedCard } from '#app/components/awaited-card.tsx';
import { changeSearch } from '#app/components/change-search.ts';
import type { SearchChanges } from '#app/components/change-search.ts';
import { codesOfConditions, countryNamesOf } from '#app/components/cohorts/country-names.ts';
import { CustomersPage } from '#app/components/customers/customers-page.tsx';
import { ExportCustomersButton } from '#app/components/customers/export-customers-button.tsx';
import { useReloadWhile } from '#app/components/customers/use-reload-while.ts';
import { isAskingForNames, useCustomerNames } from '#app/components/customers/use-customer-names.ts';
import { SaveAsSegmentButton } from '#app/components/segments/save-as-segment-button.tsx';
import { merchantContext } from '#app/context.server.ts';
import { customersQuestionOf } from '#app/domain/segments/customers-question.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { listCustomers } from '#app/services/retention/list-customers.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const { segment, unread, sortName, ...question } = customersQuestionOf(new URL(request.url).searchParams);
  const list = await listCustomers(context, { ...question, segment });
  if (list === null) return json(null);
  const codes = [...list.choices.country, ...list.choices.region, ...codesOfConditions(segment.conditions)];
  const countryNames = countryNamesOf(codes, adminLocaleOf(request).language);
  return json({ ...list, countryNames, segment, unread, sort: sortName, q: question.search ?? '', nowMs: context.now().getTime() });
}

export function shouldRevalidate({ formAction, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs): boolean {
  return !isAskingForNames(formAction) && defaultShouldRevalidate;
}

function ListActions({ asOf, segment }: { asOf: string; segment: Segment }) {
  return (
    <InlineStack gap="200">
      <SaveAsSegmentButton segment={segment} />
      <ExportCustomersButton asOf={asOf} />
    </InlineStack>
  );
}

export default function Customers() {
  const { t } = useTranslation('customers');
  const loaded = useLoaderData<typeof loader>();
  const [search, setSearch] = useSearchParams();
  const { state } = useNavigation();
  useReloadWhile(loaded?.isPredicting ?? false);
  const names = useCustomerNames(loaded?.rows.flatMap(({ id }) => id ?? []) ?? []);
  const change = useCallback(
    // What is shown begins anew whenever it is other customers or another order.
    (changes: SearchChanges) => setSearch((known) => changeSearch(known, { after: null, before: null, ...changes })),
    [setSearch],
  );
  const asOf = search.get('asOf');
  const addressOf = (id: string) => `/app/customers/${id}${asOf === null ? '' : `?asOf=${encodeURIComponent(asOf)}`}`;
  return (
    <Page title={t('title')} fullWidth secondaryActions={loaded === null || loaded.count === 0 ? [] : <ListActions asOf={loaded.asOf} segment={loaded.segment} />}>
      <TitleBar title={t('title')} />
      {loaded === null ? (
        <AwaitedCard title={t('empty.importingTitle')} text={t('empty.importingText')} action={t('empty.toOverview')} />
      ) : (
        <CustomersPage {...loaded} names={names} isLoading={state === 'loading'} onChange={change} addressOf={addressOf} />
      )}
    </Page>
  );
}
