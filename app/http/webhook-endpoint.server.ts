import { noteWebhookReceived } from '#app/adapters/metrics/metrics.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { env } from '#app/env.server.ts';
import { readRequestBody } from '#app/http/read-request-body.server.ts';
import { log } from '#app/logging/log.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import { receiveWebhook } from '#app/services/sync/webhooks/receive-webhook.server.ts';

// Ours name a handful of fields; the largest topic without a list of fields is far below this.
const MAX_BODY_BYTES = 1024 * 1024;
// Shopify hangs up after five seconds; an answer that it hears lets it send again as planned.
const ANSWER_WITHIN_MS = 4_500;
const SECRETS = [env.SHOPIFY_API_SECRET, ...(env.SHOPIFY_API_SECRET_OLD === undefined ? [] : [env.SHOPIFY_API_SECRET_OLD])];

/** What each webhook address answers: 200 when it is kept, 401 for a bad signature, 503 when Shopify shall send again. */
export async function answerWebhook(request: Request, topics: readonly string[]): Promise<Response> {
  const response = await keepWebhook(request, topics);
  const { status } = response;
  const outcome = status === 200 ? 'kept' : status === 401 ? 'bad-signature' : status < 500 ? 'refused' : 'failed';
  // The header of a webhook that was not signed is anybody's, and so no label.
  const said = outcome === 'bad-signature' ? null : request.headers.get('x-shopify-topic');
  noteWebhookReceived(topics.find((topic) => topic === said) ?? 'other', outcome);
  return response;
}

async function keepWebhook(request: Request, topics: readonly string[]): Promise<Response> {
  if (request.method !== 'POST') return new Response(null, { status: 405 });
  const rawBody = await readRequestBody(request, MAX_BODY_BYTES);
  if (rawBody === null) return new Response(null, { status: 413 });
  try {
    const receiver = { prisma, pool, sealedBox, secrets: SECRETS };
    const outcome = await withinMs(ANSWER_WITHIN_MS, receiveWebhook(receiver, { rawBody, headers: request.headers, topics }));
    if (outcome.ok) return new Response(null, { status: 200 });
    return new Response(null, { status: outcome.reason === 'bad-signature' ? 401 : 400 });
  } catch (error) {
    log.error({ err: error }, 'a webhook could not be kept');
    return new Response(null, { status: 503 });
  }
}

/** What is kept after that is kept all the same, and known again when it comes once more. */
async function withinMs<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Not kept within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
