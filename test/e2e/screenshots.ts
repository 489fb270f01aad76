/**
 * Takes a picture of every page, in each state that a merchant or a buyer may find it in, into `.perennial/screenshots`,
 * for people to look at: `<scene>.<language>.<width>.png`. Nothing is compared.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { FrameLocator, Page } from 'playwright-core';
import type { SimStore } from '#test/simulator/state.ts';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { startPerennialUnderTest } from '#test/support/perennial-under-test.ts';
import type { PerennialUnderTest } from '#test/support/perennial-under-test.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { appIn, saveOffer } from './support/admin-steps.ts';
import { NARROW, requireAppFrame, startBrowserUnderTest, WIDE } from './support/browser-under-test.ts';
import type { BrowserUnderTest } from './support/browser-under-test.ts';
import { buy, codeIn } from './support/shop-steps.ts';

const FOLDER = join(PROJECT_DIR, '.perennial', 'screenshots');
const LANGUAGES = ['en', 'zh-CN'] as const;
const BUYERS_LANGUAGES = ['en', 'de', 'ja', 'ar', 'zh-CN'];
const SMALL_PHONE = { width: 320, height: 640 };
/** Slow enough that four pictures of the largest store are taken before its pull has ended. */
const OBJECTS_PER_SECOND = 900;
const IMPORT_WITHIN_MS = 60_000;

const STORES = {
  'perennial-demo': 1_200,
  'is-importing': 6_000,
  'was-cancelled': 60,
  'has-failed': 60,
  'is-empty': 0,
  'has-one-order': 1,
  'is-withheld': 400,
};
type StoreName = keyof typeof STORES;

/** Those that are there when their first part is. */
const PLAIN_PAGES = [
  'cohorts', 'customers', 'segments', 'segments/edit', 'products', 'predictions',
  'loyalty', 'loyalty/rewards', 'loyalty/tiers', 'loyalty/members', 'loyalty/gifts', 'loyalty/import', 'loyalty/liability', 'loyalty/staff',
  'accounts', 'data-check', 'privacy', 'settings/counting',
];

interface Viewer {
  page: Page;
  language: string;
  viewport: { width: number; height: number };
}

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const perennial = await startPerennialUnderTest(() => makeStore('perennial-demo'), { bulkObjectsPerSecond: OBJECTS_PER_SECOND });
const browser = await startBrowserUnderTest();
const owner = new pg.Client({ connectionString: perennial.databaseOwnerUrl });
try {
  await owner.connect();
  await takeAll();
} finally {
  await owner.end();
  await browser.close();
  await perennial.close();
}
console.log(`The pictures are in ${FOLDER}`);

async function takeAll(): Promise<void> {
  const viewers = await gatherViewers(browser, perennial);
  for (const name of ['was-cancelled', 'has-failed', 'is-empty', 'has-one-order', 'is-withheld'] as const) {
    perennial.simulator.simulator.addStore(makeStore(name));
  }
  const [first] = viewers;
  if (first === undefined) return;
  for (const name of Object.keys(STORES) as StoreName[]) {
    if (name === 'is-importing') continue;
    await first.page.goto(adminUrl(name));
    await waitFor(`the history of ${name}`, () => hasHistory(name), { timeoutMs: IMPORT_WITHIN_MS, intervalMs: 200 });
  }
  await takeFullStore(viewers);
  await takeOtherStates(viewers);
  await takeProblems(viewers);
  await takeStorefront(first);
  await takeLocalShopify(viewers);
}

