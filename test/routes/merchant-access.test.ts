import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { ShopFactsDocument } from '#app/generated/admin-api.ts';
import { signSessionToken } from '#test/simulator/session-token.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { BROWSER_AGENT, startAppUnderTest, TEST_APP, type AppUnderTest } from '#test/support/app-under-test.ts';

const STORE = syntheticStore(2);
const { domain: DOMAIN } = STORE.shop;

let app: AppUnderTest;
let owner: pg.Client;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

/** How many tokens the local Shopify gives out while the work goes on. */
async function tokensAskedFor(work: () => Promise<unknown>): Promise<number> {
  const issued = vi.spyOn(app.running.simulator.grants, 'issue');
  try {
    await work();
    return issued.mock.calls.length;
  } finally {
    issued.mockRestore();
  }
}

async function statusFor(claims: Record<string, unknown>): Promise<number> {
  const { merchantContext } = await import('#app/context.server.ts');
  const nowSeconds = Math.floor(Date.now() / 1000);
  const token = signSessionToken(
    { aud: TEST_APP.clientId, exp: nowSeconds + 60, nbf: nowSeconds - 1, iat: nowSeconds, jti: '1', ...claims },
    TEST_APP.clientSecret,
  );
  const headers = { 'User-Agent': BROWSER_AGENT, Authorization: `Bearer ${token}` };
  const request = new Request(`${app.running.appFrontUrl}/app/imports`, { headers });
  const answer = await merchantContext(request).catch((thrown: unknown) => thrown);
  return answer instanceof Response ? answer.status : 200;
}

describe('a merchant who opens the app', () => {
  it('gets one token for the shop, however many loaders run side by side', async () => {
    expect(await tokensAskedFor(() => Promise.all(Array.from({ length: 5 }, () => app.install(DOMAIN))))).toBe(1);
    expect(await tokensAskedFor(() => app.install(DOMAIN))).toBe(0);
  });

  it('leaves one live pair when pages and worker renew an old token at the same moment', async () => {
    const context = await app.install(DOMAIN);
    await owner.query("UPDATE sessions SET expires_at = now() + interval '30 seconds'");
    await Promise.all([app.install(DOMAIN), context.admin(ShopFactsDocument, {}), app.install(DOMAIN), app.install(DOMAIN)]);
    const { data } = await context.admin(ShopFactsDocument, {});
    expect(data.shop.name).toBe(STORE.shop.name);
  });

  it('is installed even when the first visit was cut short before it was noted', async () => {
    await owner.query('UPDATE shops SET installed_at = NULL');
    await owner.query('DELETE FROM imports');
    await app.install(DOMAIN);
    const { rows } = await owner.query('SELECT (SELECT count(*)::int FROM imports) AS imports, installed_at IS NOT NULL AS noted FROM shops');
    expect(rows).toEqual([{ imports: 2, noted: true }]);
  });
});

describe('the merchant’s pages', () => {
  const staff = { iss: `https://${DOMAIN}/admin`, dest: `https://${DOMAIN}`, sub: '1', sid: 's' };

  it('let in a token of the admin', async () => {
    expect(await statusFor(staff)).toBe(200);
  });

  it.each([
    ['a buyer’s token', { dest: DOMAIN, sub: 'gid://shopify/Customer/100' }],
    ['a buyer’s token with a scheme before its shop', { dest: `https://${DOMAIN}`, sub: 'gid://shopify/Customer/100' }],
    ['a guest’s token with a scheme before its shop', { dest: `https://${DOMAIN}` }],
    ['a token that another shop issued', { ...staff, iss: 'https://other.myshopify.com/admin' }],
    ['a token for another app', { ...staff, aud: 'another' }],
    ['a token that has ended', { ...staff, exp: Math.floor(Date.now() / 1000) - 60 }],
  ])('refuse %s', async (_case, claims) => {
    expect(await statusFor(claims)).toBe(401);
  });
});
