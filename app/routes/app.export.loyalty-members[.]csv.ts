import { createReadableStreamFromReadable } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import { merchantContext } from '#app/context.server.ts';
import { exportMembers } from '#app/services/loyalty/export-loyalty.server.ts';

/** Every member with their balance. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const context = await merchantContext(request);
  const { header, rows } = await exportMembers(context, `staff:${context.staffId}`);
  return new Response(createReadableStreamFromReadable(writeCsv(header, rows)), {
    headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="loyalty-members.csv"' },
  });
}
