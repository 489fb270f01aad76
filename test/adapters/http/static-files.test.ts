import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const STYLES = 'p { color: green }\n'.repeat(200);

let folder: string;
let server: Server;
let origin: string;

beforeAll(async () => {
  vi.stubEnv('DATABASE_URL', 'postgresql://nobody@localhost/none');
  for (const name of ['SHOPIFY_API_KEY', 'SHOPIFY_API_SECRET']) vi.stubEnv(name, 'test');
  vi.stubEnv('SHOPIFY_APP_URL', 'https://app.example');
  vi.stubEnv('SCOPES', 'read_orders');
  vi.stubEnv('ENCRYPTION_KEYS', `k1:${Buffer.alloc(32).toString('base64')}`);
  const { setDefaultHeaders } = await import('#app/adapters/http/default-headers.server.ts');
  const { createStaticFiles } = await import('#app/adapters/http/static-files.server.ts');
  folder = mkdtempSync(join(tmpdir(), 'perennial-static-'));
  mkdirSync(join(folder, 'client', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'client', 'assets', 'styles-abc.css'), STYLES);
  writeFileSync(join(folder, 'client', 'favicon.svg'), '<svg/>');
  writeFileSync(join(folder, 'client', 'photo.png'), 'png');
  const files = await createStaticFiles(join(folder, 'client'));
  server = createServer((request, response) => {
    setDefaultHeaders(response, { origin: 'https://app.example' });
    if (!files.answer(request, response)) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

describe('the files of a build', () => {
  it('are kept for ever where their name changes with what is in them', async () => {
    const response = await fetch(`${origin}/assets/styles-abc.css`);
    expect(await response.text()).toBe(STYLES);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await fetch(`${origin}/favicon.svg?v=2`)).headers.get('cache-control')).not.toContain('immutable');
  });

  it('go out as they are to who cannot unpack them, and where packing gains nothing', async () => {
    const plain = await fetch(`${origin}/assets/styles-abc.css`, { headers: { 'Accept-Encoding': 'identity' } });
    expect([plain.headers.get('content-encoding'), plain.headers.get('content-length')]).toEqual([null, String(STYLES.length)]);
    expect((await fetch(`${origin}/photo.png`)).headers.get('content-encoding')).toBeNull();
  });

  it('answer HEAD without a body', async () => {
    const response = await fetch(`${origin}/photo.png`, { method: 'HEAD' });
    expect([response.headers.get('content-length'), await response.text()]).toEqual(['3', '']);
  });

  it.each(['/', '/assets', '/missing.css', '/assets/../favicon.svg/x', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/../../secret.txt'])(
    'are all there is: %s is none',
    async (path) => {
      expect((await fetch(`${origin}${path}`)).status).toBe(418);
    },
  );

  it('that an older build had are answered shortly', async () => {
    const response = await fetch(`${origin}/assets/old-build.js`);
    expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store']);
  });

  it('are not for a POST', async () => {
    expect((await fetch(`${origin}/favicon.svg`, { method: 'POST' })).status).toBe(418);
  });

  it('stay when another build takes their place on the disk', async () => {
    rmSync(join(folder, 'client', 'photo.png'));
    expect(await (await fetch(`${origin}/photo.png`)).text()).toBe('png');
  });
});
