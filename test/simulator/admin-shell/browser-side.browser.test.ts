import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { requireChromium } from '../../support/chromium.ts';
import { startSimulator } from '../server.ts';
import type { RunningSimulator } from '../server.ts';
import { syntheticStore } from '../synthetic-store.ts';

const APP_PATH = '/store/synthetic/apps/framed';
const BLOCKS: Record<string, string> = {
  good: `export default () => { document.body.innerHTML =
    '<s-clipboard-item id="code" text="NEXT15"></s-clipboard-item>' +
    '<s-button command="--copy" commandfor="code">Copy</s-button>'; };`,
  failing: `export default () => { document.body.textContent = 'half done'; throw new Error('broken on purpose'); };`,
};

let browser: Browser;
let framedApp: Server;
let running: RunningSimulator;
let projectFolder: string;
let page: Page;
/** What the framed app was asked with, newest last. */
let tokensSeen: string[] = [];

beforeAll(async () => {
  projectFolder = await mkdtemp(join(tmpdir(), 'browser-side-'));
  for (const [handle, source] of Object.entries(BLOCKS)) await writeBlock(handle, source);
  framedApp = createServer(answerAsApp).listen(0, '127.0.0.1');
  await once(framedApp, 'listening');
  const address = framedApp.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  running = await startSimulator({
    store: syntheticStore(3),
    projectFolder,
    app: {
      clientId: 'client-id',
      clientSecret: 'client-secret',
      handle: 'framed',
      name: 'Framed app',
      upstreamUrl: `http://127.0.0.1:${port}`,
    },
  });
  browser = await chromium.launch({ executablePath: requireChromium(), args: ['--no-sandbox'] });
});

afterAll(async () => {
  await browser.close();
  await running.close();
  framedApp.close();
  await rm(projectFolder, { recursive: true, force: true });
});

beforeEach(async () => {
  await page?.context().close();
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  page = await context.newPage();
  page.setDefaultTimeout(5_000);
  tokensSeen = [];
});

describe('the admin around a framed app', () => {
  it('moves the app by its own router when a menu item is chosen, and the address follows', async () => {
    const frame = await openApp('/app');
    await frame.locator('#mark').fill('not reloaded');
    await page.getByRole('link', { name: 'Cohorts' }).click();
    await page.waitForURL(`**${APP_PATH}/app/cohorts`);
    expect(await frame.locator('#path').textContent()).toBe('/app/cohorts');
    expect(await frame.locator('#mark').inputValue()).toBe('not reloaded');
    expect(await page.getByRole('link', { name: 'Cohorts' }).getAttribute('aria-current')).toBe('page');

    await page.goBack();
    await page.waitForURL(`**${APP_PATH}/app`);
    await page.goForward();
    await page.reload();
    await expect.poll(() => frame.locator('#path').textContent()).toBe('/app/cohorts');
  });

  it('draws the title bar and presses the app’s own buttons', async () => {
    await openApp('/app');
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByRole('status').getByText('Refreshed').waitFor();
  });

  it('holds a dirty form by the save bar until it is saved, discarded or given up', async () => {
    const frame = await openApp('/app');
    const saveBar = page.getByRole('region', { name: 'Unsaved changes' });
    const percent = frame.getByLabel('Percent');
    await percent.fill('20');
    await saveBar.waitFor();
    await saveBar.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => percent.inputValue()).toBe('15');
    await saveBar.waitFor({ state: 'hidden' });

    await percent.fill('20');
    await page.getByRole('link', { name: 'Cohorts' }).click();
    await page.getByRole('button', { name: 'Stay' }).click();
    expect(page.url()).toMatch(/\/app$/);
    expect(await percent.inputValue()).toBe('20');
    await saveBar.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved 20').waitFor();
    await saveBar.waitFor({ state: 'hidden' });

    await percent.fill('30');
    await frame.getByRole('link', { name: 'Inside' }).click();
    await page.getByRole('button', { name: 'Leave page' }).click();
    await page.waitForURL(`**${APP_PATH}/app/inside`);
  });

  it('sends a request again with a fresh token when the server calls the first one invalid', async () => {
    const frame = await openApp('/app');
    tokensSeen = [];
    await frame.getByRole('button', { name: 'Fetch' }).click();
    await page.getByText('answered 200').waitFor();
    expect(tokensSeen).toHaveLength(2);
    expect(new Set(tokensSeen).size).toBe(2);
  });

  it('opens a bounced address again with a session token', async () => {
    await page.goto(`${running.origin}${APP_PATH}/bounce?shopify-reload=${encodeURIComponent('/app/later?x=1')}`);
    await page.waitForURL(`**${APP_PATH}/app/later?x=1`);
    expect(tokensSeen.at(-1)).toMatch(/^ey/);
  });

  it('translates addresses of Shopify’s admin to its own', async () => {
    const frame = await openApp('/app');
    await frame.getByRole('link', { name: 'Orders in the admin' }).click();
    await page.waitForURL('**/store/synthetic/orders');
  });

  async function openApp(path: string): Promise<FrameLocator> {
    await page.goto(running.origin + APP_PATH + path);
    const frame = page.frameLocator('iframe[name="app-iframe"]');
    await frame.locator('#path').waitFor();
    return frame;
  }
});

