import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { AwaitedCard } from '#app/components/awaited-card.tsx';
import { CohortPage } from '#app/components/cohorts/cohort-page.tsx';
import { codesOfCuts, countryNamesOf } from '#app/components/cohorts/country-names.ts';
import { useSearchChanges } from '#app/components/use-search-changes.ts';
import { merchantContext } from '#app/context.server.ts';
import { cutFromQuery } from '#app/domain/retention/columns/cut-query.ts';
import { ORDER_DIMENSIONS } from '#app/domain/retention/columns/order-columns.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { COHORT_PERIODS, getCohorts } from '#app/services/retention/get-cohorts.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const query = new URL(request.url).searchParams;
  const asked = {
    asOf: query.get('asOf'),
    period: COHORT_PERIODS.find((period) => period === query.get('period')) ?? 'month',
    compare: ORDER_DIMENSIONS.find((dimension) => dimension === query.get('compare')) ?? null,
  };
  const found = await getCohorts(context, { ...asked, cut: cutFromQuery(query.get('cut')) });
  if (found === null) return json(null);
  const { cohorts, ...rest } = found;
  const { rows, weightedCurve } = cohorts;
  const incompletePeriod = 'incompletePeriod' in cohorts ? cohorts.incompletePeriod : null;
  // Sums of revenue stay here: the page shows them a customer.
  const shown = rows.map(({ revenueMinor: _, ...row }) => row);
  const countryNames = countryNamesOf(codesOfCuts(found.cuts), adminLocaleOf(request).language);
  return json({ ...rest, nowMs: context.now().getTime(), countryNames, period: asked.period, compare: asked.compare, cohorts: { rows: shown, weightedCurve, incompletePeriod } });
}

export default function Cohorts() {
  const { t } = useTranslation('cohorts');
  const loaded = useLoaderData<typeof loader>();
  const change = useSearchChanges();
  return (
    <Page title={t('page.title')}>
      <TitleBar title={t('page.title')} />
      {loaded === null ? (
        <AwaitedCard title={t('page.emptyTitle')} text={t('page.emptyText')} action={t('page.emptyAction')} />
      ) : (
        <CohortPage {...loaded} onChange={change} />
      )}
    </Page>
  );
}
