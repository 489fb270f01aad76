import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import type { ShouldRevalidateFunctionArgs } from '@remix-run/react';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { CustomerDetail } from '#app/components/customers/customer-detail.tsx';
import { isAskingForNames, useCustomerNames } from '#app/components/customers/use-customer-names.ts';
import { useReloadWhile } from '#app/components/customers/use-reload-while.ts';
import { merchantContext } from '#app/context.server.ts';
import { getCustomer } from '#app/services/retention/get-customer.server.ts';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const { customerId = '' } = params;
  if (!/^[1-9]\d{0,17}$/.test(customerId)) throw new Response(null, { status: 404 });
  const asOf = new URL(request.url).searchParams.get('asOf');
  const customer = await getCustomer(context, { customerId: BigInt(customerId), asOf });
  if (customer === null) throw new Response(null, { status: 404 });
  return json(customer);
}

export function shouldRevalidate({ formAction, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs): boolean {
  return !isAskingForNames(formAction) && defaultShouldRevalidate;
}

export default function Customer() {
  const { t } = useTranslation('customers');
  const { id, ...customer } = useLoaderData<typeof loader>();
  const [search, setSearch] = useSearchParams();
  useReloadWhile(customer.isPredicting);
  const name = useCustomerNames([id])[id] ?? t('customer', { id });
  const asOf = search.get('asOf');
  const showAsOf = (day: string) =>
    setSearch(
      (known) => {
        known.set('asOf', day);
        return known;
      },
      { preventScrollReset: true },
    );
  return (
    <Page
      title={name}
      backAction={{ content: t('title'), url: asOf === null ? '/app/customers' : `/app/customers?asOf=${encodeURIComponent(asOf)}` }}
      secondaryActions={[{ content: t('openInShopify'), url: `shopify://admin/customers/${id}`, target: '_top' }]}
    >
      <TitleBar title={name} />
      <CustomerDetail {...customer} firstOrder={customer.row?.firstOrder ?? null} onAsOf={showAsOf} />
    </Page>
  );
}
