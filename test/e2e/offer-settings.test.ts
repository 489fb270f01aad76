import type { FrameLocator } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { appIn, openOverview, saveBarOf } from './support/admin-steps.ts';
import type { Person } from './support/browser-under-test.ts';
import { useStage } from './support/stage.ts';

const PERCENT_PROBLEM = 'Enter a discount from 1 to 100, with at most two decimals.';

const stage = useStage(() => generateStore({ seed: 13, orders: 40, asOf: new Date().toISOString() }));
let merchant: Person;
let offersUrl: string;

beforeAll(async () => {
  merchant = await stage.browser.newPerson();
  offersUrl = `${stage.perennial.shellUrl}/app/offers`;
  await openOverview(merchant.page, stage.perennial.shellUrl);
});

it('is off at first, and buyers are said to see nothing', async () => {
  const app = await openOffers();
  expect(await app.getByLabel('Give buyers a code for their next order').isChecked()).toBe(false);
  await app.getByText('The offer is off: buyers see nothing.').waitFor();
  expect(await saveBarOf(merchant.page).isVisible()).toBe(false);
});

it('asks to save once something is changed, and discarding brings back what was saved', async () => {
  const app = await openOffers();
  const percent = app.getByLabel('Discount');
  const saved = await percent.inputValue();
  await percent.fill('25');
  await app.getByText('Take 25% off your next order with this code.').waitFor();
  await saveBarOf(merchant.page).getByRole('button', { name: 'Discard' }).click();
  await expect.poll(() => percent.inputValue()).toBe(saved);
  await saveBarOf(merchant.page).waitFor({ state: 'hidden' });
});

it('does not ask to save what has been changed and changed back', async () => {
  const percent = (await openOffers()).getByLabel('Discount');
  const saved = await percent.inputValue();
  await percent.fill('25');
  await saveBarOf(merchant.page).waitFor();
  await percent.fill(saved);
  await saveBarOf(merchant.page).waitFor({ state: 'hidden' });
});

it('keeps whoever leaves from losing changes, and lets them go if they mean it', async () => {
  const { page } = merchant;
  const app = await openOffers();
  const percent = app.getByLabel('Discount');
  await percent.fill('30');
  await saveBarOf(page).waitFor();
  await page.getByRole('link', { name: 'Order history' }).click();
  await page.getByRole('button', { name: 'Stay' }).click();
  expect(page.url()).toBe(offersUrl);
  expect(await percent.inputValue()).toBe('30');

  await page.getByRole('link', { name: 'Order history' }).click();
  await page.getByRole('button', { name: 'Leave page' }).click();
  await page.waitForURL(`${stage.perennial.shellUrl}/app/history`);
  await saveBarOf(page).waitFor({ state: 'hidden' });
});

it.each(['0', '101', '12.345', 'ten'])('says next to the discount what is wrong with %s, and saves nothing', async (typed) => {
  const { page } = merchant;
  const app = await openOffers();
  const percent = app.getByLabel('Discount');
  await percent.fill(typed);
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await app.getByText(PERCENT_PROBLEM).waitFor();
  const describedBy = (await percent.getAttribute('aria-describedby')) ?? '';
  const description = await app.locator(`[id="${describedBy.split(' ').join('"], [id="')}"]`).allInnerTexts();
  expect(description.join(' ')).toContain(PERCENT_PROBLEM);
  expect(await percent.getAttribute('aria-invalid')).toBe('true');
  expect(await saveBarOf(page).isVisible()).toBe(true);
  await saveBarOf(page).getByRole('button', { name: 'Discard' }).click();
  await app.getByText(PERCENT_PROBLEM).waitFor({ state: 'hidden' });
});

it('keeps what was saved over a reload, minimum and audience included', async () => {
  const { page } = merchant;
  const app = await openOffers();
  await app.getByText('Give buyers a code for their next order').click();
  await app.getByLabel('Discount').fill('12.5');
  await app.getByLabel('Valid for').fill('45');
  await app.getByLabel('Minimum spend').fill('40');
  await app.getByText('Every order', { exact: true }).click();
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Offer saved').waitFor();
  await saveBarOf(page).waitFor({ state: 'hidden' });

  await page.reload();
  await app.getByText('Take 12.5% off your next order with this code.').waitFor();
  expect(await app.getByLabel('Give buyers a code for their next order').isChecked()).toBe(true);
  expect(await app.getByLabel('Discount').inputValue()).toBe('12.5');
  expect(await app.getByLabel('Valid for').inputValue()).toBe('45');
  expect(await app.getByLabel('Minimum spend').inputValue()).toBe('40.00');
  expect(await app.getByLabel('Every order').isChecked()).toBe(true);
  await app.getByText('For orders of $40.00 or more.').waitFor();
});

it('left the console of the browser empty all the while', () => {
  expect(merchant.complaints).toEqual([]);
});

async function openOffers(): Promise<FrameLocator> {
  await merchant.page.goto(offersUrl);
  const app = appIn(merchant.page);
  await app.getByText('What buyers see').waitFor();
  return app;
}
