import pg from 'pg';
import type { FrameLocator } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { groups as englishGroups } from '#app/i18n/en/groups.ts';
import { groups as chineseGroups } from '#app/i18n/zh-CN/groups.ts';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { appIn, openOverview, readCard, readTable, switchLanguage } from './support/admin-steps.ts';
import type { Person } from './support/browser-under-test.ts';
import { figuresOfStore } from './support/figures-of-store.ts';
import type { Figures } from './support/figures-of-store.ts';
import { useStage } from './support/stage.ts';

const ORDERS = 800;
/** Until the browser, which asks once a second, has seen the pull on its way; then it is let go. */
const OBJECTS_PER_SECOND = 200;

const stage = useStage(() => generateStore({ seed: 11, orders: ORDERS, asOf: new Date().toISOString() }), {
  bulkObjectsPerSecond: OBJECTS_PER_SECOND,
});
let merchant: Person;

beforeAll(async () => {
  merchant = await stage.browser.newPerson();
});

it('installs itself when it is first opened, shows the pull on its way and then the dashboard, without a reload', async () => {
  const { page } = merchant;
  await page.goto(stage.perennial.shellUrl);
  const app = appIn(page);
  await app.getByRole('heading', { name: 'Your order history is being imported' }).waitFor();
  expect(stage.shop.isInstalled()).toBe(true);

  const prepared = new Map<number, Set<number>>();
  await waitFor(
    'the dashboard',
    async () => {
      for (const text of await app.getByText('are in it so far').allInnerTexts()) {
        const [part, whole] = (/([\d,]+) of ([\d,]+) are in it/.exec(text)?.slice(1) ?? []).map((digits) => Number(digits.replaceAll(',', '')));
        if (part !== undefined && whole !== undefined) prepared.set(whole, (prepared.get(whole) ?? new Set()).add(part));
      }
      if ((prepared.get(stage.shop.orders.size)?.size ?? 0) > 2) stage.perennial.simulator.simulator.bulk.hurry();
      return (await app.getByRole('heading', { name: 'Last 365 days' }).count()) > 0 ? true : undefined;
    },
    { timeoutMs: 90_000, intervalMs: 100 },
  );
  const ofOrders = prepared.get(stage.shop.orders.size) ?? new Set();
  expect(ofOrders.size).toBeGreaterThan(2);
  expect(Math.max(...ofOrders)).toBeLessThanOrEqual(stage.shop.orders.size);
  await expect.poll(() => app.getByRole('heading', { name: 'Your order history is being imported' }).count()).toBe(0);
});

describe('the dashboard', () => {
  it('shows the five numbers of the store', async () => {
    const app = await openOverview(merchant.page, stage.perennial.shellUrl);
    await expectFiveNumbers(app, 'en', {
      labels: ['Repeat purchase rate', 'Purchase frequency', 'Average order value', 'Customer value', 'Customers'],
      allTime: (value) => `All time: ${value}`,
    });
  });

  it('shows every cohort of the store in the heat map', async () => {
    await expectHeatMap(appIn(merchant.page), 'en', { average: 'Average', showAll: /^Show all \d+ months$/ });
  });

  it('counts the customers of each group', async () => {
    await expectGroups(appIn(merchant.page), englishGroups);
  });

  it('says up to which order it knows and how fresh that is', async () => {
    const line = appIn(merchant.page).getByText('Orders up to').first();
    expect(await line.innerText()).toMatch(/^Orders up to \w{3} \d{1,2}, \d{4}, \d{2}:\d{2}\. Updated (now|\d+ minutes? ago)\./);
  });

  it('explains a number by its formula with the numbers of the store', async () => {
    const app = appIn(merchant.page);
    const { trailing365 } = figuresOfStore(stage.shop);
    await app.getByRole('button', { name: 'How it is counted: Repeat purchase rate' }).click();
    await app.getByText(`${trailing365.repeatCustomers} ÷ ${trailing365.customers} =`).waitFor();
    await merchant.page.keyboard.press('Escape');
    await app.getByText('repeat customers ÷ customers').waitFor({ state: 'hidden' });
  });

  it('shows the same in Simplified Chinese once the admin is switched to it', async () => {
    const { page } = merchant;
    await switchLanguage(page, '简体中文');
    const app = appIn(page);
    await app.getByRole('heading', { name: '最近 365 天' }).waitFor();
    await expectFiveNumbers(app, 'zh-CN', {
      labels: ['复购率', '购买频次', '平均订单金额', '客户价值', '客户数'],
      allTime: (value) => `累计：${value}`,
    });
    await expectHeatMap(app, 'zh-CN', { average: '平均', showAll: /^显示全部 \d+ 个月$/ });
    await expectGroups(app, chineseGroups);
    expect(await app.locator('html').getAttribute('lang')).toBe('zh-CN');

    await page.getByRole('link', { name: '订单历史' }).click();
    await app.getByRole('heading', { name: '订单历史' }).first().waitFor();
    await page.reload();
    await app.getByRole('heading', { name: '订单历史' }).first().waitFor();
    await switchLanguage(page, 'English');
    await app.getByRole('heading', { name: 'Order history' }).first().waitFor();
  });
});

