import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

import { expect, it } from 'vitest';

import { setDefaultHeaders } from '#app/adapters/http/default-headers.server.ts';

function headersAt(origin: string): ReturnType<ServerResponse['getHeaders']> {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  setDefaultHeaders(response, { origin });
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
  });
});
