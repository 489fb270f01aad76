import { beforeAll, expect, it } from 'vitest';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { appIn, openOverview, readTable, switchLanguage } from './support/admin-steps.ts';
import { NARROW, requireAppFrame } from './support/browser-under-test.ts';
import type { Person } from './support/browser-under-test.ts';
import { findHindrances } from './support/find-hindrances.ts';
import { overflowOf } from './support/overflow.ts';
import { useStage } from './support/stage.ts';

const SOON = { timeout: 10_000 };

const stage = useStage(() => generateStore({ seed: 23, orders: 400, asOf: new Date().toISOString() }));
let merchant: Person;

beforeAll(async () => {
  merchant = await stage.browser.newPerson();
  await openOverview(merchant.page, stage.perennial.shellUrl);
});

it('finds customers by a filter and by a name, and says of one where they stand and why', async () => {
  const app = await openCustomers(merchant);
  await app.getByRole('button', { name: 'Number of orders' }).click();
  await app.getByLabel('At least').fill('2');
  await app.getByRole('button', { name: 'Apply' }).click();
  await app.getByText(/^\d+ of \d+ customers$/).waitFor();
  const [, first] = await readTable(app.getByRole('table'));
  expect(Number.parseInt(first?.[2] ?? '', 10)).toBeGreaterThanOrEqual(2);

  // The name comes from Shopify after the table is there.
  const named = app.getByRole('table').getByRole('link').first();
  await expect.poll(() => named.innerText(), SOON).not.toMatch(/^Customer \d+$/);
  const name = await named.innerText();
  const search = app.getByPlaceholder('Name, e-mail, customer or order number');
  // A click beside an open filter closes it.
  await search.click();
  await search.fill(name);
  await expect.poll(async () => (await readTable(app.getByRole('table'))).slice(1).every(([who]) => who === name), SOON).toBe(true);

  await app.getByRole('link', { name }).first().click();
  await app.getByRole('heading', { name: 'Where this customer stands, and why' }).waitFor();
  await app.getByRole('heading', { name }).waitFor();
  await app.getByText('First order', { exact: true }).waitFor();
  await app.getByText(/^\d+ days? since the last order\.$/).waitFor();
});

it('shows who is left when a filter leaves nobody, and the way back to all', async () => {
  await merchant.page.goto(`${stage.perennial.shellUrl}/app/customers?orders=9999..`);
  const app = appIn(merchant.page);
  await app.getByRole('heading', { name: 'No customer meets all of this' }).waitFor();
  await app.getByRole('button', { name: 'Clear all filters' }).click();
  await app.getByRole('table').waitFor();
});

it('fits a phone and hinders nobody there, in both languages', async () => {
  const person = await stage.browser.newPerson({ viewport: NARROW });
  const app = await openCustomers(person);
  const address = await app.getByRole('table').getByRole('link').first().getAttribute('href');
  for (const [language, heading] of [['English', 'Where this customer stands'], ['简体中文', '该客户的状况及依据']] as const) {
    await person.page.goto(`${stage.perennial.shellUrl}/app/customers`);
    await switchLanguage(person.page, language);
    await app.getByRole('table').waitFor();
    expect(await overflowOf(requireAppFrame(person.page))).toEqual([]);
    await person.page.goto(`${stage.perennial.shellUrl}${address?.split('?')[0]}`);
    await app.getByRole('heading', { name: heading }).waitFor();
    expect(await overflowOf(requireAppFrame(person.page))).toEqual([]);
    expect(await findHindrances(requireAppFrame(person.page))).toEqual([]);
  }
});

async function openCustomers({ page }: Person) {
  await page.goto(`${stage.perennial.shellUrl}/app/customers`);
  const app = appIn(page);
  await app.getByRole('table').waitFor();
  return app;
}
