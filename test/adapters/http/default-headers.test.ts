import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

import { expect, it } from 'vitest';

import { documentPolicy } from '#app/adapters/http/content-security-policy.server.ts';
import { setDefaultHeaders, writeHeaders } from '#app/adapters/http/default-headers.server.ts';

type Written = ReturnType<ServerResponse['getHeaders']>;

function headersAt(origin: string, answer: Record<string, string> = {}, path = '/app'): Written {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  setDefaultHeaders(response, { origin });
  writeHeaders(new Headers(answer), response, { path });
  return response.getHeaders();
}

it('has browsers come back encrypted alone, for a year, where the app is served so', () => {
  expect(headersAt('https://perennial.example.com')).toMatchObject({ 'strict-transport-security': 'max-age=31536000' });
  expect(headersAt('http://localhost:3000')).not.toHaveProperty('strict-transport-security');
});

it('lets nobody frame, run or keep an answer of which nothing else is said', () => {
  expect(headersAt('http://localhost:3000')).toMatchObject({
    'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // Addresses of documents carry a token.
    'referrer-policy': 'strict-origin-when-cross-origin',
  });
});

it('takes no policy over but the whole one of a document of ours', () => {
  const policyOf = (type: string, policy: string) => headersAt('http://localhost:3000', { 'Content-Type': type, 'Content-Security-Policy': policy })['content-security-policy'];
  const closed = headersAt('http://localhost:3000')['content-security-policy'];
  expect(policyOf('text/html', "default-src 'self'; frame-ancestors 'none'")).toBe("default-src 'self'; frame-ancestors 'none'");
  // As Shopify's library says it of its own documents, and of an answer that is none.
  expect(policyOf('text/html', 'frame-ancestors https://evil.example')).toBe(closed);
  expect(policyOf('application/json', "default-src 'self'; frame-ancestors *")).toBe(closed);
});

it('lets other origins read what extensions ask, and nothing else', () => {
  const open = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Credentials': 'true' };
  expect(headersAt('http://localhost:3000', open, '/api/shopper/loyalty')).toHaveProperty('access-control-allow-origin', '*');
  expect(headersAt('http://localhost:3000', open, '/app/customers')).not.toHaveProperty('access-control-allow-origin');
  expect(headersAt('http://localhost:3000', open, '/api/shopper/loyalty')).not.toHaveProperty('access-control-allow-credentials');
});

it('has a document run its own scripts alone, hold no object, and be framed by its own shop', () => {
  const facts = { nonce: 'n', appBridgeUrl: 'https://cdn.shopify.com/shopifycloud/app-bridge.js', isDevelopment: false };
  const directives = documentPolicy({ ...facts, shop: null }).split('; ');
  expect(directives).toEqual(expect.arrayContaining(["default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"]));
  expect(directives).toContain("script-src 'self' 'nonce-n' https://cdn.shopify.com/shopifycloud/app-bridge.js");
});
