import type { LoaderFunctionArgs } from '@remix-run/node';

import { authenticate } from '#app/shopify.server.ts';

/** Where the library bounces the frame to fetch a session token, and back. */
export async function loader({ request }: LoaderFunctionArgs): Promise<null> {
  await authenticate.admin(request);
  return null;
}
