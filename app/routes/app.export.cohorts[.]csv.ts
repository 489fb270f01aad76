import { createReadableStreamFromReadable } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import { retentionSheetOf } from '#app/components/retention/retention-sheet.ts';
import { merchantContext } from '#app/context.server.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { i18nIn } from '#app/i18n/i18n.ts';
import { getRetentionReport } from '#app/services/retention/get-retention-report.server.ts';

/** The table of cohorts and the five numbers, as the page shows them on that day and in its language. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const context = await merchantContext(request);
  const found = await getRetentionReport(context, { asOf: new URL(request.url).searchParams.get('asOf') });
  if (!found.ok) return new Response(null, { status: 404 });
  const { language } = adminLocaleOf(request);
  const { report } = found.value;
  const { header, rows } = retentionSheetOf(report, i18nIn(language).getFixedT(language, ['cohorts', 'metrics']));
  return new Response(createReadableStreamFromReadable(writeCsv(header, rows)), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="cohorts-${report.asOf}.csv"`,
    },
  });
}
