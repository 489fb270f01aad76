import type { FrameLocator, Locator } from 'playwright-core';
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

it('is off and without rules at first, and buyers are said to see nothing', async () => {
  const app = await openOffers();
  expect(await app.getByLabel('Give buyers something for their next order').isChecked()).toBe(false);
  await app.getByText('Offers are off: buyers see nothing.').waitFor();
  await app.getByText('No rule yet, so nobody gets an offer.').waitFor();
  expect(await saveBarOf(merchant.page).isVisible()).toBe(false);
});

it('begins with a rule that is ready-made, asks to save, and discarding takes it away again', async () => {
  const app = await openOffers();
  await app.getByRole('button', { name: 'Add “First-timers”' }).click();
  await app.getByText('Take 15% off your next order with this code.').waitFor();
  await app.getByLabel('Discount', { exact: true }).fill('25');
  await app.getByText('Take 25% off your next order with this code.').waitFor();
  await saveBarOf(merchant.page).getByRole('button', { name: 'Discard' }).click();
  await app.getByText('No rule yet, so nobody gets an offer.').waitFor();
  await saveBarOf(merchant.page).waitFor({ state: 'hidden' });
});

it('keeps rules, their order and what they ask for over a reload', async () => {
  const { page } = merchant;
  const app = await openOffers();
  await app.getByText('Give buyers something for their next order').click();
  await app.getByRole('button', { name: 'Add “First-timers”' }).click();
  await app.getByRole('button', { name: 'Add rule' }).click();
  const second = ruleOf(app, '15 % off');
  await second.getByLabel('Name').fill('Large orders abroad');
  const large = ruleOf(app, 'Large orders abroad');
  await large.getByLabel('Kind').selectOption({ label: 'Amount off' });
  await large.getByLabel('Amount', { exact: true }).fill('10');
  await large.getByLabel('Minimum spend').fill('40');
  await large.getByLabel('Order from').fill('100');
  await large.getByLabel('Valid for').selectOption({ label: 'Hours, with a countdown' });
  await large.getByRole('button', { name: 'Shipping countries: Any' }).click();
  await app.getByPlaceholder('Search').fill('germ');
  await app.getByRole('checkbox', { name: 'Germany' }).or(app.getByText('Germany', { exact: true })).first().click();
  await page.keyboard.press('Escape');
  await app.getByText('Take $10 off your next order with this code.').waitFor();
  await app.getByText('For orders of $40 or more.').waitFor();
  await app.getByRole('button', { name: 'Move Large orders abroad up' }).focus();
  await page.keyboard.press('Enter');
  await app.getByText('Large orders abroad is now number 1.').waitFor({ state: 'attached' });
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Offers saved').waitFor();
  await saveBarOf(page).waitFor({ state: 'hidden' });

  await page.reload();
  await app.getByText('1. Large orders abroad').waitFor();
  await app.getByText('2. First-timers').waitFor();
  expect(await app.getByLabel('Give buyers something for their next order').isChecked()).toBe(true);
  await app.getByRole('button', { name: 'Edit Large orders abroad' }).click();
  expect(await large.getByLabel('Amount', { exact: true }).inputValue()).toBe('10.00');
  expect(await large.getByLabel('Minimum spend').inputValue()).toBe('40.00');
  expect(await large.getByLabel('Order from').inputValue()).toBe('100.00');
  expect(await large.getByLabel('Hours', { exact: true }).inputValue()).toBe('48');
  await large.getByRole('button', { name: 'Shipping countries: Germany' }).waitFor();
});

it('does not ask to save what has been changed and changed back', async () => {
  const app = await openOffers();
  const rule = await openRule(app, 'First-timers');
  const percent = rule.getByLabel('Discount', { exact: true });
  const saved = await percent.inputValue();
  await percent.fill('25');
  await saveBarOf(merchant.page).waitFor();
  await percent.fill(saved);
  await saveBarOf(merchant.page).waitFor({ state: 'hidden' });
});

it('keeps whoever leaves from losing changes, and lets them go if they mean it', async () => {
  const { page } = merchant;
  const app = await openOffers();
  const rule = await openRule(app, 'First-timers');
  const percent = rule.getByLabel('Discount', { exact: true });
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

it.each(['0', '12.345', 'ten'])('says next to the discount what is wrong with %s, and saves nothing', async (typed) => {
  const { page } = merchant;
  const app = await openOffers();
  const percent = (await openRule(app, 'First-timers')).getByLabel('Discount', { exact: true });
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

it('says what would do where a discount is deeper than the limit over all rules', async () => {
  const { page } = merchant;
  const app = await openOffers();
  await app.getByLabel('Deepest discount').fill('12.5');
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await openRule(app, 'First-timers');
  await app.getByText('Deeper than your limit: 12.5 % at most.').waitFor();
  await openRule(app, 'Large orders abroad');
  await app.getByText('Deeper than your limit: ask for $80.00 or more.').waitFor();
  await saveBarOf(page).getByRole('button', { name: 'Discard' }).click();
});

it('left the console of the browser empty all the while', () => {
  expect(merchant.complaints).toEqual([]);
});

async function openOffers(): Promise<FrameLocator> {
  await merchant.page.goto(offersUrl);
  const app = appIn(merchant.page);
  await app.getByText('What shoppers see').waitFor();
  return app;
}

function ruleOf(app: FrameLocator, name: string): Locator {
  return app.getByRole('group', { name, exact: true });
}

async function openRule(app: FrameLocator, name: string): Promise<Locator> {
  await app.getByRole('button', { name: `Edit ${name}` }).click();
  return ruleOf(app, name);
}
