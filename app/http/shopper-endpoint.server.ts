import { checkoutContext } from '#app/access/checkout-context.server.ts';
import { EXTENSION_HEADERS } from '#app/adapters/http/extension-headers.ts';
import { log } from '#app/logging/log.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Who asks: a buyer on a page of an order, signed in or not. */
export type Buyer = ShopContext & { readonly buyerCustomerId: bigint | null };

/** A customer who is signed in. */
export type Shopper = ShopContext & { readonly customerId: bigint };

/** What is answered instead of a contract, in one word. */
export interface ShopperRefusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409;
  readonly error: string;
}

export type Answer<Contract> = { readonly ok: true; readonly value: Contract } | ({ readonly ok: false } & ShopperRefusal);

type Method = 'GET' | 'POST';

/** For routes that a signed-in customer's surfaces call; the token alone says who that is. */
export function answerShopper<Contract>(request: Request, method: Method, work: (shopper: Shopper) => Promise<Answer<Contract>>): Promise<Response> {
  return answerBuyer(request, method, async ({ buyerCustomerId, ...context }) =>
    buyerCustomerId === null ? refuse(403, 'signed-out') : work({ ...context, customerId: buyerCustomerId }),
  );
}

/** For routes that the page of an order calls, whoever looks at it. */
export async function answerBuyer<Contract>(request: Request, method: Method, work: (buyer: Buyer) => Promise<Answer<Contract>>): Promise<Response> {
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: EXTENSION_HEADERS });
  try {
    const buyer = await checkoutContext(request);
    if (buyer === null) return toResponse(refuse(401, 'unauthorized'));
    return toResponse(request.method === method ? await work(buyer) : refuse(405, 'method'));
  } catch (error) {
    // Whoever asks shows less, or asks again; what went wrong is ours to know.
    log.error({ err: error, path: new URL(request.url).pathname }, 'A shopper could not be answered');
    return toResponse({ ok: false, status: 503, error: 'unavailable' });
  }
}

export function refuse(status: ShopperRefusal['status'], error: string): { ok: false } & ShopperRefusal {
  return { ok: false, status, error };
}

function toResponse(answer: { ok: true; value: unknown } | { ok: false; status: number; error: string }): Response {
  if (answer.ok) return Response.json(answer.value, { headers: EXTENSION_HEADERS });
  return Response.json({ error: answer.error }, { status: answer.status, headers: EXTENSION_HEADERS });
}
