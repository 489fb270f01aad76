import { createReadableStreamFromReadable } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import { cohortSheetOf, retentionSheetOf } from '#app/components/retention/retention-sheet.ts';
import type { Sheet } from '#app/components/retention/retention-sheet.ts';
import { merchantContext } from '#app/context.server.ts';
import { cutFromQuery } from '#app/domain/retention/columns/cut-query.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { i18nIn } from '#app/i18n/i18n.ts';
import { COHORT_PERIODS, getCohorts } from '#app/services/retention/get-cohorts.server.ts';
import { getRetentionReport } from '#app/services/retention/get-retention-report.server.ts';

/**
 * The table of cohorts and the five numbers, as the overview shows them on that day and in its language; with a period,
 * the cohorts of the page that has one, a row for each cohort and offset.
 */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const context = await merchantContext(request);
  const query = new URL(request.url).searchParams;
  const { language } = adminLocaleOf(request);
  const t = i18nIn(language).getFixedT<['cohorts', 'metrics']>(language, ['cohorts', 'metrics']);
  const asOf = query.get('asOf');
  const cut = cutFromQuery(query.get('cut'));
  const period = COHORT_PERIODS.find((known) => known === query.get('period'));
  if (period === undefined) {
    const found = await getRetentionReport(context, { asOf, cut });
    return found.ok ? answer(retentionSheetOf(found.value.report, t), found.value.report.asOf) : notFound();
  }
  const found = await getCohorts(context, { asOf, period, cut, compare: null });
  return found === null ? notFound() : answer(cohortSheetOf({ rows: found.cohorts.rows, currency: found.currency }, t), found.asOf);
}

function answer({ header, rows }: Sheet, asOf: string): Response {
  return new Response(createReadableStreamFromReadable(writeCsv(header, rows)), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="cohorts-${asOf}.csv"`,
    },
  });
}

/** Nothing is known of the shop yet. */
function notFound(): Response {
  return new Response(null, { status: 404 });
}
