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

  // The first and the last of each network that IANA has set aside, and of those that stand for another address.
  it.each([
    ['0.0.0.0', '0.255.255.255'], ['10.0.0.0', '10.255.255.255'], ['100.64.0.0', '100.127.255.255'], ['127.0.0.0', '127.255.255.255'],
    ['169.254.0.0', '169.254.255.255'], ['172.16.0.0', '172.31.255.255'], ['192.0.0.0', '192.0.0.255'], ['192.0.2.0', '192.0.2.255'],
    ['192.31.196.0', '192.31.196.255'], ['192.52.193.0', '192.52.193.255'], ['192.88.99.0', '192.88.99.255'], ['192.168.0.0', '192.168.255.255'],
    ['192.175.48.0', '192.175.48.255'], ['198.18.0.0', '198.19.255.255'], ['198.51.100.0', '198.51.100.255'], ['203.0.113.0', '203.0.113.255'],
    ['224.0.0.0', '255.255.255.255'], ['::', '1fff:ffff::'], ['64:ff9b::', '64:ff9b::ffff:ffff'], ['2001::', '2001:1ff:ffff::'],
    ['2001:db8::', '2001:db8:ffff::'], ['2002::', '2002:ffff:ffff::'], ['3fff::', '3fff:fff:ffff::'], ['4000::', 'ffff:ffff::'],
  ])('is not one from %s to %s', (first, last) => {
    expect([isPublicAddress(first), isPublicAddress(last)]).toEqual([false, false]);
  });

  it.each(['127.0.0.1', '10.0.0.1', '::1', '::ffff:8.8.8.8', 'fe80::1', '2001:db8::1', '3fff::1', '4000::1', '', 'files.example.com'])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
