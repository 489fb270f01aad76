import { createReadableStreamFromReadable } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import { PRODUCT_LISTS, productSheetOf } from '#app/components/products/product-sheets.ts';
import { SUPPORTS } from '#app/components/products/supports.ts';
import { merchantContext } from '#app/context.server.ts';
import { cutFromQuery } from '#app/domain/retention/columns/cut-query.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { i18nIn } from '#app/i18n/i18n.ts';
import { getProductReport } from '#app/services/retention/get-product-report.server.ts';

/** A list of the page of products, whole, of that day, part and smallest share. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const context = await merchantContext(request);
  const query = new URL(request.url).searchParams;
  const list = PRODUCT_LISTS.find((known) => known === query.get('list'));
  if (list === undefined) return new Response(null, { status: 404 });
  const support = SUPPORTS.find((known) => known === query.get('support')) ?? SUPPORTS[0];
  const cut = cutFromQuery(query.get('cut'));
  const found = await getProductReport(context, { asOf: query.get('asOf'), cut, minSupport: Number(support) });
  if (!found.ok) return new Response(null, { status: 404 });
  const { language } = adminLocaleOf(request);
  const { header, rows } = productSheetOf(list, { ...found.value, isPart: cut !== null }, i18nIn(language).getFixedT(language, 'products'));
  return new Response(createReadableStreamFromReadable(writeCsv(header, rows)), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${list}-${found.value.asOf}.csv"`,
    },
  });
}
