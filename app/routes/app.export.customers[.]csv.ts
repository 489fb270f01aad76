import { createReadableStreamFromReadable } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import { merchantContext } from '#app/context.server.ts';
import { customersQuestionOf } from '#app/domain/segments/customers-question.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { i18nIn } from '#app/i18n/i18n.ts';
import { exportCustomers } from '#app/services/retention/export-customers.server.ts';
import type { SheetRefusal } from '#app/services/retention/export-customers.server.ts';

const STATUS = { 'not-known': 404, 'not-granted': 403, away: 503 } as const satisfies Record<SheetRefusal['reason'], number>;

/**
 * The customers whom the list of the same address shows, all pages of it. Of a condition that cannot be read the list
 * says that it left it out; a file would be of more customers than were asked for, and outlives what was said of it.
 */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const context = await merchantContext(request);
  const { asOf, segment, unread, search } = customersQuestionOf(new URL(request.url).searchParams);
  const { language } = adminLocaleOf(request);
  const t = i18nIn(language).getFixedT(language, 'customers');
  if (unread.length > 0) {
    return saying(400, joinSentences(language, unread.map((field) => t('filters.unreadInFile', { field: t(`fields.${field}`) }))));
  }
  const sheet = await exportCustomers(context, { asOf, segment, search, actor: `staff:${context.staffId}` });
  if (!sheet.ok) return saying(STATUS[sheet.reason], sheet.reason === 'not-known' ? t('empty.importingText') : t(`found.${sheet.reason}`));
  return new Response(createReadableStreamFromReadable(writeCsv(sheet.value.header, sheet.value.rows)), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="customers-${sheet.value.asOf}.csv"`,
    },
  });
}

/** In words, for the button that asked. */
function saying(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}
