import type { LoaderFunctionArgs } from '@remix-run/node';

import { withBouncePolicy } from '#app/http/document-policy.server.ts';
import { isShopDomain } from '#app/domain/ids.ts';
import { env } from '#app/env.server.ts';
import { authenticate } from '#app/shopify.server.ts';

/** The page at which App Bridge fetches a session token, and goes back to the address in `shopify-reload`. */
const BOUNCE_PATH = '/auth/session-token';

/**
 * Where the library bounces the frame to fetch a session token, and back. Of the library's other addresses none is used
 * by an app that Shopify installs itself, and nobody is let in here.
 */
export async function loader({ request }: LoaderFunctionArgs): Promise<null> {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname !== BOUNCE_PATH) throw new Response(null, { status: 404 });
  const leadsHome = searchParams.getAll('shopify-reload').every(isOurs);
  // The shop goes into the header that says who may frame the page.
  if (!leadsHome || !searchParams.getAll('shop').every(isShopDomain)) throw new Response(null, { status: 400 });
  try {
    await authenticate.admin(request);
    return null;
  } catch (thrown) {
    throw thrown instanceof Response ? await withBouncePolicy(request, thrown) : thrown;
  }
}

/** Wherever this leads, a merchant's session token goes along. */
function isOurs(address: string): boolean {
  return URL.parse(address)?.origin === new URL(env.SHOPIFY_APP_URL).origin;
}
