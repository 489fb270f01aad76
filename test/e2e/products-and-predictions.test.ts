import { readFile } from 'node:fs/promises';
import type { FrameLocator, Locator } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { appIn, cardOf, openOverview, readTable, switchLanguage } from './support/admin-steps.ts';
import { NARROW, requireAppFrame, WIDE } from './support/browser-under-test.ts';
import type { Person } from './support/browser-under-test.ts';
import { findHindrances } from './support/find-hindrances.ts';
import { overflowOf } from './support/overflow.ts';
import { useStage } from './support/stage.ts';

/** Enough for a model, which is then fitted in a thread of its own. */
const ORDERS = 2400;

const stage = useStage(() => generateStore({ seed: 29, orders: ORDERS, asOf: new Date().toISOString() }));
let merchant: Person;

beforeAll(async () => {
  merchant = await stage.browser.newPerson();
  await openOverview(merchant.page, stage.perennial.shellUrl);
});

async function open(path: string, heading: string): Promise<FrameLocator> {
  await merchant.page.goto(stage.perennial.shellUrl + path);
  const app = appIn(merchant.page);
  await app.getByRole('heading', { name: heading }).waitFor();
  return app;
}

/** The link's number is how many customers it leads to. */
async function expectCustomersBehind(link: Locator, app: FrameLocator): Promise<void> {
  const number = await link.innerText();
  await link.click();
  await app.getByText(new RegExp(`^${number} of [\\d,]+ customers$`)).waitFor();
}

it('leads from a first product to the customers who began with it', async () => {
  const app = await open('/app/products', 'First products that make customers return');
  await expectCustomersBehind(cardOf(app, 'First products that make customers return').getByRole('link').first(), app);
});

it('hands over the customers who are due for a product, as many as it counts', async () => {
  const app = await open('/app/products', 'When customers buy a product again');
  const card = cardOf(app, 'When customers buy a product again');
  const [, product = []] = await readTable(card.getByRole('table'));
  const [due = NaN, late = NaN] = product.slice(3).map((cell) => Number(cell.replaceAll(',', '')));
  const [download] = await Promise.all([merchant.page.waitForEvent('download'), card.getByRole('button', { name: /^Download the customers due for/ }).first().click()]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(lines.length - 1).toBe(due + late);
  expect(lines.filter((line) => line.endsWith('"late"')).length).toBe(late);
});

it('cuts the cohorts by the product that customers began with', async () => {
  const app = await open('/app/cohorts', 'Share of customers who ordered again');
  await app.getByLabel('Whose cohorts').selectOption({ label: 'Product in the first order' });
  const product = app.getByLabel('Which part').locator('option:checked');
  await expect.poll(() => product.allInnerTexts()).toEqual([expect.stringMatching(/ \([\d,]+\)$/)]);
  const [, customers = ''] = /\(([\d,]+)\)$/.exec(await product.innerText()) ?? [];
  await app.getByText(`${customers} customers with a first order`).waitFor();
  await app.getByRole('button', { name: 'Revenue', exact: true }).click();
  await app.getByRole('heading', { name: 'What a customer is worth with time' }).waitFor();
});

it('shows rarer pairs when a smaller share will do', async () => {
  const app = await open('/app/products', 'Bought together');
  const card = cardOf(app, 'Bought together');
  await card.getByLabel('In at least').selectOption({ label: '0.5% of orders' });
  await card.getByText(/A pair has to be in 1[12] orders/).waitFor();
});

it('says what the model expected of the past, and leads to the customers of a band', async () => {
  const app = await open('/app/predictions', 'Tried on your own past');
  await app.getByText(/^It expected \d+ customers to come back in those \d+ weeks\. \d+ did\.$/).waitFor();
  await app.getByRole('button', { name: 'Show the numbers' }).click();
  await app.getByRole('table', { name: 'Repeat orders per week' }).waitFor();
  const bands = cardOf(app, 'Who is still a customer').getByRole('link');
  await expectCustomersBehind(bands.last(), app);
});

it('has nothing that hinders people, and fits a desk and a phone, in both languages', async () => {
  const { page } = merchant;
  const pages = [
    ['/app/products', 'Bought together', '常被一起购买'],
    ['/app/predictions', 'Who is still a customer', '谁仍是您的客户'],
  ] as const;
  for (const [language, column] of [['English', 1], ['简体中文', 2]] as const) {
    await page.setViewportSize(WIDE);
    await switchLanguage(page, language);
    for (const target of pages) {
      for (const viewport of [WIDE, NARROW]) {
        await page.setViewportSize(viewport);
        await open(target[0], target[column]);
        expect([target[0], viewport.width, await overflowOf(requireAppFrame(page))]).toEqual([target[0], viewport.width, []]);
        expect([target[0], await findHindrances(requireAppFrame(page))]).toEqual([target[0], []]);
      }
    }
  }
});

it('left the console of the browser empty all the while', () => {
  expect(merchant.complaints).toEqual([]);
});
