import type { LoaderFunctionArgs } from '@remix-run/node';

import { readOrderParameter, readTextsPlace } from '#app/adapters/http/read-shopper-parameters.ts';
import type { OrderThanks } from '#app/contracts/order-thanks.ts';
import { answerBuyer, refuse } from '#app/http/shopper-endpoint.server.ts';
import { getOrderThanks } from '#app/services/shopper/get-order-thanks.server.ts';

/** `GET /api/shopper/order?orderId=gid://shopify/OrderIdentity/7&locale=de` from the thank-you and order-status blocks. */
export const loader = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerBuyer<OrderThanks>(request, 'GET', async ({ buyerCustomerId, ...context }) => {
    const orderId = readOrderParameter(request);
    if (!orderId.ok) return refuse(400, 'order-id');
    const asked = { orderId: orderId.value, customerId: buyerCustomerId, texts: readTextsPlace(request, 'thank-you') };
    return { ok: true, value: await getOrderThanks(context, asked) };
  });
