import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { adminShellRoutes } from '../admin-shell/routes.ts';
import { aDiscount, memorySimulator } from './memory-simulator.ts';
import type { MemorySimulator, MemorySimulatorOptions } from './memory-simulator.ts';
import { storefrontRoutes } from './routes.ts';

const ROOT = '/shop/perennial-demo';
const GREEN_TEA = { variant: '10', quantity: '2' };
const THANK_YOU = 'purchase.thank-you.block.render';

let projectFolder: string;

beforeEach(async () => {
  projectFolder = await mkdtemp(join(tmpdir(), 'storefront-'));
});

afterEach(async () => {
  await rm(projectFolder, { recursive: true, force: true });
});

/** A browser of one buyer: keeps cookies, follows redirects. */
function aBuyer(simulator: MemorySimulator) {
  const routes = storefrontRoutes(simulator, { projectFolder });
  const cookies = new Map<string, string>();
  const visit = async (path: string, form?: Record<string, string>): Promise<{ response: Response; path: string }> => {
    const headers = { Cookie: [...cookies].map((pair) => pair.join('=')).join('; ') };
    const init = form ? { method: 'POST', headers, body: new URLSearchParams(form) } : { headers };
    const response = await routes.request(path, init);
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    const target = response.headers.get('Location');
    return target === null ? { response, path } : visit(target);
  };
  const buy = async (fields: Record<string, string> = {}) => {
    await visit(`${ROOT}/cart/add`, GREEN_TEA);
    const checkout = { intent: 'pay', email: 'anna@example.com', firstName: 'Anna', country: 'DE', locale: 'en' };
    const { response, path } = await visit(`${ROOT}/checkout`, { ...checkout, ...fields });
    return { page: await response.text(), path, token: path.split('/').at(-1) ?? '' };
  };
  return { visit, buy, routes };
}

function aSimulator(options: MemorySimulatorOptions = {}): MemorySimulator {
  return memorySimulator(options);
}

async function anExtension(source = 'export default () => {};'): Promise<void> {
  const folder = join(projectFolder, 'extensions', 'next-order');
  await mkdir(join(folder, 'src'), { recursive: true });
  await mkdir(join(folder, 'locales'));
  await writeFile(join(folder, 'src', 'block.js'), source);
  await writeFile(join(folder, 'locales', 'en.default.json'), '{"title":"Hello"}');
  await writeFile(join(folder, 'locales', 'ar.json'), '{"title":"مرحبا"}');
  const toml = `api_version = "2026-07"
    [[extensions]]
    name = "Next order"
    handle = "next-order"
    type = "ui_extension"
    [[extensions.targeting]]
    module = "./src/block.js"
    target = "${THANK_YOU}"`;
  await writeFile(join(folder, 'shopify.extension.toml'), toml);
}

