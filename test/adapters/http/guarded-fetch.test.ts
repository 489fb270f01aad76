import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { guardedFetch, TooLargeAnswerError } from '#app/adapters/http/guarded-fetch.server.ts';
import { isPublicAddress } from '#app/adapters/http/public-address.ts';

let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/hang') return;
    if (request.url === '/honest') response.setHeader('Content-Length', '2000');
    response.write('x'.repeat(1_000));
    setImmediate(() => response.end('x'.repeat(1_000)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** What is asked of the address comes from the server here; that addresses are refused is row A8. */
const from = (path: string): typeof fetch => (_input, init) => fetch(`${origin}${path}`, { ...init, dispatcher: undefined } as RequestInit);

describe('an answer from outside', () => {
  it('comes whole when it keeps the limits', async () => {
    const response = await guardedFetch(from('/'), 'https://files.example.com/a');
    expect(response.status).toBe(200);
    expect(await response.text()).toHaveLength(2_000);
  });

  it('is broken off where it is larger than was agreed, whether or not it says so', async () => {
    const limits = { deadlineMs: 5_000, maxBytes: 1_500 };
    await expect(guardedFetch(from('/honest'), 'https://files.example.com/a', limits)).rejects.toThrow(TooLargeAnswerError);
    const response = await guardedFetch(from('/'), 'https://files.example.com/a', limits);
    await expect(response.text()).rejects.toThrow(TooLargeAnswerError);
  });

  it('is not waited for beyond its deadline', async () => {
    await expect(guardedFetch(from('/hang'), 'https://files.example.com/a', { deadlineMs: 50, maxBytes: 1 })).rejects.toThrow(/timeout|aborted/);
  });
});

describe('a public address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '100.63.255.255', '223.255.255.255', '2606:4700::1', '2a00:1450::1'])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each(['127.0.0.1', '10.0.0.1', '::1', '::ffff:8.8.8.8', 'fe80::1', '2001:db8::1', '3fff::1', '4000::1', '', 'files.example.com'])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
