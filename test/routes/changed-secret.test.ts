import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { signProxyParameters } from '#test/simulator/app-proxy.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { BROWSER_AGENT, startAppUnderTest, TEST_APP, type AppUnderTest } from '#test/support/app-under-test.ts';
import { buyerClaims, signToken, staffClaims, type TokenMaker } from '#test/support/token-matrix.ts';

const OLD_SECRET = 'the-secret-before-this-one';
const STORE = syntheticStore(2);
const { domain } = STORE.shop;

let app: AppUnderTest;

beforeAll(async () => {
  process.env['SHOPIFY_API_SECRET_OLD'] = OLD_SECRET;
  app = await startAppUnderTest({ store: STORE });
});
afterAll(async () => {
  delete process.env['SHOPIFY_API_SECRET_OLD'];
  await app.stop();
});

const maker = (): TokenMaker => ({
  clientId: TEST_APP.clientId,
  secret: TEST_APP.clientSecret,
  domain,
  otherDomain: 'other.myshopify.com',
  nowSeconds: Math.floor(Date.now() / 1000),
});

async function statusOf(work: Promise<Response>): Promise<number> {
  const answer = await work.catch((thrown: unknown) => thrown);
  return answer instanceof Response ? answer.status : 0;
}

async function merchantStatus(secret: string, place: 'header' | 'address'): Promise<number> {
  const { loader } = await import('#app/routes/app.imports.ts');
  const token = signToken(maker(), staffClaims(maker()), { secret });
  const url = new URL('/app/imports', app.running.appFrontUrl);
  if (place === 'address') url.search = String(new URLSearchParams({ embedded: '1', shop: domain, host: btoa('admin.shopify.com/store/x'), id_token: token }));
  const headers = { 'User-Agent': BROWSER_AGENT, ...(place === 'header' ? { Authorization: `Bearer ${token}` } : {}) };
  return statusOf(loader({ request: new Request(url, { headers }), params: {}, context: {} }));
}

// In order: the first of them installs the shop, by a token that the old secret has signed.
describe('while the app’s secret is being changed', () => {
  it.each(['address', 'header'] as const)('a merchant comes in with a token of either secret in the %s', async (place) => {
    expect(await merchantStatus(OLD_SECRET, place)).toBe(200);
    expect(await merchantStatus(TEST_APP.clientSecret, place)).toBe(200);
    expect(await merchantStatus('the-secret-before-that', place)).toBe(401);
  });

  it('a buyer is answered with a token of either secret', async () => {
    const { loader } = await import('#app/routes/api.checkout.next-order-offer.ts');
    const ask = (secret: string) => {
      const headers = { Authorization: `Bearer ${signToken(maker(), buyerClaims(maker()), { secret })}` };
      return statusOf(loader({ request: new Request('https://app.example/api/checkout/next-order-offer?orderId=1', { headers }), params: {}, context: {} }));
    };
    expect([await ask(OLD_SECRET), await ask(TEST_APP.clientSecret), await ask('another')]).toEqual([200, 200, 401]);
  });

  it('the app proxy is believed with either', async () => {
    const { loader } = await import('#app/routes/proxy.$.ts');
    const ask = (secret: string) => {
      const query = new URLSearchParams({ shop: domain, timestamp: String(maker().nowSeconds), path_prefix: '/apps/perennial' });
      query.set('signature', signProxyParameters(query, secret));
      return statusOf(loader({ request: new Request(`https://app.example/proxy/x?${query}`), params: {}, context: {} }));
    };
    expect([await ask(OLD_SECRET), await ask(TEST_APP.clientSecret), await ask('another')]).toEqual([404, 404, 400]);
  });
});
