import { documentPolicy } from '#app/adapters/http/content-security-policy.server.ts';
import { findStaffToken } from '#app/adapters/shopify/proofs/request-proof.ts';
import { verifyStaffToken } from '#app/adapters/shopify/proofs/session-token.server.ts';
import { isShopDomain } from '#app/domain/ids.ts';
import type { ShopDomain } from '#app/domain/ids.ts';
import { env } from '#app/env.server.ts';
import { proofSettings } from '#app/access/proof-settings.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';

/** Headers of one document, and the nonce that its scripts carry. */
export interface DocumentPolicy {
  nonce: string;
  headers: Record<string, string>;
}

const NONCE_BYTES = 16;

/**
 * For a page of ours. Its address names the shop twice, and only the token is proof: a page that somebody opens with
 * `?shop=` alone is framed by nobody, whatever it says.
 */
export function policyOfPage(request: Request): DocumentPolicy {
  const found = findStaffToken(request);
  if (!found.ok || found.value === null) return policyFor(null);
  const staff = verifyStaffToken(found.value.token, proofSettings());
  return policyFor(staff.ok ? staff.value.shopDomain : null);
}

const APP_BRIDGE_OF_THE_LIBRARY = 'https://cdn.shopify.com/shopifycloud/app-bridge.js';

/**
 * What the library throws to fetch a token: a document that is App Bridge and nothing else. It
 * comes before there is a token, so the shop is the one that the address names, as in the library; the form is strict,
 * because the library writes whatever stands there into its policy. Who frames it under a false name frames nothing.
 */
export async function withBouncePolicy(request: Request, thrown: Response): Promise<Response> {
  if (!(thrown.headers.get('Content-Type') ?? '').startsWith('text/html')) return thrown;
  const named = new URL(request.url).searchParams.get('shop') ?? '';
  const { nonce, headers } = policyFor(isShopDomain(named) ? named : null);
  // The library's scripts are a template around our own client id: no other `<script` can stand there.
  const document = (await thrown.text())
    .replaceAll(APP_BRIDGE_OF_THE_LIBRARY, env.APP_BRIDGE_URL)
    .replaceAll('<script', `<script nonce="${nonce}"`);
  return new Response(document, { status: thrown.status, headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' } });
}

function policyFor(shop: ShopDomain | null): DocumentPolicy {
  const nonce = Buffer.from(systemRuntime.randomBytes(NONCE_BYTES)).toString('base64');
  const policy = documentPolicy({
    shop,
    nonce,
    appBridgeUrl: env.APP_BRIDGE_URL,
    isDevelopment: env.NODE_ENV === 'development',
  });
  // App Bridge is the first thing a document needs, from wherever ours comes.
  const headers = { 'Content-Security-Policy': policy, Link: `<${env.APP_BRIDGE_URL}>; rel="preload"; as="script"` };
  return { nonce, headers };
}
