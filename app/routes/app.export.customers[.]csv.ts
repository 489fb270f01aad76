import { createReadableStreamFromReadable } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import { merchantContext } from '#app/context.server.ts';
import { customersQuestionOf } from '#app/domain/segments/customers-question.ts';
import { exportCustomers } from '#app/services/retention/export-customers.server.ts';

/** The customers who meet the conditions of the address, all pages of the list. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const context = await merchantContext(request);
  const { asOf, segment } = customersQuestionOf(new URL(request.url).searchParams);
  const sheet = await exportCustomers(context, { asOf, segment });
  if (sheet === null) return new Response(null, { status: 404 });
  return new Response(createReadableStreamFromReadable(writeCsv(sheet.header, sheet.rows)), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="customers-${sheet.asOf}.csv"`,
    },
  });
}