describe('the thank-you page in a browser', () => {
  it('shows a block that works, copies its code, and drops one that fails', async () => {
    for (const shop of running.simulator.shops.values()) running.simulator.ensureInstalled(shop);
    const root = `${running.origin}/shop/synthetic`;
    await page.goto(`${root}/products/tea`);
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByRole('link', { name: 'Check out' }).click();
    await page.getByRole('textbox', { name: 'Email' }).fill('anna@example.com');
    await page.getByRole('button', { name: 'Pay now' }).click();
    await page.waitForURL('**/thank-you/*');

    const block = page.frameLocator('iframe[data-extension="good"]');
    await block.getByRole('button', { name: 'Copy' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('NEXT15');
    await page.locator('iframe[data-extension="failing"]').waitFor({ state: 'detached' });
    await page.getByText('Your order is confirmed').waitFor();
  });
});

const FRAMED_PAGE = `<!doctype html><html>
  <head><script data-api-key="client-id" src="ORIGIN/app-bridge.js"></script></head>
  <body>
    <ui-nav-menu><a href="/app" rel="home">Home</a><a href="/app/cohorts">Cohorts</a></ui-nav-menu>
    <ui-title-bar title="Dashboard"><button onclick="shopify.toast.show('Refreshed')">Refresh</button></ui-title-bar>
    <p id="path"></p><input id="mark">
    <form data-save-bar onsubmit="event.preventDefault(); shopify.toast.show('Saved ' + this.percent.value)">
      <label>Percent <input name="percent" value="15"></label>
    </form>
    <a href="/app/inside">Inside</a> <a href="shopify://admin/orders">Orders in the admin</a>
    <button onclick="fetch('/data').then((answer) => shopify.toast.show('answered ' + answer.status))">Fetch</button>
    <script>
      const show = () => { document.querySelector('#path').textContent = location.pathname; };
      show();
      addEventListener('popstate', show);
      addEventListener('shopify:navigate', (event) => {
        history.pushState({}, '', event.target.getAttribute('href'));
        show();
      });
    </script>
  </body></html>`;

function answerAsApp(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://app');
  const token = request.headers.authorization?.replace('Bearer ', '') ?? url.searchParams.get('id_token');
  if (token) tokensSeen.push(token);
  if (url.pathname === '/data') {
    const isFirst = tokensSeen.length === 1;
    response.writeHead(isFirst ? 401 : 200, isFirst ? { 'X-Shopify-Retry-Invalid-Session-Request': '1' } : {}).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': 'text/html' }).end(FRAMED_PAGE.replace('ORIGIN', running.origin));
}

async function writeBlock(handle: string, source: string): Promise<void> {
  const folder = join(projectFolder, 'extensions', handle);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'block.js'), source);
  const toml = `api_version = "2026-07"
    [[extensions]]
    name = "${handle}"
    handle = "${handle}"
    type = "ui_extension"
    [[extensions.targeting]]
    module = "./block.js"
    target = "purchase.thank-you.block.render"`;
  await writeFile(join(folder, 'shopify.extension.toml'), toml);
}
