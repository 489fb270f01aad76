/**
 * Takes a picture of the app's blocks in Shopify's admin in each of their states, into `.perennial/admin-screenshots`, for
 * people to look at: `<scene>.<language>.<width>.png`. The app's answers are written here, so nothing but the local admin runs.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import type { ServerType } from '@hono/node-server';
import type { Page } from 'playwright-core';
import type { AdminCustomerCard } from '#app/contracts/admin-blocks.ts';
import { adminShellRoutes } from '#test/simulator/admin-shell/routes.ts';
import { memorySimulator } from '#test/simulator/storefront/memory-simulator.ts';
import { storefrontRoutes } from '#test/simulator/storefront/routes.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { aCard, aGift, aMember, anOutlook, aSegment } from './support/admin-answers.ts';
import { startBrowserUnderTest } from './support/browser-under-test.ts';
import { aCustomer, answerFor, APP } from './support/shopper-stage.ts';
import type { Answers } from './support/shopper-stage.ts';

const FOLDER = join(PROJECT_DIR, '.perennial', 'admin-screenshots');
const WIDTHS = [375, 1280];
/** The block draws, then its frame is given the height. */
const SETTLES_MS = 500;
const LONG_NAME = 'Kundinnen und Kunden mit besonders regelmäßigen Nachbestellungen seit dem Frühjahr';

const simulator = memorySimulator({ publicUrl: APP });
simulator.shop.save('customer', aCustomer(1, 'anna@example.com'));
const at = new Date().toISOString();
simulator.shop.save('segment', { id: 5, name: 'Regulars', query: 'number_of_orders > 2', creationDate: at, lastEditDate: at, isDeleted: false });
const shell = adminShellRoutes(simulator);
shell.route('/', storefrontRoutes(simulator));
const [server, port] = await new Promise<[ServerType, number]>((resolve) => {
  const listening = serve({ fetch: shell.fetch, port: 0, hostname: '127.0.0.1' }, ({ port: given }) => resolve([listening, given]));
});
const admin = `http://127.0.0.1:${port}/store/perennial-demo`;
const browser = await startBrowserUnderTest();
mkdirSync(FOLDER, { recursive: true });
try {
  for (const locale of ['en', 'zh-CN']) await takeAll(locale);
} finally {
  await browser.close();
  await new Promise((resolve) => server.close(resolve));
}
console.log(`The pictures are in ${FOLDER}`);

function cards(): Record<string, AdminCustomerCard | number> {
  const ofProgram = (program: AdminCustomerCard['loyalty']['program'], card = aCard()): AdminCustomerCard => ({ ...card, loyalty: { ...card.loyalty, program, lastRedemptionDay: program === 'winding-down' ? '2027-01-31' : null } });
  const long = { name: LONG_NAME, next: { name: `${LONG_NAME} Plus`, missing: { kind: 'orders' as const, orders: 3 } } };
  return {
    usual: aCard(),
    'zero-data': aCard(null, { state: 'no-orders' }),
    'in-debt': aCard(aMember({ points: -12_340, pendingPoints: 0, reservedPoints: 0, nextExpiry: null }), anOutlook({ group: 'AT_RISK', rhythm: 'lapsed', forecast: { state: 'made', returnChance: 0.08, nextOrder: { kind: 'never' }, isByRule: false } })),
    excluded: aCard(aMember({ isExcluded: true })),
    'no-program': ofProgram('none', aCard(null)),
    off: ofProgram('off'),
    paused: ofProgram('paused'),
    ending: ofProgram('winding-down'),
    'too-little-data': aCard(aMember(), anOutlook({ forecast: { state: 'not-enough-data' } })),
    'by-rule': aCard(aMember(), anOutlook({ forecast: { state: 'made', returnChance: null, nextOrder: { kind: 'day', day: '2027-02-01' }, isByRule: true } })),
    importing: aCard(aMember(), { state: 'importing' }),
    'long-names': aCard(aMember({ points: 9_876_543, tier: long, entries: [{ sequence: 1, at: '2026-11-20T10:00:00Z', kind: 'first-order', points: 1_234_567, isPending: true, orderName: '#EU-2026-000000123456-EXCHANGE' }] })),
    down: 503,
  };
}

async function takeAll(locale: string): Promise<void> {
  const person = await browser.newPerson();
  const { page } = person;
  const answers: Answers = {};
  await answerFor(page, answers);
  await page.goto(`${admin}/home?locale=${locale}`);
  for (const [scene, card] of Object.entries(cards())) {
    answers['/api/admin/customer'] = card;
    await page.goto(`${admin}/customers/1`);
    await shoot(page, `card-${scene}`, locale);
  }
  await takeForm(page, answers, locale);
  await takeSegment(page, answers, locale);
  await person.leave();
}

async function takeForm(page: Page, answers: Answers, locale: string): Promise<void> {
  answers['/api/admin/customer'] = aCard();
  answers['/api/admin/adjustments'] = { state: 'refused', errors: [{ field: 'points', code: 'out-of-range' }, { field: 'reason', code: 'missing' }] };
  await page.goto(`${admin}/customers/1`);
  const block = page.frameLocator('iframe.block');
  await block.locator('s-button').first().click();
  await shoot(page, 'form', locale);
  await block.locator('s-number-field input').fill('5000');
  await block.locator('s-select select').selectOption('take');
  await block.locator('s-button').first().click();
  await shoot(page, 'form-refused', locale);
}

async function takeSegment(page: Page, answers: Answers, locale: string): Promise<void> {
  const block = page.frameLocator('dialog iframe.block');
  const open = async (): Promise<void> => {
    await page.goto(`${admin}/customers/segments/5`);
    await page.locator('button[data-action]').click();
    await block.locator('s-admin-action').waitFor();
  };
  answers['/api/admin/segment'] = aSegment();
  await open();
  await shoot(page, 'segment', locale);
  await block.locator('s-number-field input').fill('50');
  answers['/api/admin/gifts'] = { state: 'refused', errors: [{ field: 'reason', code: 'missing' }] };
  await block.locator('s-button[variant="primary"]').click();
  await shoot(page, 'segment-refused', locale);
  for (const [scene, segment] of Object.entries({
    giving: aSegment({ underWay: aGift() }),
    given: aSegment({ underWay: aGift({ state: 'completed', seen: 4000, given: 3990 }) }),
    stopped: aSegment({ underWay: aGift({ state: 'stopped' }) }),
    empty: aSegment({ customers: 0 }),
    'long-name': aSegment({ name: LONG_NAME, program: 'paused', worth: null }),
    missing: { state: 'missing' },
  })) {
    answers['/api/admin/segment'] = segment;
    answers['/api/admin/gift'] = aGift();
    await open();
    await shoot(page, `segment-${scene}`, locale);
  }
}

async function shoot(page: Page, scene: string, locale: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(SETTLES_MS);
    await page.screenshot({ path: join(FOLDER, `${scene}.${locale}.${width}.png`) });
  }
}
