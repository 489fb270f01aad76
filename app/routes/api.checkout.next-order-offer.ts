import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { EXTENSION_HEADERS } from '#app/adapters/http/extension-headers.ts';
import { readOrderId } from '#app/adapters/http/read-order-id.ts';
import { readTextsPlace } from '#app/adapters/http/read-shopper-parameters.ts';
import { checkoutContext } from '#app/access/checkout-context.server.ts';
import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import { log } from '#app/logging/log.server.ts';
import { requestNextOrderOffer } from '#app/services/offers/request-next-order-offer.server.ts';
import { getShownTexts } from '#app/services/texts/get-shown-texts.server.ts';

/** `GET /api/checkout/next-order-offer?orderId=gid://shopify/OrderIdentity/7&locale=de` from the thank-you block. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: EXTENSION_HEADERS });
  try {
    const context = await checkoutContext(request);
    if (context === null) return json({ error: 'unauthorized' }, { status: 401, headers: EXTENSION_HEADERS });
    const orderId = orderIdOf(new URL(request.url).searchParams);
    if (orderId === null) return json({ error: 'order-id' }, { status: 400, headers: EXTENSION_HEADERS });
    const offer = await requestNextOrderOffer(context, { orderId, customerId: context.buyerCustomerId });
    if (!offer.ok) return json({ error: 'unauthorized' }, { status: 401, headers: EXTENSION_HEADERS });
    const texts = offer.value.state === 'none' ? undefined : await getShownTexts(context, readTextsPlace(request, 'thank-you'));
    const answer = texts === undefined ? offer.value : { ...offer.value, texts };
    return json(answer satisfies NextOrderOffer, { headers: EXTENSION_HEADERS });
  } catch (error) {
    // The buyer has paid and sees their order; an offer that cannot be told is simply not shown.
    log.error({ err: error }, 'A next-order offer could not be answered');
    return json({ error: 'unavailable' }, { status: 503, headers: EXTENSION_HEADERS });
  }
}

function orderIdOf(parameters: URLSearchParams): bigint | null {
  const [text, ...others] = parameters.getAll('orderId');
  return text === undefined || others.length > 0 ? null : readOrderId(text);
}
