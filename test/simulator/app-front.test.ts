import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowFraming } from './app-front.ts';
import type { RunningSimulator } from './server.ts';
import { startTestSimulator } from './simulator-client.ts';
import { syntheticStore } from './synthetic-store.ts';

let running: RunningSimulator;

beforeEach(async () => {
  running = await startTestSimulator({ store: syntheticStore(1) });
});
afterEach(() => running.close());

describe('the front of the app', () => {
  it('lets our shell frame the app and passes all else through, method and body too', async () => {
    const upstream = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(418, {
          'Content-Security-Policy':
            "default-src 'self'; frame-ancestors https://a.myshopify.com https://admin.shopify.com;",
          'Set-Cookie': ['a=1', 'b=2'],
        });
        response.end(`${request.method} ${request.url} ${request.headers.host} ${Buffer.concat(chunks).toString()}`);
      });
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const address = upstream.address();
    running.setUpstream(`http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`);
    const response = await fetch(`${running.appFrontUrl}/path?q=1`, { method: 'PUT', body: 'hello' });
    expect(response.status).toBe(418);
    expect(await response.text()).toBe(`PUT /path?q=1 ${new URL(running.appFrontUrl).host} hello`);
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'self'; frame-ancestors https://a.myshopify.com https://admin.shopify.com ${running.origin};`,
    );
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    upstream.closeAllConnections();
    await new Promise((resolve) => upstream.close(resolve));
  });

  it('answers 502 at once while the app is away', async () => {
    expect((await fetch(running.appFrontUrl)).status).toBe(502);
    running.setUpstream('http://127.0.0.1:1');
    expect((await fetch(running.appFrontUrl)).status).toBe(502);
  });

  it('replaces none and leaves a policy without the directive alone', () => {
    expect(allowFraming("frame-ancestors 'none'", 'http://x')).toBe('frame-ancestors http://x');
    expect(allowFraming("default-src 'self'", 'http://x')).toBe("default-src 'self'");
  });
});
