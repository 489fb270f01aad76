import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, it } from 'vitest';

import { warmUp } from '#app/adapters/http/warm-up.server.ts';

let server: Server | undefined;
afterEach(() => new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve))));

/** @returns the address of a listener, and the paths it was asked for, by connection */
async function listen(statusOf: (request: number) => number) {
  const asked: string[] = [];
  const connections = new Set<unknown>();
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    connections.add(request.socket);
    response.writeHead(statusOf(asked.length)).end('ok');
  });
  await new Promise<void>((resolve) => server?.listen(0, resolve));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/livez`, asked, connections };
}

it('a process asks itself hundreds of times on one connection, and lets go of it', async () => {
  const { url, asked, connections } = await listen(() => 200);
  await warmUp(url);
  expect(asked.length).toBeGreaterThanOrEqual(200);
  expect([new Set(asked), connections.size]).toEqual([new Set(['/livez']), 1]);
});

it('a listener that fails is asked no further', async () => {
  const { url, asked } = await listen((request) => (request === 3 ? 500 : 200));
  await expect(warmUp(url)).rejects.toThrow('answers 500');
  expect(asked).toHaveLength(3);
});

it('a listener that is gone is no hang', async () => {
  const { url } = await listen(() => 200);
  await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  await expect(warmUp(url)).rejects.toThrow();
});