async function takeFullStore(viewers: Viewer[]): Promise<void> {
  await shootApp(viewers, 'overview', 'perennial-demo', '/app', (app) => app.locator('table').first().waitFor());
  await shootApp(viewers, 'overview-explained', 'perennial-demo', '/app', async (app) => {
    await app.getByRole('button', { name: /How it is counted|计算方法/ }).first().click();
    await app.getByText(/÷/).first().waitFor();
  });
  await shootApp(viewers, 'history', 'perennial-demo', '/app/history', (app) => app.getByRole('button').first().waitFor());
  await shootApp(viewers, 'offers', 'perennial-demo', '/app/offers', openFirstRule);
  for (const page of PLAIN_PAGES) {
    await shootApp(viewers, page.replaceAll(/[/?]/g, '-'), 'perennial-demo', `/app/${page}`, (app) => app.locator('.Polaris-Page').first().waitFor());
  }
  for (const [surface, language] of [['thank-you', 'ar'], ['loyalty-page', 'de'], ['storefront', 'ja']]) {
    const address = `/app/texts?surface=${surface}&language=${language}`;
    await shootApp(viewers, `texts-${surface}-${language}`, 'perennial-demo', address, (app) => app.getByRole('region').first().waitFor());
  }
  await shootApp(viewers, 'offers-wrong', 'perennial-demo', '/app/offers', async (app, { page }) => {
    await openFirstRule(app);
    await app.locator('input[name="rules[0].percent"]').fill('101');
    await app.locator('input[name="rules[0].days"]').fill('0');
    await app.locator('input[name="rules[0].minimum"]').fill('1,2,3');
    await page.locator('#save-bar [data-save]').click();
    await app.locator('[aria-invalid="true"]').first().waitFor();
  });
}

async function openFirstRule(app: FrameLocator): Promise<void> {
  // A store that has no rule yet is offered some.
  await app.getByRole('button', { name: /^(Edit |编辑|Add “|添加“)/ }).first().click();
  await app.locator('input[name="rules[0].percent"]').waitFor();
}

async function takeOtherStates(viewers: Viewer[]): Promise<void> {
  perennial.simulator.simulator.addStore(makeStore('is-importing'));
  const isPulling = (app: FrameLocator) => app.getByText(/are in it so far|目前已写入/).first().waitFor();
  await shootApp(viewers, 'importing', 'is-importing', '/app', isPulling);
  await shootApp(viewers, 'importing-history', 'is-importing', '/app/history', isPulling);
  await shootApp(viewers, 'importing-cancel', 'is-importing', '/app', async (app) => {
    await app.getByRole('button', { name: /Stop the import|停止/ }).click();
    await app.getByRole('dialog').getByRole('heading').waitFor();
  });
  await owner.query("UPDATE imports SET state = 'cancelled' WHERE shop_id = (SELECT shop_id FROM shops WHERE domain LIKE 'was-cancelled.%')");
  await owner.query(
    `UPDATE imports SET state = 'failed', error_code = 'file-cut-short', objects_stored = objects_stored / 2, objects_rejected = 3
     WHERE shop_id = (SELECT shop_id FROM shops WHERE domain LIKE 'has-failed.%')`,
  );
  await owner.query("UPDATE shops SET history_days = 60, data_version = data_version + 1 WHERE domain LIKE 'is-withheld.%'");
  const isThere = (app: FrameLocator) => app.locator('h2').first().waitFor();
  for (const store of ['was-cancelled', 'has-failed'] as const) {
    await shootApp(viewers, `${store}-overview`, store, '/app', isThere);
    await shootApp(viewers, `${store}-history`, store, '/app/history', isThere);
  }
  for (const store of ['is-empty', 'has-one-order', 'is-withheld'] as const) {
    await shootApp(viewers, store, store, '/app', isThere);
  }
}

async function takeProblems(viewers: Viewer[]): Promise<void> {
  const isThere = (app: FrameLocator) => app.locator('h1').first().waitFor();
  await shootApp(viewers, 'not-found', 'perennial-demo', '/app/no-such-page', isThere);
  await owner.query('ALTER TABLE imports RENAME TO imports_away');
  await shootApp(viewers, 'failed', 'perennial-demo', '/app', isThere);
  await owner.query('ALTER TABLE imports_away RENAME TO imports');
}

