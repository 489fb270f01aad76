import { json } from '@remix-run/node';

import { findShop } from '#app/adapters/db/shop-registry.server.ts';
import { readFlowAction } from '#app/adapters/shopify/flow-action-request.ts';
import type { FlowActionRequest } from '#app/adapters/shopify/flow-action-request.ts';
import { isSignedBody } from '#app/adapters/shopify/webhook-request.server.ts';
import { proofSettings } from '#app/access/proof-settings.server.ts';
import { shopContext } from '#app/context.server.ts';
import { prisma } from '#app/db.server.ts';
import { readRequestBody } from '#app/http/read-request-body.server.ts';
import { log } from '#app/logging/log.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const MAX_BODY_BYTES = 64 * 1024;

/** How one run of an action ended. Flow sends it again after `later`, up to a day long, and ends the workflow after `refused`. */
export type FlowOutcome =
  | { kind: 'done'; answer: Readonly<Record<string, string | number>> }
  | { kind: 'later'; message: string }
  | { kind: 'refused'; message: string };

/**
 * What an address for an action of Shopify Flow answers. Its signature is that of a webhook, over a body that names the
 * shop and the run; nothing of the headers is believed.
 */
export async function answerFlowAction(
  request: Request,
  handle: string,
  run: (context: ShopContext, action: FlowActionRequest) => Promise<FlowOutcome>,
): Promise<Response> {
  if (request.method !== 'POST') return new Response(null, { status: 405 });
  const rawBody = await readRequestBody(request, MAX_BODY_BYTES);
  if (rawBody === null) return new Response(null, { status: 413 });
  if (!isSignedBody(rawBody, request.headers.get('x-shopify-hmac-sha256'), proofSettings().clientSecrets)) return new Response(null, { status: 401 });
  const action = readFlowAction(rawBody.toString('utf8'));
  if (action === null || (action.handle !== null && action.handle !== handle)) return answer(400, { error: 'This is no run of the action.' });
  try {
    const shop = await findShop(prisma, action.domain);
    const context = shop && shopContext(shop);
    if (context === null || !(await isInstalled(context))) return answer(404, { error: 'Perennial is not installed in this store.' });
    const outcome = await run(context, action);
    if (outcome.kind === 'done') return answer(200, outcome.answer);
    return answer(outcome.kind === 'later' ? 202 : 422, { error: outcome.message });
  } catch (error) {
    log.error({ err: error, handle }, 'an action of a workflow could not be run');
    return answer(503, { error: 'Perennial cannot answer now.' });
  }
}

async function isInstalled({ inShop, shop }: ShopContext): Promise<boolean> {
  const found = await inShop((db) => db.shop.findUnique({ where: { shopId: shop.shopId }, select: { installedAt: true, uninstalledAt: true } }));
  return found !== null && found.installedAt !== null && found.uninstalledAt === null;
}

function answer(status: number, body: object): Response {
  return json(body, { status, headers: { 'Cache-Control': 'no-store' } });
}
