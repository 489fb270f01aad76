import type { LoaderFunctionArgs } from '@remix-run/node';

import { readOrderParameter, readTextsPlace } from '#app/adapters/http/read-shopper-parameters.ts';
import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import { answerBuyer, refuse } from '#app/http/shopper-endpoint.server.ts';
import { requestNextOrderOffer } from '#app/services/offers/request-next-order-offer.server.ts';

/** `GET /api/checkout/next-order-offer?orderId=gid://shopify/OrderIdentity/7&locale=de` from the thank-you block. */
export const loader = ({ request, context: { isLetIn } }: LoaderFunctionArgs): Promise<Response> =>
  answerBuyer<NextOrderOffer>(request, 'GET', async ({ buyerCustomerId, ...context }) => {
    const orderId = readOrderParameter(request);
    if (!orderId.ok) return refuse(400, 'order-id');
    const texts = readTextsPlace(request, 'thank-you');
    const offer = await requestNextOrderOffer(context, { orderId: orderId.value, customerId: buyerCustomerId, texts, ...(isLetIn && { mayRecord: isLetIn }) });
    return offer.ok ? offer : refuse(401, 'unauthorized');
  });
