import type { LoaderFunctionArgs } from '@remix-run/node';

import { readOrderParameter } from '#app/adapters/http/read-shopper-parameters.ts';
import type { AccountStep } from '#app/contracts/order-thanks.ts';
import { answerBuyer, refuse } from '#app/http/shopper-endpoint.server.ts';
import { requestInvite } from '#app/services/accounts/request-invite.server.ts';

const REFUSALS = { 'not-offered': [409, 'not-offered'], 'not-known': [404, 'order'], 'not-installed': [401, 'unauthorized'] } as const;

/** `POST /api/shopper/account-invite?orderId=gid://shopify/OrderIdentity/7`: the buyer wishes for an invite to their account. */
const answer = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerBuyer<AccountStep>(request, 'POST', async (buyer) => {
    const orderId = readOrderParameter(request);
    if (!orderId.ok) return refuse(400, 'order-id');
    const outcome = await requestInvite(buyer, { orderId: orderId.value, buyerCustomerId: buyer.buyerCustomerId });
    if (outcome === 'invited') return { ok: true, value: { state: 'invited' } };
    const [status, error] = REFUSALS[outcome];
    return refuse(status, error);
  });

// What a browser asks before it posts comes to the loader; anything else is no way to ask here.
export { answer as loader, answer as action };
