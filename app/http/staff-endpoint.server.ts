import { EXTENSION_HEADERS } from '#app/adapters/http/extension-headers.ts';
import { merchantContext } from '#app/context.server.ts';
import type { MerchantContext } from '#app/context.server.ts';
import { log } from '#app/logging/log.server.ts';

type Answer<Contract> = { readonly ok: true; readonly value: Contract } | { readonly ok: false; readonly status: 400 | 404; readonly error: string };

type Method = 'GET' | 'POST';

/**
 * For routes that our blocks in Shopify's admin call. Their token is that of a page of ours, with the same rules; they
 * run on Shopify's own origin, where what lacks these headers is never read.
 */
export async function answerStaff<Contract>(request: Request, method: Method, work: (staff: MerchantContext) => Promise<Answer<Contract>>): Promise<Response> {
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: EXTENSION_HEADERS });
  try {
    const staff = await letIn(request);
    if (staff === null) return refuse(401, 'unauthorized');
    if (request.method !== method) return refuse(405, 'method');
    const answer = await work(staff);
    return answer.ok ? Response.json(answer.value, { headers: EXTENSION_HEADERS }) : refuse(answer.status, answer.error);
  } catch (error) {
    log.error({ err: error, path: new URL(request.url).pathname }, 'A block in the admin could not be answered');
    return refuse(503, 'unavailable');
  }
}

/** Null for whoever is not let in. */
async function letIn({ url, method, headers }: Request): Promise<MerchantContext | null> {
  // A document that brings no token is led to one; whoever calls from a block is no document.
  const asData = new Headers(headers);
  asData.set('Sec-Fetch-Dest', 'empty');
  try {
    return await merchantContext(new Request(url, { method, headers: asData }));
  } catch (thrown) {
    // What stands in place of an answer; trouble at Shopify is none of the caller's.
    if (thrown instanceof Response && thrown.status < 500) return null;
    throw thrown;
  }
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status, headers: EXTENSION_HEADERS });
}
