import type { LoaderFunctionArgs } from '@remix-run/node';

import { shopifyApiLibrary } from '#app/shopify-api.server.ts';

/**
 * Where Shopify's app proxy brings storefronts: what it did not sign is refused with 400, the rest finds nothing yet.
 * The Remix package would load the shop's session and refresh its token, for any shopper who asks.
 */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const isSigned = await shopifyApiLibrary.utils.validateHmac(query, { signator: 'appProxy' }).catch(() => false);
  return new Response(null, { status: isSigned ? 404 : 400, headers: { 'Cache-Control': 'no-store' } });
}
