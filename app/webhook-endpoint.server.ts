import { noteWebhookReceived } from '#app/adapters/metrics/metrics.server.ts';
import { prisma } from '#app/db.server.ts';
import { log } from '#app/log.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import { receiveWebhook } from '#app/services/sync/webhooks/receive-webhook.server.ts';
import { shopifyApiLibrary } from '#app/shopify-api.server.ts';

// Ours name a handful of fields; the largest topic without a list of fields is far below this.
const MAX_BODY_BYTES = 1024 * 1024;

/** What each webhook address answers: 200 when it is kept, 401 for a bad signature, 500 when Shopify shall send again. */
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
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) return new Response(null, { status: 413 });
  const rawBody = await readBody(request);
  if (rawBody === null) return new Response(null, { status: 413 });
  try {
    const outcome = await receiveWebhook(
      { prisma, sealedBox, api: shopifyApiLibrary },
      { rawBody, rawRequest: request, topics },
    );
    if (outcome.ok) return new Response(null, { status: 200 });
    return new Response(null, { status: outcome.reason === 'bad-signature' ? 401 : 400 });
  } catch (error) {
    log.error({ err: error }, 'a webhook could not be kept');
    return new Response(null, { status: 500 });
  }
}

/** Null as soon as the body is too long, whatever its length was said to be. */
async function readBody(request: Request): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
