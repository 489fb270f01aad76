import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';

import { verifyProxySignature } from '#app/adapters/shopify/proofs/proxy-signature.server.ts';
import { proofSettings } from '#app/access/proof-settings.server.ts';
import { noteRefusal } from '#app/access/refusals.server.ts';

/** Addresses of the app proxy that are none of ours: what Shopify did not sign is refused with 400, the rest finds nothing. */
function answer(request: Request): Response {
  const caller = verifyProxySignature(new URL(request.url).searchParams, proofSettings());
  if (!caller.ok) noteRefusal('proxy', caller.reason);
  return new Response(null, { status: caller.ok ? 404 : 400, headers: { 'Cache-Control': 'no-store' } });
}

export const loader = async ({ request }: LoaderFunctionArgs) => answer(request);
export const action = async ({ request }: ActionFunctionArgs) => answer(request);
