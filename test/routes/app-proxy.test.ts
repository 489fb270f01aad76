import { createHmac } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { BROWSER_AGENT, startAppUnderTest, TEST_APP, type AppUnderTest } from '#test/support/app-under-test.ts';

const STORE = syntheticStore(1);
let app: AppUnderTest;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
});

afterAll(() => app.stop());

/** The status that the route gives, thrown or returned. */
async function ask(parameters: Record<string, string>): Promise<number> {
  const { loader } = await import('#app/routes/proxy.$.ts');
  const url = `${app.running.appFrontUrl}/proxy/anything?${new URLSearchParams(parameters)}`;
  const request = new Request(url, { headers: { 'User-Agent': BROWSER_AGENT } });
  const answer = await loader({ request, params: {}, context: {} }).catch((thrown: unknown) => thrown);
  return answer instanceof Response ? answer.status : 0;
}

function signed(parameters: Record<string, string>): Record<string, string> {
  const text = Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('');
  return { ...parameters, signature: createHmac('sha256', TEST_APP.clientSecret).update(text).digest('hex') };
}

describe("the app proxy's address", () => {
  const shopAndTime = () => ({
    shop: STORE.shop.domain,
    path_prefix: '/apps/perennial',
    timestamp: String(Math.floor(Date.now() / 1000)),
  });

  it('lets in what Shopify signed', async () => {
    expect(await ask(signed(shopAndTime()))).toBe(404);
  });

  it('refuses what nobody signed, and a signature of other parameters', async () => {
    expect(await ask(shopAndTime())).toBe(400);
    expect(await ask({ ...signed(shopAndTime()), logged_in_customer_id: '1' })).toBe(400);
  });
});