describe('moving about', () => {
  it('opens a page of the app by its address in the admin, and again after a reload', async () => {
    const { page } = merchant;
    await page.goto(`${stage.perennial.shellUrl}/app/history`);
    const app = appIn(page);
    const kept = app.getByText(`${ORDERS} orders`).first();
    await kept.waitFor();
    await page.reload();
    await kept.waitFor();
  });

  it('goes back and forth by the browser’s buttons, the admin’s address with it', async () => {
    const { page } = merchant;
    const { shellUrl } = stage.perennial;
    const app = await openOverview(page, shellUrl);
    await page.getByRole('link', { name: 'Order history' }).click();
    await page.waitForURL(`${shellUrl}/app/history`);
    await app.getByText(`${ORDERS} orders`).first().waitFor();
    await page.goBack();
    await page.waitForURL(`${shellUrl}/app`);
    await app.getByRole('table').first().waitFor();
    await page.goForward();
    await page.waitForURL(`${shellUrl}/app/history`);
    await app.getByText(`${ORDERS} orders`).first().waitFor();
  });
});

it('says that a page cannot be shown when it fails, and shows it when it is tried again in better times', async () => {
  const { page, leave } = await stage.browser.newPerson();
  const owner = new pg.Client({ connectionString: stage.perennial.databaseOwnerUrl });
  await owner.connect();
  await openOverview(page, stage.perennial.shellUrl);
  const app = appIn(page);
  await owner.query('ALTER TABLE offer_settings RENAME TO offer_settings_away');
  try {
    await page.getByRole('link', { name: 'Offers' }).click();
    await app.getByRole('heading', { name: 'This page could not be shown' }).waitFor();
  } finally {
    await owner.query('ALTER TABLE offer_settings_away RENAME TO offer_settings');
    await owner.end();
  }
  await app.getByRole('button', { name: 'Try again' }).click();
  await app.getByText('What shoppers see').waitFor();
  await page.getByRole('link', { name: 'Order history' }).click();
  await app.getByText(`${ORDERS} orders`).first().waitFor();
  await leave();
});

it('left the console of the browser empty all the while', () => {
  expect(merchant.complaints).toEqual([]);
});


interface NumberWords {
  /** In the order of the page. */
  labels: string[];
  allTime: (value: string) => string;
}

async function expectFiveNumbers(app: FrameLocator, locale: string, words: NumberWords): Promise<void> {
  const figures = figuresOfStore(stage.shop);
  const [trailing, overall] = [figures.trailing365, figures.overall].map((basics) => fiveOf(basics, figures.currency, locale));
  for (const [index, label] of words.labels.entries()) {
    const lines = await readCard(app, label);
    expect([label, lines[1], lines[2]]).toEqual([label, trailing?.[index], words.allTime(overall?.[index] ?? '')]);
  }
}

function fiveOf(basics: Figures['overall'], currency: string, locale: string): string[] {
  const money = (minor: number | null) =>
    new Intl.NumberFormat(locale, { style: 'currency', currency }).format(Math.round(minor ?? Number.NaN) / 100);
  const ratio = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return [
    percentIn(locale, basics.repeatPurchaseRate ?? Number.NaN),
    ratio.format(basics.purchaseFrequency ?? Number.NaN),
    money(basics.aovMinor),
    money(basics.customerValueMinor),
    new Intl.NumberFormat(locale).format(basics.customers),
  ];
}

function percentIn(locale: string, fraction: number): string {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale, { style: 'percent', ...digits }).format(fraction);
}

async function expectHeatMap(app: FrameLocator, locale: string, words: { average: string; showAll: RegExp }): Promise<void> {
  const { rows, weightedCurve } = figuresOfStore(stage.shop).cohorts;
  await app.getByRole('button', { name: words.showAll }).click();
  // The rows come after the button has changed: they are drawn when there is time. Above them stand two more.
  await expect.poll(() => app.locator('table').first().locator('tr').count()).toBe(rows.length + 2);
  const [header, average, ...shown] = await readTable(app.locator('table').first());
  const month = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', timeZone: 'UTC' });
  const expected = rows.map(({ cohort, size, active }) => [
    month.format(new Date(`${cohort}-01T00:00:00Z`)),
    new Intl.NumberFormat(locale).format(size),
    ...active.slice(1).map((customers) => percentIn(locale, customers / size)),
  ]);
  const withoutBlanks = shown.map((row) => row.filter((cell, index) => index < 2 || cell !== ''));
  expect(withoutBlanks).toEqual(expected);
  const averages = weightedCurve.slice(1).map(({ retention }) => percentIn(locale, retention));
  expect(average?.[0]).toBe(words.average);
  expect(average?.slice(2).filter((cell) => cell !== '')).toEqual(averages);
  expect(header?.slice(2)).toEqual(Array.from({ length: rows.length - 1 }, (_, index) => String(index + 1)));
}

type GroupWords = Record<string, string | Record<string, string>>;

async function expectGroups(app: FrameLocator, words: GroupWords): Promise<void> {
  const { rfm, prospects } = figuresOfStore(stage.shop);
  const [, ...rows] = await readTable(app.locator('[role="table"]'));
  const shown = Object.fromEntries(rows.map(([name = '', count = '']) => [name, Number(/^[\d,]+/.exec(count)?.[0].replaceAll(',', ''))]));
  const expected = Object.entries({ ...rfm.groups, PROSPECTS: prospects }).map(([group, customers]) => {
    const word = words[group];
    return [typeof word === 'object' ? word['name'] : group, customers];
  });
  expect(shown).toEqual(Object.fromEntries(expected));
}
