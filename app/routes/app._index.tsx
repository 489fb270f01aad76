import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import { BlockStack, Box, Page } from '@shopify/polaris';
import { TitleBar } from '@shopify/app-bridge-react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { codesOfCuts, countryNamesOf } from '#app/components/cohorts/country-names.ts';
import { ImportCard } from '#app/components/importing/import-card.tsx';
import { useImport } from '#app/components/importing/use-import.ts';
import { RetentionDashboard } from '#app/components/retention/retention-dashboard.tsx';
import type { RetentionDashboardProps } from '#app/components/retention/retention-dashboard.tsx';
import { useFreshNumbers } from '#app/components/retention/use-fresh-numbers.ts';
import { useRfmAgreement } from '#app/components/retention/use-rfm-agreement.ts';
import { SetupGuide } from '#app/components/setup-guide.tsx';
import { useSetupGuide } from '#app/components/use-setup-guide.ts';
import { merchantContext } from '#app/context.server.ts';
import { cutFromQuery } from '#app/domain/retention/columns/cut-query.ts';
import { isHistoryIncomplete, isImporting } from '#app/domain/sync/import-progress.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { FIRST_LOOK, getOverview, WINDOW_DAYS } from '#app/services/retention/get-overview.server.ts';
import type { OverviewOfShop } from '#app/services/retention/get-overview.server.ts';
import { loadImportProgress } from '#app/services/sync/load-import-progress.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const query = new URL(request.url).searchParams;
  const asked = {
    asOf: query.get('asOf'),
    days: WINDOW_DAYS.find((days) => String(days) === query.get('days')) ?? FIRST_LOOK.days,
    cut: cutFromQuery(query.get('cut')),
  };
  const progress = await loadImportProgress(context, { areRecordsCounted: 'while-incomplete' });
  const report = progress.hasHistory ? await getOverview(context, asked) : null;
  return json({ progress, dashboard: report?.ok ? dashboardOf(report.value, { now: context.now(), language: adminLocaleOf(request).language }) : null });
}

/** What the page shows of the report: the rest stays here. */
function dashboardOf({ report, ...facts }: OverviewOfShop, { now, language }: { now: Date; language: string }): RetentionDashboardProps {
  const { asOf, timeZone, currency, inputs, overall, trailing365, maturedRepeatRate, daysBetweenOrders, cohorts, rfm } = report;
  return {
    ...facts,
    countryNames: countryNamesOf(codesOfCuts(facts.cuts), language),
    nowMs: now.getTime(),
    report: {
      ...{ asOf, timeZone, currency, inputs, overall, trailing365, maturedRepeatRate, daysBetweenOrders },
      rfm: { groups: rfm.groups, breaks: rfm.breaks },
      cohorts: { ...cohorts, rows: cohorts.rows.map(({ cohort, size, active }) => ({ cohort, size, active })) },
    },
  };
}

export default function Overview() {
  const { t } = useTranslation('overview');
  const loaded = useLoaderData<typeof loader>();
  const { progress, ...imports } = useImport(loaded.progress);
  // An import loads the page anew itself, when it ends.
  useFreshNumbers(isImporting(progress));
  // Shopify's groups are of all customers.
  const isWhole = loaded.dashboard?.cut === null;
  const agreement = useRfmAgreement(isWhole ? (loaded.dashboard?.report.asOf ?? null) : null);
  const guide = useSetupGuide();
  const [, setSearch] = useSearchParams();
  const show = useCallback(
    (name: 'asOf' | 'days' | 'cut', value: string | null) =>
      setSearch(
        (search) => {
          if (value === null) search.delete(name);
          else search.set(name, value);
          return search;
        },
        { preventScrollReset: true },
      ),
    [setSearch],
  );
  const showAsOf = useCallback((day: string) => show('asOf', day), [show]);
  const showDays = useCallback((days: number) => show('days', String(days)), [show]);
  const showCut = useCallback((cut: string | null) => show('cut', cut), [show]);
  const isIncomplete = loaded.dashboard === null || isHistoryIncomplete(progress);
  return (
    <Page title={t('title')} titleHidden>
      <TitleBar title={t('title')} />
      <Box paddingBlock={{ xs: '400', md: '600' }}>
        <BlockStack gap="500">
          {isIncomplete ? (
            <ImportCard
              progress={progress}
              isSubmitting={imports.isSubmitting}
              onCancel={imports.cancel}
              onRestart={imports.restart}
            />
          ) : null}
          {loaded.dashboard === null ? null : (
            <RetentionDashboard {...loaded.dashboard} agreement={agreement} onAsOf={showAsOf} onDays={showDays} onCut={showCut} />
          )}
          {guide.isShown ? <SetupGuide placement={guide.placement} onDismiss={guide.dismiss} /> : null}
        </BlockStack>
      </Box>
    </Page>
  );
}
