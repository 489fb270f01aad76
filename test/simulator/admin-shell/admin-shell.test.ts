import '@shopify/shopify-api/adapters/node';

import { ApiVersion, shopifyApi } from '@shopify/shopify-api';
import { describe, expect, it } from 'vitest';

import { memorySimulator } from '../storefront/memory-simulator.ts';
import { syntheticCustomer } from '../synthetic-store.ts';
import { adminShellRoutes } from './routes.ts';

const APP = '/store/perennial-demo/apps/perennial';

/** Shopify's own library, set up as the app sets it up: what it accepts is what Shopify would have sent. */
const library = shopifyApi({
  apiKey: 'client-id',
  apiSecretKey: 'client-secret',
  apiVersion: ApiVersion.October26,
  hostName: 'localhost:4001',
  isEmbeddedApp: true,
  isTesting: true,
});

function aShell() {
  return adminShellRoutes(memorySimulator());
}

async function frameAddressOf(path: string, headers: Record<string, string> = {}): Promise<URL> {
  const response = await aShell().request(path, { headers });
  const address = /data-frame-address="([^"]+)"/.exec(await response.text())?.[1] ?? '';
  return new URL(address.replaceAll('&amp;', '&'));
}

describe('pages of Shopify’s own that extensions stand on', () => {
  const simulator = memorySimulator();
  const shell = adminShellRoutes(simulator);
  const at = '2026-01-01T00:00:00.000Z';
  simulator.shop.save('customer', syntheticCustomer(7));
  simulator.shop.save('segment', { id: 5, name: 'Regulars', query: 'number_of_orders > 2', creationDate: at, lastEditDate: at, isDeleted: false });
  const read = async (path: string) => (await shell.request(`/store/perennial-demo${path}`)).text();

  it('have a customer’s blocks in frames about that customer', async () => {
    const page = await read('/customers/7');
    const address = /<iframe[^>]*src="\/store\/perennial-demo(\/extensions\/perennial-customer-card\/[^"]+)"/.exec(page)?.[1] ?? '';
    expect(address).toContain(encodeURIComponent('gid://shopify/Customer/7'));
    const frame = await read(address);
    expect(frame).toContain('data-surface="admin"');
    expect(frame).toContain('"selectedId":"gid://shopify/Customer/7"');
  });

  it('name a segment’s actions in the language of the admin', async () => {
    expect(await read('/customers/segments')).toContain('Regulars');
    expect(await read('/customers/segments/5')).toContain('Give points to everyone in it');
    const inChinese = await shell.request('/store/perennial-demo/customers/segments/5', { headers: { Cookie: 'admin_locale=zh-CN' } });
    expect(await inChinese.text()).toContain('为其中所有人发放积分');
  });

  it.each(['/customers/8', '/customers/segments/6', '/extensions/perennial-customer-card/nowhere'])('are not there for nobody: %s', async (path) => {
    expect((await shell.request(`/store/perennial-demo${path}`)).status).toBe(404);
  });
});

describe('the frame of the app', () => {
  it('opens the path and query of the top window inside the app', async () => {
    const address = await frameAddressOf(`${APP}/app/cohorts?by=region`);
    expect(address.origin + address.pathname).toBe('http://localhost:4001/app/cohorts');
    expect(address.searchParams.get('by')).toBe('region');
    expect(address.searchParams.get('embedded')).toBe('1');
    expect(address.searchParams.get('shop')).toBe('perennial-demo.myshopify.com');
    expect(atob(address.searchParams.get('host') ?? '')).toBe('admin.shopify.com/store/perennial-demo');
  });

  it('carries parameters whose signature Shopify’s library accepts, and refuses once one is changed', async () => {
    const params = Object.fromEntries((await frameAddressOf(`${APP}/app?q=a b&x=%26`)).searchParams);
    expect(await library.utils.validateHmac(params)).toBe(true);
    expect(await library.utils.validateHmac({ ...params, shop: 'other.myshopify.com' })).toBe(false);
  });

  it('carries a session token that Shopify’s library accepts', async () => {
    const token = (await frameAddressOf(APP)).searchParams.get('id_token') ?? '';
    const claims = await library.session.decodeSessionToken(token);
    expect(claims).toMatchObject({
      iss: 'https://perennial-demo.myshopify.com/admin',
      dest: 'https://perennial-demo.myshopify.com',
      aud: 'client-id',
      sub: '1',
    });
    expect(claims.exp - claims.iat).toBe(60);
  });

  it('gets a fresh token of the same session whenever the shell asks', async () => {
    const shell = aShell();
    const headers = { Cookie: 'admin_session=abc' };
    const response = await shell.request('/store/perennial-demo/session-token', { method: 'POST', headers });
    const body: unknown = await response.json();
    const token = typeof body === 'object' && body !== null && 'token' in body ? String(body.token) : '';
    expect(await library.session.decodeSessionToken(token)).toMatchObject({ sid: 'abc' });
  });

  it('is told the language of the admin, which a cookie remembers', async () => {
    const shell = aShell();
    const choice = await shell.request(`${APP}/app?locale=zh-CN&by=week`);
    expect(choice.headers.get('Location')).toBe(`${APP}/app?by=week`);
    expect(choice.headers.getSetCookie().join()).toContain('admin_locale=zh-CN');
    const address = await frameAddressOf(APP, { Cookie: 'admin_locale=zh-CN' });
    expect(address.searchParams.get('locale')).toBe('zh-CN');
  });
});

describe('the admin of a store', () => {
  it('leads to the app', async () => {
    expect((await aShell().request('/store/perennial-demo')).headers.get('Location')).toBe(APP);
  });

  it.each(['/store/nobody/home', '/store/nobody/apps/perennial', '/shop/nobody'])('does not know %s', async (path) => {
    expect((await aShell().request(path)).status).toBe(404);
  });

  it.each(['home', 'orders', 'products', 'customers', 'settings/checkout/editor'])('has a page %s', async (page) => {
    const response = await aShell().request(`/store/perennial-demo/${page}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Harbour Tea');
  });

  it('says so where the real admin has a page that is not imitated', async () => {
    const response = await aShell().request('/store/perennial-demo/discounts/new');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('is not imitated here');
  });

  it('serves the App Bridge stand-in to any origin', async () => {
    const response = await aShell().request('/app-bridge.js');
    expect(response.headers.get('Content-Type')).toContain('javascript');
    expect(await response.text()).toContain('shopify-reload');
  });
});
