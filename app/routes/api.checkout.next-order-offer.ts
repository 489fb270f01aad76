import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { EXTENSION_HEADERS } from '#app/adapters/http/extension-headers.ts';
import { checkoutContext } from '#app/access/checkout-context.server.ts';
import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import { log } from '#app/logging/log.server.ts';
import { requestNextOrderOffer } from '#app/services/offers/request-next-order-offer.server.ts';

/** `GET /api/checkout/next-order-offer?orderId=gid://shopify/OrderIdentity/7` from the thank-you block. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: EXTENSION_HEADERS });
  try {
    const context = await checkoutContext(request);
    if (context === null) return json({ error: 'unauthorized' }, { status: 401, headers: EXTENSION_HEADERS });
    const orderId = readOrderId(new URL(request.url).searchParams);
    if (orderId === null) return json({ error: 'order-id' }, { status: 400, headers: EXTENSION_HEADERS });
    const offer = await requestNextOrderOffer(context, { orderId, customerId: context.buyerCustomerId });
    if (!offer.ok) return json({ error: 'unauthorized' }, { status: 401, headers: EXTENSION_HEADERS });
    return json(offer.value satisfies NextOrderOffer, { headers: EXTENSION_HEADERS });
  } catch (error) {
    // The buyer has paid and sees their order; an offer that cannot be told is simply not shown.
    log.error({ err: error }, 'A next-order offer could not be answered');
    return json({ error: 'unavailable' }, { status: 503, headers: EXTENSION_HEADERS });
  }
}

// The thank-you page calls an order OrderIdentity and the order-status page calls it Order; the number is the same.
const ORDER_ID = /^(?:gid:\/\/shopify\/(?:OrderIdentity|Order)\/)?([1-9]\d{0,18})$/;
const LARGEST_ID = 9_223_372_036_854_775_807n;

function readOrderId(parameters: URLSearchParams): bigint | null {
  const [text, ...others] = parameters.getAll('orderId');
  const digits = ORDER_ID.exec(text ?? '')?.[1];
  if (digits === undefined || others.length > 0) return null;
  const orderId = BigInt(digits);
  return orderId <= LARGEST_ID ? orderId : null;
}
