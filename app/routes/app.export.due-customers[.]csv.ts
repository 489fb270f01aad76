import { createReadableStreamFromReadable } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import { merchantContext } from '#app/context.server.ts';
import { cutFromQuery } from '#app/domain/retention/columns/cut-query.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { i18nIn } from '#app/i18n/i18n.ts';
import { isForgotten } from '#app/services/retention/list-customers.server.ts';
import { exportDueCustomers } from '#app/services/retention/list-due-customers.server.ts';

/** The customers behind "due now" and "late" of one product, as the page counts them. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const context = await merchantContext(request);
  const query = new URL(request.url).searchParams;
  const found = await exportDueCustomers(context, {
    actor: `staff:${context.staffId}`,
    asOf: query.get('asOf'),
    cut: cutFromQuery(query.get('cut')),
    product: query.get('product') ?? '',
  });
  if (found === null) return new Response(null, { status: 404 });
  const { language } = adminLocaleOf(request);
  const t = i18nIn(language).getFixedT(language, 'products');
  const header = [t('sheet.customer'), t('sheet.product'), t('sheet.lastPurchase'), t('sheet.daysSince'), t('sheet.status')];
  const rows = found.customers.map(({ customerKey, lastPurchase, daysSince, isLate }) => {
    const key = String(customerKey);
    return [isForgotten(key) ? null : key, found.title, lastPurchase, daysSince, isLate ? t('sheet.late') : t('sheet.due')];
  });
  return new Response(createReadableStreamFromReadable(writeCsv(header, rows)), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="due-customers-${found.asOf}.csv"`,
    },
  });
}
