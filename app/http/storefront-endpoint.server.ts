import { proxyContext } from '#app/access/proxy-context.server.ts';
import { log } from '#app/logging/log.server.ts';
import { refuse } from '#app/http/shopper-endpoint.server.ts';
import type { Answer } from '#app/http/shopper-endpoint.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Whoever is at the storefront; Shopify says who is signed in there. */
export type Visitor = ShopContext & { readonly customerId: bigint | null };

/** Of one shopper, or of what they see who is nobody yet: a cache would show it on after they have signed in. */
const HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

/** For routes behind Shopify's app proxy: what it did not sign is refused with 400. */
export async function answerVisitor<Contract>(request: Request, method: 'GET' | 'POST', work: (visitor: Visitor) => Promise<Answer<Contract>>): Promise<Response> {
  try {
    const visitor = await proxyContext(request);
    if (visitor === null) return new Response(null, { status: 400, headers: HEADERS });
    const answer = request.method === method ? await work(visitor) : refuse(405, 'method');
    if (answer.ok) return Response.json(answer.value, { headers: HEADERS });
    return Response.json({ error: answer.error }, { status: answer.status, headers: HEADERS });
  } catch (error) {
    log.error({ err: error, path: new URL(request.url).pathname }, 'A storefront could not be answered');
    return Response.json({ error: 'unavailable' }, { status: 503, headers: HEADERS });
  }
}
