import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

import { PROJECT_DIR } from '#test/support/project-dir.ts';

const TOKEN = 'shpat_0123456789abcdef0123456789abcdef';
const SESSION = 'eyJhbGciOiJIUzI1NiJ9.eyJzaG9wIjoia2FuYXJpZSJ9.c2lnbmF0dXJl';
const BUYER = 'kanarie@example.com';
const AGENT = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';
const ENV: Record<string, string> = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'trace',
  DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
  SHOPIFY_API_KEY: 'key',
  SHOPIFY_API_SECRET: 'secret',
  SHOPIFY_APP_URL: 'http://localhost',
  SCOPES: 'read_orders',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
};

/** All that a process of the app's own modules writes, line by line. */
function writtenBy(script: string): { lines: string[]; errors: string } {
  const args = ['--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: PROJECT_DIR, encoding: 'utf8', env: { ...process.env, ...ENV } });
  return { lines: stdout.split('\n').filter((line) => line !== ''), errors: stderr };
}

describe('what the library of Shopify says', () => {
  it('is written down of errors alone, however much our own log tells, and without tokens or people', () => {
    const { lines, errors } = writtenBy(`
      const { shopifyApiLibrary: { logger } } = await import('#app/shopify-api.server.ts');
      for (const severity of ['debug', 'info', 'warning', 'error']) {
        await logger[severity](severity + ' of ${BUYER} with ${TOKEN}', { session: '${SESSION}', authorization: 'Bearer secret-of-a-kanarie' });
      }
    `);
    expect({ lines: lines.map((line): unknown => JSON.parse(line)), errors }).toEqual({
      lines: [expect.objectContaining({ level: 50, msg: 'the library of Shopify reports an error', detail: expect.stringContaining('error of … with …') })],
      errors: '',
    });
    expect(lines.join('\n')).not.toMatch(/kanarie|shpat_|eyJ/);
  });

  it('is nothing while it looks at a request of the admin', () => {
    const { lines, errors } = writtenBy(`
      const { shopify } = await import('#app/shopify.server.ts');
      const url = 'http://localhost/app?embedded=1&shop=kanarie.myshopify.com&host=aG9zdA&id_token=${SESSION}';
      const request = new Request(url, { headers: { 'User-Agent': '${AGENT}' } });
      const outcome = await shopify.authenticate.admin(request).catch((thrown) => thrown);
      console.log(outcome instanceof Response ? 'refused' : 'let in');
      process.exit();
    `);
    expect({ lines, errors }).toEqual({ lines: ['refused'], errors: '' });
  });
});
