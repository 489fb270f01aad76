import type { LoaderFunctionArgs } from '@remix-run/node';

import { authenticate } from '#app/shopify.server.ts';

/** Where Shopify's app proxy brings storefronts: what it did not sign is refused with 400, the rest finds nothing yet. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  await authenticate.public.appProxy(request);
  return new Response(null, { status: 404, headers: { 'Cache-Control': 'no-store' } });
}
