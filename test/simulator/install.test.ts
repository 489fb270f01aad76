import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

it('sends what a process asks of a store to the local Shopify, and nothing else', async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { 'x-sim-shop': shop, 'x-own': own } = request.headers;
      seen.push([request.method, request.url, shop, own, Buffer.concat(chunks).toString()].join(' '));
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  const script = `
    await fetch('https://a.myshopify.com/admin/x?y=1', { method: 'POST', headers: { 'X-Own': '1' }, body: 'b' });
    await fetch(new Request('https://b.myshopify.com/z', { method: 'POST', headers: { 'X-Own': '2' }, body: 'c' }));
    await fetch('https://storage.googleapis.com/bulk/7.jsonl', { dispatcher: null });
    await fetch('${origin}/plain');`;
  await run(process.execPath, ['--input-type=module', '--eval', script], {
    env: {
      ...process.env,
      NODE_OPTIONS: `--import=${fileURLToPath(new URL('install.ts', import.meta.url))}`,
      SHOPIFY_SIM_ORIGIN: origin,
    },
  });
  server.closeAllConnections();
  server.close();
  expect(seen).toEqual(['POST /admin/x?y=1 a.myshopify.com 1 b', 'POST /z b.myshopify.com 2 c', 'GET /bulk/7.jsonl storage.googleapis.com  ', 'GET /plain   ']);
});
