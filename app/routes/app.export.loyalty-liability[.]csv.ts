import { createReadableStreamFromReadable } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import { merchantContext } from '#app/context.server.ts';
import { getLiability, LIABILITY_COLUMNS, liabilityRows } from '#app/services/loyalty/get-liability.server.ts';

/** The liability report, a figure a row. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const liability = await getLiability(await merchantContext(request));
  if (liability === null) return new Response(null, { status: 404 });
  return new Response(createReadableStreamFromReadable(writeCsv(LIABILITY_COLUMNS, liabilityRows(liability))), {
    headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="loyalty-liability.csv"' },
  });
}
