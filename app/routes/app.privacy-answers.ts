import type { ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { merchantContext } from '#app/context.server.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { i18nIn } from '#app/i18n/i18n.ts';
import { LANGUAGES } from '#app/i18n/languages.ts';
import { answerWords } from '#app/services/privacy/answer-words.ts';
import { handOnDataRequest } from '#app/services/privacy/hand-on-data-request.server.ts';
import { writeAnswerPage } from '#app/services/privacy/write-answer-page.ts';

const formSchema = z.object({
  webhookId: z.string().min(1).max(200),
  format: z.enum(['json', 'page']),
  language: z.enum(LANGUAGES).optional(),
});

/**
 * The answer to a data request as a file. A POST although it reads, since it writes who took it; the page fetches it,
 * for a link would carry no token of the admin.
 */
export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const form = await readForm(request, formSchema);
  if (form === null) return new Response(null, { status: 400 });
  const { webhookId, format, language = adminLocaleOf(request).language } = form;
  const action = format === 'json' ? 'data-request-json' : 'data-request-page';
  const opened = await handOnDataRequest(context, { webhookId, actor: `staff:${context.staffId}`, action });
  if (opened === null || opened.answer === null) return new Response(null, { status: 404 });
  const { answer, requestedAt } = opened;
  const day = requestedAt.toISOString().slice(0, 10);
  if (format === 'json') return fileOf(JSON.stringify(answer, null, 2), 'application/json', `customer-data-${day}.json`);
  const words = answerWords(i18nIn(language).getFixedT(language, 'privacy'), { language, shop: context.shop.domain, day, answer });
  return fileOf(writeAnswerPage(answer, words), 'text/html; charset=utf-8', `customer-data-${day}.html`);
}

function fileOf(body: string, type: string, name: string): Response {
  return new Response(body, {
    headers: { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}"`, 'Cache-Control': 'no-store' },
  });
}
