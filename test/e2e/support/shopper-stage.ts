import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Page, Route } from 'playwright-core';
import { adminShellRoutes } from '#test/simulator/admin-shell/routes.ts';
import { memorySimulator } from '#test/simulator/storefront/memory-simulator.ts';
import type { MemorySimulator } from '#test/simulator/storefront/memory-simulator.ts';
import { storefrontRoutes } from '#test/simulator/storefront/routes.ts';
import type { SimCustomer } from '#test/simulator/state.ts';
import { startBrowserUnderTest } from './browser-under-test.ts';
import type { BrowserUnderTest } from './browser-under-test.ts';

/** Where the bundles believe the app to be. Nothing listens there: each page's answers are scripted. */
export const APP = 'https://perennial.example.com';
export const LOCALES = ['en', 'zh-CN', 'zh-TW', 'ja', 'ko', 'de', 'fr', 'es', 'it', 'pt-BR', 'nl', 'ar', 'th', 'id', 'vi'];

export interface ShopperStage {
  simulator: MemorySimulator;
  /** `http://localhost:4000/shop/perennial-demo` */
  shopUrl: string;
  /** `http://localhost:4000/store/perennial-demo`: the merchant's side of it. */
  adminUrl: string;
  browser: BrowserUnderTest;
  close(): Promise<void>;
}

/**
 * The local shop and its admin with the extensions' bundles and a browser, without the app: its answers are the test's own. With
 * BUILT_PROJECT the bundles are those that `npm run build:extensions` had Shopify's CLI make in that folder.
 */
export async function startShopperStage(): Promise<ShopperStage> {
  const simulator = memorySimulator({ publicUrl: APP, shop: { locales: LOCALES }, now: new Date('2026-11-22T12:00:00Z') });
  const anna = aCustomer(1, 'anna@example.com');
  simulator.shop.save('customer', anna);
  const projectFolder = process.env['BUILT_PROJECT'];
  const of = projectFolder === undefined ? {} : { projectFolder, usesBuiltExtensions: true };
  const routes = new Hono().route('/', storefrontRoutes(simulator, of)).route('/', adminShellRoutes(simulator, of));
  const server = serve({ fetch: routes.fetch, port: 0, hostname: '127.0.0.1' });
  const browser = await startBrowserUnderTest();
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    simulator,
    shopUrl: `http://127.0.0.1:${port}/shop/perennial-demo`,
    adminUrl: `http://127.0.0.1:${port}/store/perennial-demo`,
    browser,
    async close() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function aCustomer(id: number, email: string): SimCustomer {
  return {
    id,
    email,
    phone: null,
    firstName: 'Anna',
    lastName: 'Berg',
    locale: 'en',
    state: 'ENABLED',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    tags: [],
    marketingState: 'NOT_SUBSCRIBED',
    defaultAddress: null,
    mergedIntoId: null,
    deletedAt: null,
  };
}

/** What the app answers to one path: a body, a status that is no success, `down`, or what a function makes of the request. */
export type Answer = object | number | 'down' | ((body: unknown, url: URL) => object | number);
export type Answers = Record<string, Answer>;

/** Where a storefront reaches the app, by Shopify's proxy. */
const PROXY = '/apps/perennial';

/**
 * Answers for the app on a page, from now on and as `answers` stands at each question; what a storefront asks through
 * Shopify's proxy goes by `/proxy/loyalty`. `delayMs` makes it slow.
 */
export async function answerFor(page: Page, answers: Answers, { delayMs = 0 } = {}): Promise<string[]> {
  const asked: string[] = [];
  const take = async (route: Route, url: URL, path: string): Promise<void> => {
    asked.push(`${route.request().method()} ${path}`);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    await answer(route, url, answers[path] ?? 404).catch(() => {
      // The page was left meanwhile.
    });
  };
  await page.route(`${APP}/**`, (route) => {
    const url = new URL(route.request().url());
    return take(route, url, url.pathname);
  });
  await page.route(`**/shop/*${PROXY}/**`, (route) => {
    const url = new URL(route.request().url());
    return take(route, url, `/proxy${url.pathname.slice(url.pathname.indexOf(PROXY) + PROXY.length)}`);
  });
  return asked;
}

async function answer(route: Route, url: URL, given: Answer): Promise<void> {
  if (given === 'down') return route.abort('connectionrefused');
  const body: unknown = JSON.parse(route.request().postData() ?? 'null');
  const made = typeof given === 'function' ? given(body, url) : given;
  const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'Authorization, Content-Type' };
  if (typeof made === 'number') return route.fulfill({ status: made, headers, json: { error: 'scripted' } });
  return route.fulfill({ status: 200, headers, json: made });
}

export async function signIn(page: Page, shopUrl: string, email = 'anna@example.com'): Promise<void> {
  await page.goto(`${shopUrl}/account`);
  await page.locator('input[name="email"]').fill(email);
  await page.locator('form.fields button').click();
  await page.locator('.account__menu').waitFor();
}

/** The language of the shopper, as the foot of every page of the shop sets it. */
export async function speak(page: Page, shopUrl: string, locale: string): Promise<void> {
  await page.goto(shopUrl);
  await page.locator('.preferences select[name="locale"]').selectOption(locale);
  await page.locator('.preferences button').click();
  await page.waitForLoadState();
}
