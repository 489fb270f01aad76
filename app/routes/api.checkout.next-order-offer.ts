import type { LoaderFunctionArgs } from '@remix-run/node';

import { readOrderParameter, readTextsPlace } from '#app/adapters/http/read-shopper-parameters.ts';
import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import { answerBuyer, refuse } from '#app/http/shopper-endpoint.server.ts';
import { requestNextOrderOffer } from '#app/services/offers/request-next-order-offer.server.ts';
import { getShownTexts } from '#app/services/texts/get-shown-texts.server.ts';

/** `GET /api/checkout/next-order-offer?orderId=gid://shopify/OrderIdentity/7&locale=de` from the thank-you block. */
export const loader = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerBuyer<NextOrderOffer>(request, 'GET', async ({ buyerCustomerId, ...context }) => {
    const orderId = readOrderParameter(request);
    if (!orderId.ok) return refuse(400, 'order-id');
    const offer = await requestNextOrderOffer(context, { orderId: orderId.value, customerId: buyerCustomerId });
    if (!offer.ok) return refuse(401, 'unauthorized');
    if (offer.value.state === 'none') return offer;
    const texts = await getShownTexts(context, readTextsPlace(request, 'thank-you'));
    return { ok: true, value: { ...offer.value, texts } };
  });