describe('buying in the local shop', () => {
  it('makes a paid order, a customer and the webhooks of both', async () => {
    const simulator = aSimulator();
    const { page, path } = await aBuyer(simulator).buy();
    expect(path).toMatch(/\/thank-you\//);
    expect(page).toContain('Thank you, Anna!');
    const [order] = simulator.shop.orders.values();
    const [customer] = simulator.shop.customers.values();
    expect(customer).toMatchObject({ email: 'anna@example.com', locale: 'en' });
    expect(order).toMatchObject({
      name: '#1001',
      customerId: customer?.id,
      financialStatus: 'PAID',
      received: { shop: { amountMinor: 28_60, currency: 'EUR' } },
      lines: [{ title: 'Green Tea', quantity: 2, tax: { shop: { amountMinor: 3_83 } } }],
    });
    expect(simulator.emitted.map((one) => one.topic)).toEqual([
      'customers/create',
      'orders/create',
      'orders/paid',
      'orders/updated',
    ]);
  });

  it('knows a returning buyer by their email', async () => {
    const simulator = aSimulator();
    const buyer = aBuyer(simulator);
    await buyer.buy();
    await buyer.buy({ email: 'ANNA@example.com' });
    expect(simulator.shop.customers.size).toBe(1);
    expect([...simulator.shop.orders.values()].map((order) => order.name)).toEqual(['#1001', '#1002']);
    expect(simulator.emitted.map((one) => one.topic)).toContain('customers/update');
  });

  it('leaves a guest without a customer record when they ask for that', async () => {
    const simulator = aSimulator();
    await aBuyer(simulator).buy({ guest: 'on' });
    expect(simulator.shop.customers.size).toBe(0);
    expect([...simulator.shop.orders.values()][0]).toMatchObject({ customerId: null, email: 'anna@example.com' });
  });

  it('charges in the currency that the buyer picked and keeps the shop’s beside it', async () => {
    const simulator = aSimulator();
    const buyer = aBuyer(simulator);
    await buyer.visit(`${ROOT}/preferences`, { currency: 'JPY', locale: 'ja' });
    await buyer.buy({ locale: 'ja', country: 'JP' });
    const [order] = simulator.shop.orders.values();
    expect(order).toMatchObject({
      locale: 'ja',
      presentmentCurrency: 'JPY',
      received: { presentment: { amountMinor: 4664, currency: 'JPY' }, shop: { currency: 'EUR' } },
    });
  });

  it('does not sell without an email', async () => {
    const simulator = aSimulator();
    const { page } = await aBuyer(simulator).buy({ email: 'anna' });
    expect(page).toContain('Please enter an email address.');
    expect(simulator.shop.orders.size).toBe(0);
  });

  it('lets the order appear later than the thank-you page when told to', async () => {
    const simulator = aSimulator();
    const buyer = aBuyer(simulator);
    await buyer.routes.request(`${ROOT}/__settings`, { method: 'POST', body: '{"orderDelayMs": 40}' });
    const { page } = await buyer.buy();
    expect(page).toContain('Thank you, Anna!');
    expect(simulator.shop.orders.size).toBe(0);
    await vi.waitFor(() => expect(simulator.shop.orders.size).toBe(1), { timeout: 2_000, interval: 5 });
    expect(simulator.emitted).toHaveLength(4);
  });
});

describe('a discount code at checkout', () => {
  it('takes its part off and counts its use', async () => {
    const simulator = aSimulator();
    simulator.shop.save('discount', aDiscount(7, 'NEXT15'));
    await aBuyer(simulator).buy({ discount: 'next15' });
    expect([...simulator.shop.orders.values()][0]).toMatchObject({
      discounts: [{ discountId: 7, amount: { shop: { amountMinor: 3_60 } } }],
      received: { shop: { amountMinor: 25_00 } },
    });
    expect(simulator.shop.discounts.get(7)?.codes[0]?.asyncUsageCount).toBe(1);
  });

  it('comes along with a link and shows in the cart', async () => {
    const simulator = aSimulator();
    simulator.shop.save('discount', aDiscount(7, 'NEXT15'));
    const buyer = aBuyer(simulator);
    await buyer.visit(`${ROOT}/discount/NEXT15`);
    await buyer.visit(`${ROOT}/cart/add`, GREEN_TEA);
    expect(await (await buyer.visit(`${ROOT}/cart`)).response.text()).toContain('−€3.60');
  });

  it('stops the purchase with the reason when it does not apply', async () => {
    const simulator = aSimulator();
    simulator.shop.save('discount', aDiscount(7, 'ONCE', { appliesOncePerCustomer: true }));
    simulator.shop.save('discount', aDiscount(8, 'MINE', { customerIds: [999] }));
    const buyer = aBuyer(simulator);
    await buyer.buy({ discount: 'ONCE' });
    expect((await buyer.buy({ discount: 'ONCE' })).page).toContain('You have already used “ONCE”.');
    expect((await buyer.buy({ discount: 'MINE' })).page).toContain('“MINE” belongs to another customer.');
    expect((await buyer.buy({ discount: 'NONE' })).page).toContain('“NONE” is not a valid discount code.');
    expect(simulator.shop.orders.size).toBe(1);
  });
});

describe('the thank-you page', () => {
  it('speaks the language of the order, from right to left where that reads so', async () => {
    const { page } = await aBuyer(aSimulator()).buy({ locale: 'ar' });
    expect(page).toContain('<html lang="ar" dir="rtl">');
    expect(page).toContain('تم تأكيد طلبك');
  });

  it('is found only by the token that the buyer was given', async () => {
    const buyer = aBuyer(aSimulator());
    const { token } = await buyer.buy();
    const forged = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
    expect((await buyer.visit(`${ROOT}/thank-you/${token}`)).response.status).toBe(200);
    expect((await buyer.visit(`${ROOT}/thank-you/${forged}`)).response.status).toBe(404);
  });

  it('holds the app’s block while the app is installed and the block is placed', async () => {
    await anExtension();
    const simulator = aSimulator();
    const buyer = aBuyer(simulator);
    const { page, path } = await buyer.buy();
    expect(page).toContain('data-extension="next-order"');

    const editor = '/store/perennial-demo/settings/checkout/editor';
    const body = new URLSearchParams({ extension: 'next-order', target: THANK_YOU, placed: 'no' });
    await adminShellRoutes(simulator, { projectFolder }).request(editor, { method: 'POST', body });
    expect(await (await buyer.visit(path)).response.text()).not.toContain('data-extension');

    const uninstalled = await aBuyer(aSimulator({ isInstalled: false })).buy();
    expect(uninstalled.page).not.toContain('data-extension');
  });

  it('gives the block its texts in the language of the order and the order’s identity', async () => {
    await anExtension();
    const simulator = aSimulator();
    const buyer = aBuyer(simulator);
    const { token } = await buyer.buy({ locale: 'ar' });
    const frame = await buyer.visit(`${ROOT}/orders/${token}/blocks/next-order/${THANK_YOU}`);
    const page = await frame.response.text();
    const data: unknown = JSON.parse(
      /<script type="application\/json"[^>]*>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '',
    );
    const [order] = simulator.shop.orders.values();
    expect(data).toMatchObject({
      texts: { locale: 'ar', texts: { title: 'مرحبا' }, defaultLocale: 'en', defaultTexts: { title: 'Hello' } },
      order: { id: order?.id, isFirstOrder: true },
      shop: { myshopifyDomain: 'perennial-demo.myshopify.com' },
      customer: null,
    });
  });

  it('serves the extension built for its targets, with the address of the app', async () => {
    await anExtension('export default () => { document.body.textContent = process.env.APP_URL; };');
    const response = await aBuyer(aSimulator()).routes.request('/extensions/next-order.js');
    const code = await response.text();
    expect(code).toContain(`shopify.extend("${THANK_YOU}"`);
    expect(code).toContain('"http://localhost:4001"');
    expect(code).not.toContain('process.env');
  });
});

describe('the session token of a block', () => {
  it('names the shop by its bare domain, the app as audience, and no customer who is not signed in', async () => {
    const claims = await tokenAfter(aBuyer(aSimulator()));
    expect(claims).toMatchObject({ dest: 'perennial-demo.myshopify.com', aud: 'client-id' });
    expect(claims).not.toHaveProperty('sub');
    expect(claims).not.toHaveProperty('sid');
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300);
  });

  it('names the customer who is signed in', async () => {
    const simulator = aSimulator();
    const buyer = aBuyer(simulator);
    await buyer.buy();
    await buyer.visit(`${ROOT}/account/sign-in`, { email: 'anna@example.com' });
    const [customer] = simulator.shop.customers.values();
    expect(await tokenAfter(buyer)).toMatchObject({ sub: `gid://shopify/Customer/${customer?.id}` });
  });

  it('is expired, for another app, or missing when a test asks for that', async () => {
    const buyer = aBuyer(aSimulator());
    const setMode = (mode: string) =>
      buyer.routes.request(`${ROOT}/__settings`, { method: 'POST', body: JSON.stringify({ checkoutToken: mode }) });
    await setMode('expired');
    expect((await tokenAfter(buyer)).exp).toBeLessThan(Date.now() / 1000);
    await setMode('wrong-audience');
    expect((await tokenAfter(buyer)).aud).toBe('another-app');
    await setMode('unavailable');
    const { token } = await buyer.buy();
    expect((await buyer.visit(`${ROOT}/orders/${token}/checkout-token`, {})).response.status).toBe(503);
  });

  async function tokenAfter(buyer: ReturnType<typeof aBuyer>) {
    const { token } = await buyer.buy();
    const { response } = await buyer.visit(`${ROOT}/orders/${token}/checkout-token`, {});
    const body: unknown = await response.json();
    return decodeJwt(typeof body === 'object' && body !== null && 'token' in body ? String(body.token) : '');
  }
});
