import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';

describe('the whole database after an install', () => {
  const STORE = syntheticStore(3);
  let app: AppUnderTest;
  let owner: pg.Client;

  beforeAll(async () => {
    app = await startAppUnderTest({ store: STORE });
    owner = new pg.Client({ connectionString: app.ownerUrl });
    await owner.connect();
    await app.install(STORE.shop.domain);
  });

  afterAll(async () => {
    await owner.end();
    await app.stop();
  });

  it('holds neither token, neither in plain nor in base64 or hex', async () => {
    const { sessionStorage } = await import('#app/shopify.server.ts');
    const session = await sessionStorage.loadSession(`offline_${STORE.shop.domain}`);
    const grant = app.running.simulator.grants.findLive(session?.accessToken ?? '');
    const secrets = [grant?.accessToken, grant?.refreshToken, app.env['SHOPIFY_API_SECRET']];
    expect(secrets.every((secret) => typeof secret === 'string' && secret.length > 10)).toBe(true);

    const dump = await dumpAll(owner);
    // What is there in plain is found, so a secret would be.
    expect(dump).toContain(STORE.shop.domain);
    for (const secret of secrets) {
      for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const) {
        // Without the end, which depends on what follows in base64.
        const needle = Buffer.from(secret ?? '').toString(encoding).replace(/=+$/, '').slice(0, -2);
        expect(dump.includes(needle), encoding).toBe(false);
      }
    }
  });
});

/** Every row of every table as text; bytes also as the text that they spell, if they do. */
async function dumpAll(owner: pg.Client): Promise<string> {
  const { rows: tables } = await owner.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await owner.query<Record<string, unknown>>(`SELECT * FROM ${name}`);
    for (const row of rows) {
      for (const value of Object.values(row)) {
        parts.push(Buffer.isBuffer(value) ? `${value.toString('latin1')} ${value.toString('hex')}` : JSON.stringify(value));
      }
    }
  }
  return parts.join('\n');
}
