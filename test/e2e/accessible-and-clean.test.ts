import type { Frame, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { appIn, openOverview, saveOffer, switchLanguage } from './support/admin-steps.ts';
import { NARROW, requireAppFrame, WIDE } from './support/browser-under-test.ts';
import type { Person } from './support/browser-under-test.ts';
import { findHindrances } from './support/find-hindrances.ts';
import { overflowOf } from './support/overflow.ts';
import { blockIn, buy, codeIn } from './support/shop-steps.ts';
import { useStage } from './support/stage.ts';

const SMALL_PHONE = { width: 320, height: 640 };

/** A page of the app and a heading that is there once it is painted, by language. */
const ADMIN_PAGES = [
  { path: '/app', en: 'Last 365 days', 'zh-CN': '最近 365 天' },
  { path: '/app/cohorts?compare=country', en: 'How the share falls with time', 'zh-CN': '占比随时间的变化' },
  { path: '/app/customers', en: 'customers have ordered', 'zh-CN': '位客户下过单' },
  { path: '/app/segments', en: 'RFM groups', 'zh-CN': 'RFM 分组' },
  { path: '/app/segments/edit?orders=2..&state=lapsed', en: 'Who belongs', 'zh-CN': '哪些客户属于此细分' },
  { path: '/app/offers', en: 'What shoppers see', 'zh-CN': '买家看到的内容' },
  { path: '/app/accounts', en: 'What shoppers see', 'zh-CN': '买家看到的内容' },
  { path: '/app/history', en: 'Orders', 'zh-CN': '订单' },
  { path: '/app/settings/counting', en: 'What an order is worth', 'zh-CN': '订单金额怎么算' },
  { path: '/app/privacy', en: 'What is kept, and for how long', 'zh-CN': '保存哪些内容，保存多久' },
  { path: '/app/no-such-page', en: 'This page does not exist', 'zh-CN': '此页面不存在' },
] as const;

const stage = useStage(() => generateStore({ seed: 15, orders: 300, asOf: new Date().toISOString() }));
let merchant: Person;

beforeAll(async () => {
  merchant = await stage.browser.newPerson();
  await openOverview(merchant.page, stage.perennial.shellUrl);
  await saveOffer(merchant.page, stage.perennial.shellUrl, { isOn: true, percent: '15', audience: 'First orders' });
});

describe.each(['en', 'zh-CN'] as const)('in the admin, in %s', (language) => {
  beforeAll(() => switchLanguage(merchant.page, language === 'en' ? 'English' : '简体中文'));

  it.each(ADMIN_PAGES)('$path has nothing that hinders people, and fits a desk and a phone', async (target) => {
    const { page } = merchant;
    for (const viewport of [WIDE, NARROW]) {
      await page.setViewportSize(viewport);
      await page.goto(stage.perennial.shellUrl + target.path);
      await appIn(page).getByRole('heading', { name: target[language] }).first().waitFor();
      expect([viewport.width, await overflowOf(requireAppFrame(page))]).toEqual([viewport.width, []]);
      expect([viewport.width, await overflowOf(page.mainFrame())]).toEqual([viewport.width, []]);
    }
    await page.setViewportSize(WIDE);
    expect(await findHindrances(requireAppFrame(page))).toEqual([]);
  });
});

describe('by keyboard alone', () => {
  beforeAll(() => switchLanguage(merchant.page, 'English'));

  it('an explanation of a number is opened, read and closed', async () => {
    const { page } = merchant;
    const app = await openOverview(page, stage.perennial.shellUrl);
    await tabTo(page, 'How it is counted: Average order value');
    await page.keyboard.press('Enter');
    await app.getByText('revenue ÷ orders').waitFor();
    await page.keyboard.press('Escape');
    await app.getByText('revenue ÷ orders').waitFor({ state: 'hidden' });
    expect(await focusedName(page)).toBe('How it is counted: Average order value');
  });

  it('the table of cohorts is reached and scrolled', async () => {
    const { page } = merchant;
    await page.setViewportSize(NARROW);
    const app = await openOverview(page, stage.perennial.shellUrl);
    await tabTo(page, 'Table of cohorts, scrolls sideways');
    await page.keyboard.press('ArrowRight');
    const scroller = app.getByRole('region', { name: 'Table of cohorts, scrolls sideways' });
    await expect.poll(() => scroller.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
    await page.setViewportSize(WIDE);
  });

  it('the offer is changed', async () => {
    const { page } = merchant;
    await page.goto(`${stage.perennial.shellUrl}/app/offers`);
    const app = appIn(page);
    await app.getByText('What shoppers see').waitFor();
    await tabTo(page, 'Edit First-timers');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Discount');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('18');
    await page.keyboard.press('Enter');
    await page.getByText('Offers saved').waitFor();
    await page.reload();
    await app.getByText('Take 18% off your next order with this code.').waitFor();
  });

  it('orders are counted as Shopify counts, which the overview then says', async () => {
    const { page } = merchant;
    await page.goto(`${stage.perennial.shellUrl}/app/settings/counting`);
    const app = appIn(page);
    await app.getByRole('cell', { name: 'No purchase' }).waitFor();
    await tabTo(page, 'As Perennial counts');
    await page.keyboard.press('ArrowDown');
    await app.getByRole('cell', { name: 'No purchase' }).waitFor({ state: 'hidden' });
    await page.keyboard.press('Enter');
    await page.getByText('Orders are counted this way now').waitFor();
    await openOverview(page, stage.perennial.shellUrl);
    await app.getByText('As Shopify counts: fully refunded orders are purchases.').waitFor();
  });

  it('the import of the history is started again', async () => {
    const { page } = merchant;
    await page.goto(`${stage.perennial.shellUrl}/app/history`);
    const app = appIn(page);
    await app.getByRole('button', { name: 'Import the history again' }).waitFor();
    await tabTo(page, 'Import the history again');
    await page.keyboard.press('Enter');
    await app.getByRole('heading', { name: 'Your order history is being imported again' }).waitFor();
    await app.getByRole('button', { name: 'Import the history again' }).waitFor();
  });
});

describe('on the thank-you page', () => {
  it.each(['en', 'de', 'ja', 'ar'])('the block in %s has nothing that hinders people, and fits a desk and a small phone', async (locale) => {
    const buyer = await stage.browser.newPerson();
    const { page } = buyer;
    await buy(page, stage.perennial.storefrontUrl, { email: `${locale}@new.example`, locale });
    await codeIn(page).waitFor();
    const frame = requireBlockFrame(page);
    expect(await frame.evaluate(() => document.documentElement.dir)).toBe(locale === 'ar' ? 'rtl' : 'ltr');
    for (const viewport of [WIDE, NARROW, SMALL_PHONE]) {
      await page.setViewportSize(viewport);
      expect([viewport.width, await overflowOf(frame)]).toEqual([viewport.width, []]);
      expect([viewport.width, await overflowOf(page.mainFrame())]).toEqual([viewport.width, []]);
    }
    expect(await findHindrances(frame)).toEqual([]);
    expect(buyer.complaints).toEqual([]);
    await buyer.leave();
  });

  it('the code is copied by keyboard, and the buyer is told', async () => {
    const { page, leave } = await stage.browser.newPerson();
    await buy(page, stage.perennial.storefrontUrl, { email: 'keys@new.example' });
    const code = await codeIn(page).innerText();
    await tabTo(page, 'Copy code');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(code);
    await blockIn(page).getByRole('status').getByText('Copied').waitFor();
    await leave();
  });
});

it('left the console of the merchant’s browser empty all the while', () => {
  // The page that does not exist is a 404 by intent, which the browser notes.
  expect(merchant.complaints.filter((complaint) => !/status of 404 .*\/app\/no-such-page/.test(complaint))).toEqual([]);
});

/** Presses Tab until the thing of that name has the focus, wherever in the page's frames it is. */
async function tabTo(page: Page, name: string): Promise<void> {
  const MOST_STOPS = 80;
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    if ((await focusedName(page)) === name) return;
  }
  throw new Error(`${MOST_STOPS} presses of Tab do not reach "${name}".`);
}

async function focusedName(page: Page): Promise<string> {
  for (const frame of page.frames()) {
    const name = await frame.evaluate(() => {
      const element = document.activeElement;
      if (!document.hasFocus() || element === null || element === document.body || element instanceof HTMLIFrameElement) return null;
      const inner = element.shadowRoot?.activeElement ?? element;
      const label = inner instanceof HTMLInputElement ? inner.labels?.[0]?.textContent : null;
      // The words of a button in a shadow tree are those of its host.
      const words = inner.textContent?.trim() || element.textContent?.trim();
      return (inner.getAttribute('aria-label') ?? label ?? words ?? '').trim();
    });
    if (name !== null) return name;
  }
  return '';
}

function requireBlockFrame(page: Page): Frame {
  const frame = page.frames().find((candidate) => candidate.url().includes('/blocks/'));
  if (frame === undefined) throw new Error('The thank-you page has no block.');
  return frame;
}
