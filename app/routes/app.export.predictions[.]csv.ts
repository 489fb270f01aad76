import { createReadableStreamFromReadable } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import { PREDICTION_LISTS, predictionSheetOf } from '#app/components/predictions/prediction-sheets.ts';
import { merchantContext } from '#app/context.server.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { i18nIn } from '#app/i18n/i18n.ts';
import { getPredictions } from '#app/services/retention/get-predictions.server.ts';

/** How the model did on the store's own past: by week, or by how often customers had bought. Of no single customer. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const context = await merchantContext(request);
  const query = new URL(request.url).searchParams;
  const list = PREDICTION_LISTS.find((known) => known === query.get('list'));
  if (list === undefined) return new Response(null, { status: 404 });
  const found = await getPredictions(context, { asOf: query.get('asOf') });
  if (found === null || found.backtest === null) return new Response(null, { status: 404 });
  const { language } = adminLocaleOf(request);
  const { header, rows } = predictionSheetOf(list, found.backtest, i18nIn(language).getFixedT(language, 'predictions'));
  return new Response(createReadableStreamFromReadable(writeCsv(header, rows)), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${list}-${found.asOf}.csv"`,
    },
  });
}
