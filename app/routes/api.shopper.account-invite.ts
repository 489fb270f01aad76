import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';

import { readOrderId } from '#app/adapters/http/read-order-id.ts';
import type { AccountStep } from '#app/contracts/order-thanks.ts';
import { answerBuyer, refuse } from '#app/http/shopper-endpoint.server.ts';
import { requestInvite } from '#app/services/accounts/request-invite.server.ts';

const REFUSALS = { 'not-offered': [409, 'not-offered'], 'not-known': [404, 'order'], 'not-installed': [401, 'unauthorized'] } as const;

/** `POST /api/shopper/account-invite?orderId=gid://shopify/OrderIdentity/7`: the buyer wishes for an invite to their account. */
const answer = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerBuyer<AccountStep>(request, 'POST', async (buyer) => {
    const orderId = readOrderId(new URL(request.url).searchParams.get('orderId') ?? '');
    if (orderId === null) return refuse(400, 'order-id');
    const outcome = await requestInvite(buyer, { orderId, buyerCustomerId: buyer.buyerCustomerId });
    if (outcome === 'invited') return { ok: true, value: { state: 'invited' } };
    const [status, error] = REFUSALS[outcome];
    return refuse(status, error);
  });

/** For what a browser asks before it posts; anything else is no way to ask here. */
export const loader = (args: LoaderFunctionArgs): Promise<Response> => answer(args);
export const action = (args: ActionFunctionArgs): Promise<Response> => answer(args);
