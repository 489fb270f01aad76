import type { ServerResponse } from 'node:http';

import { DATA_POLICY } from './content-security-policy.server.ts';

const A_YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * What every answer says, whoever makes it: a page, a file, an error from outside of Remix. Set before the request is
 * looked at, so that nothing has to remember it; who knows better replaces it.
 */
export function setDefaultHeaders(response: ServerResponse, { origin }: { origin: string }): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  // Addresses of documents carry a token, which no other site shall read.
  response.setHeader('Referrer-Policy', 'strict-origin-when-cross-origin');
  response.setHeader('Content-Security-Policy', DATA_POLICY);
  // Everything that is not a file is one merchant's, or one shopper's.
  response.setHeader('Cache-Control', 'no-store');
  if (origin.startsWith('https:')) response.setHeader('Strict-Transport-Security', `max-age=${A_YEAR_SECONDS}`);
}

/** Where other origins may read answers: the addresses that extensions call, which look at a token first. */
const EXTENSION_PATHS = '/api/';

/** Puts the headers of an answer over the defaults, without what it has no business to say. */
export function writeHeaders(headers: Headers, response: ServerResponse, { path }: { path: string }): void {
  const isDocument = (headers.get('Content-Type') ?? '').startsWith('text/html');
  const replaced = new Set<string>();
  for (const [name, value] of headers) {
    // Shopify's library opens its refusals to any origin that asks.
    if (name.startsWith('access-control-') && !path.startsWith(EXTENSION_PATHS)) continue;
    if (name === 'x-powered-by' || name === 'access-control-allow-credentials') continue;
    // A document without a whole policy is not ours: it keeps the one that forbids everything.
    if (name === 'content-security-policy' && !(isDocument && value.startsWith('default-src '))) continue;
    if (!replaced.has(name)) response.removeHeader(name);
    replaced.add(name);
    response.appendHeader(name, value);
  }
}
