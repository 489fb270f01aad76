import { createReadableStreamFromReadable } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import { merchantContext } from '#app/context.server.ts';
import { exportLedger } from '#app/services/loyalty/export-loyalty.server.ts';

/** Every entry of every member's ledger. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const context = await merchantContext(request);
  const { header, rows } = await exportLedger(context, `staff:${context.staffId}`);
  return new Response(createReadableStreamFromReadable(writeCsv(header, rows)), {
    headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="loyalty-ledger.csv"' },
  });
}
