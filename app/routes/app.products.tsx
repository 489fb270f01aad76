import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { AwaitedCard } from '#app/components/awaited-card.tsx';
import { codesOfCuts, countryNamesOf } from '#app/components/cohorts/country-names.ts';
import { ProductPage } from '#app/components/products/product-page.tsx';
import { SUPPORTS } from '#app/components/products/supports.ts';
import { useSearchChanges } from '#app/components/use-search-changes.ts';
import { merchantContext } from '#app/context.server.ts';
import { cutFromQuery } from '#app/domain/retention/columns/cut-query.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { getProducts } from '#app/services/retention/get-products.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const query = new URL(request.url).searchParams;
  const support = SUPPORTS.find((known) => known === query.get('support')) ?? SUPPORTS[0];
  const asked = { asOf: query.get('asOf'), cut: cutFromQuery(query.get('cut')), minSupport: Number(support) };
  const found = await getProducts(context, asked);
  if (found === null) return json(null);
  const countryNames = countryNamesOf(codesOfCuts(found.cuts), adminLocaleOf(request).language);
  return json({ ...found, countryNames, support, nowMs: context.now().getTime() });
}

export default function Products() {
  const { t } = useTranslation('products');
  const loaded = useLoaderData<typeof loader>();
  const change = useSearchChanges();
  return (
    <Page title={t('title')}>
      <TitleBar title={t('title')} />
      {loaded === null ? (
        <AwaitedCard title={t('empty.title')} text={t('empty.text')} action={t('empty.action')} />
      ) : (
        <ProductPage {...loaded} onChange={change} />
      )}
    </Page>
  );
}