async function takeStorefront(merchant: Viewer): Promise<void> {
  await saveOffer(merchant.page, perennial.shellUrl, { isOn: true, percent: '15', audience: 'Every order' });
  const { page } = await browser.newPerson();
  await shootEverySize(page, 'shop', perennial.storefrontUrl, 'en');
  for (const locale of BUYERS_LANGUAGES) {
    await page.setViewportSize(WIDE);
    const thankYouUrl = await buy(page, perennial.storefrontUrl, { email: `${locale}@new.example`, locale });
    await codeIn(page).waitFor();
    await shootEverySize(page, 'thank-you', thankYouUrl, locale, () => codeIn(page).waitFor());
  }
  await page.route('**/api/checkout/next-order-offer?*', (route) =>
    route.fulfill({
      json: { state: 'pending', retryAfterMs: 5_000, isPromised: true },
      headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'Authorization, Content-Type' },
    }),
  );
  const waitingUrl = await buy(page, perennial.storefrontUrl, { email: 'waiting@new.example', locale: 'en' });
  await shootEverySize(page, 'thank-you-waiting', waitingUrl, 'en', () => page.locator('.block--shown').waitFor());
}

async function takeLocalShopify(viewers: Viewer[]): Promise<void> {
  const store = `${perennial.origin}/store/perennial-demo`;
  await shootPage(viewers, 'admin-home', `${store}/home`);
  await shootPage(viewers, 'admin-orders', `${store}/orders`);
  await shootPage(viewers, 'admin-editor', `${store}/settings/checkout/editor`);
  await shootPage(viewers, 'control', perennial.controlUrl);
}

async function gatherViewers(from: BrowserUnderTest, { origin }: PerennialUnderTest): Promise<Viewer[]> {
  const viewers: Viewer[] = [];
  for (const language of LANGUAGES) {
    for (const viewport of [WIDE, NARROW]) {
      const { page } = await from.newPerson({ viewport, locale: language });
      await page.goto(`${origin}/store/perennial-demo/home?locale=${language}`);
      viewers.push({ page, language, viewport });
    }
  }
  return viewers;
}

/** Everybody looks at once, each window as tall as what the app shows in it. */
async function shootApp(
  viewers: Viewer[],
  scene: string,
  store: StoreName,
  path: string,
  isReady: (app: FrameLocator, viewer: Viewer) => Promise<void>,
): Promise<void> {
  await Promise.all(
    viewers.map(async (viewer) => {
      const { page, viewport, language } = viewer;
      await page.setViewportSize(viewport);
      await page.goto(adminUrl(store) + path);
      await isReady(appIn(page), viewer);
      const CHROME_PX = 104;
      const height = await requireAppFrame(page).evaluate(() => document.body.scrollHeight);
      await page.setViewportSize({ width: viewport.width, height: Math.max(viewport.height, height + CHROME_PX) });
      await page.screenshot({ path: pictureOf(scene, language, viewport.width) });
      // An unsaved form would hold the page back.
      const discard = page.locator('#save-bar [data-discard]');
      if (await discard.isVisible()) await discard.click();
    }),
  );
}

async function shootPage(viewers: Viewer[], scene: string, url: string): Promise<void> {
  for (const { page, viewport, language } of viewers) {
    await page.setViewportSize(viewport);
    await page.goto(url);
    await page.screenshot({ path: pictureOf(scene, language, viewport.width), fullPage: true });
  }
}

async function shootEverySize(
  page: Page,
  scene: string,
  url: string,
  language: string,
  isReady: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  for (const viewport of [WIDE, NARROW, SMALL_PHONE]) {
    await page.setViewportSize(viewport);
    await page.goto(url);
    await isReady();
    await page.screenshot({ path: pictureOf(scene, language, viewport.width), fullPage: true });
  }
}

function pictureOf(scene: string, language: string, widthPx: number): string {
  return join(FOLDER, `${scene}.${language}.${widthPx}.png`);
}

function adminUrl(store: StoreName): string {
  return `${perennial.origin}/store/${store}/apps/perennial`;
}

function makeStore(name: StoreName): SimStore {
  return generateStore({
    seed: 20_260_101,
    orders: STORES[name],
    asOf: new Date().toISOString(),
    shop: { domain: `${name}.myshopify.com`, id: 61_000_000_000 + Object.keys(STORES).indexOf(name) },
  });
}

async function hasHistory(name: StoreName): Promise<true | undefined> {
  const { rows } = await owner.query<{ completed: number }>(
    `SELECT count(*)::int AS completed FROM imports JOIN shops USING (shop_id) WHERE domain = $1 AND state = 'completed'`,
    [`${name}.myshopify.com`],
  );
  return rows[0]?.completed === 2 ? true : undefined;
}
