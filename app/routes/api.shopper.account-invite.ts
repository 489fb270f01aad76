import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';

import { checkoutContext } from '#app/access/checkout-context.server.ts';
import { EXTENSION_HEADERS } from '#app/adapters/http/extension-headers.ts';
import { readOrderId } from '#app/adapters/http/read-order-id.ts';
import type { AccountStep } from '#app/contracts/order-thanks.ts';
import { log } from '#app/logging/log.server.ts';
import { requestInvite } from '#app/services/accounts/request-invite.server.ts';

/** What a browser asks before it posts from another origin. */
export function loader({ request }: LoaderFunctionArgs): Response {
  return new Response(null, { status: request.method === 'OPTIONS' ? 204 : 405, headers: EXTENSION_HEADERS });
}

const REFUSALS = { 'not-offered': [409, 'not-offered'], 'not-known': [404, 'order'], 'not-installed': [401, 'unauthorized'] } as const;

/** `POST /api/shopper/account-invite?orderId=gid://shopify/OrderIdentity/7`: the buyer wishes for an invite to their account. */
export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  try {
    const context = await checkoutContext(request);
    if (context === null) return refuse(401, 'unauthorized');
    const orderId = readOrderId(new URL(request.url).searchParams.get('orderId') ?? '');
    if (request.method !== 'POST') return refuse(405, 'method');
    if (orderId === null) return refuse(400, 'order-id');
    const outcome = await requestInvite(context, { orderId, buyerCustomerId: context.buyerCustomerId });
    if (outcome === 'invited') return json({ state: 'invited' } satisfies AccountStep, { headers: EXTENSION_HEADERS });
    const [status, error] = REFUSALS[outcome];
    return refuse(status, error);
  } catch (error) {
    log.error({ err: error }, 'A wish for an account invite could not be taken');
    return refuse(503, 'unavailable');
  }
}

function refuse(status: number, error: string): Response {
  return json({ error }, { status, headers: EXTENSION_HEADERS });
}
