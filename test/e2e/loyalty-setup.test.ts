import type { FrameLocator, Locator } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { signIn } from '#test/simulator/staff.ts';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { appIn, openOverview, saveBarOf, switchLanguage } from './support/admin-steps.ts';
import { NARROW, requireAppFrame, WIDE } from './support/browser-under-test.ts';
import type { Person } from './support/browser-under-test.ts';
import { findHindrances } from './support/find-hindrances.ts';
import { overflowOf } from './support/overflow.ts';
import { useStage } from './support/stage.ts';

/** What setting a program up may take, by the issue that asks for it. */
const MOST_CLICKS = 12;
const PAGES = ['', '/rewards', '/tiers', '/staff'];

const stage = useStage(() => generateStore({ seed: 19, orders: 120, asOf: new Date().toISOString() }));
let merchant: Person;
let loyaltyUrl: string;

beforeAll(async () => {
  merchant = await stage.browser.newPerson();
  loyaltyUrl = `${stage.perennial.shellUrl}/app/loyalty`;
  await openOverview(merchant.page, stage.perennial.shellUrl);
});

it('is set up by a new merchant, tried on the past and live, in few clicks', async () => {
  const { page } = merchant;
  let clicks = 0;
  const click = async (target: Locator) => {
    clicks += 1;
    await target.click();
  };
  const app = appIn(page);
  await click(page.getByRole('link', { name: 'Loyalty', exact: true }));
  await app.getByText('Made for your store').waitFor();
  await app.getByText(/^Order of \$[\d,.]+ earns [\d,]+ points = \$[\d.]+ off$/).waitFor();
  await click(app.getByRole('button', { name: 'Try it on your last 12 months' }));
  await app.getByText('Points given').waitFor();
  await click(app.getByRole('button', { name: 'Go live' }));
  await click(app.getByRole('dialog').getByRole('button', { name: 'Go live' }));
  await page.getByText('The program is live').waitFor();
  await app.getByText('Orders earn points, and members spend them on rewards.').waitFor();
  await app.getByRole('heading', { name: 'Version 1' }).waitFor();
  expect(clicks).toBeLessThanOrEqual(MOST_CLICKS);
});

it('saves a better rate for a product that was searched for, and the preview tells that it wins', async () => {
  const { page } = merchant;
  const app = await open();
  await app.getByRole('button', { name: 'Add a better rate' }).click();
  await app.getByLabel('Name', { exact: true }).fill('Double candles');
  await app.getByRole('button', { name: 'Choose products' }).click();
  const dialog = app.getByRole('dialog');
  await dialog.getByLabel('Search by name').fill('beeswax');
  await dialog.getByText(/Candle/).first().click();
  await dialog.getByRole('button', { name: 'Choose 1' }).click();
  await app.getByLabel('Of', { exact: true }).selectOption({ label: 'Double candles' });
  await app.getByText('Earns by one rate, the best: Double candles, 2.00 times.').waitFor();
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Program saved').waitFor();
  await page.reload();
  await app.getByRole('heading', { name: 'Version 2' }).waitFor();
  await app.getByText(/Candle/).first().waitFor();
  expect(await app.getByLabel('Name', { exact: true }).inputValue()).toBe('Double candles');
});

it('says next to a reward’s field what is wrong, and shows the ladder once it is right', async () => {
  const { page } = merchant;
  const app = await open('/rewards');
  await app.getByRole('button', { name: 'Add a reward' }).click();
  const reward = app.getByRole('group', { name: 'New reward' });
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await reward.getByText('Enter a number from 1 to 1,000,000.').waitFor();
  await reward.getByLabel('Gives').selectOption('percent');
  await reward.getByLabel('Costs').fill('750');
  const named = app.getByRole('group', { name: '10% off' });
  await named.getByLabel('Name', { exact: true }).fill('Ten percent');
  await app.getByText('750 points', { exact: true }).first().waitFor();
  await app.getByRole('region', { name: 'Preview: Points and rewards page' }).getByText('Ten percent').waitFor();
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Program saved').waitFor();
  await saveBarOf(page).waitFor({ state: 'hidden' });
});

it('keeps two windows from undoing each other, and what was typed in the later one', async () => {
  const app = await open('/tiers');
  const other = await stage.browser.newPerson();
  const { page } = other;
  await openOverview(page, stage.perennial.shellUrl);
  await page.goto(`${loyaltyUrl}/tiers`);
  const theirs = appIn(page);
  await theirs.getByLabel('Days of grace').fill('45');
  await app.getByLabel('Days of grace').fill('60');
  await saveBarOf(merchant.page).getByRole('button', { name: 'Save' }).click();
  await merchant.page.getByText('Program saved').waitFor();
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await theirs.getByText('The program was changed somewhere else').waitFor();
  expect(await theirs.getByLabel('Days of grace').inputValue()).toBe('45');
  // The refusal is a status that the browser notes.
  expect(other.complaints.filter((complaint) => !complaint.includes('status of 409'))).toEqual([]);
  await other.leave();
});

it('awards past orders once the merchant was told what they come to', async () => {
  const { page } = merchant;
  const app = await open();
  await app.getByRole('button', { name: 'Award past orders…' }).click();
  const dialog = app.getByRole('dialog');
  await dialog.getByText(/^Your oldest order here is of/).waitFor();
  const confirm = dialog.getByRole('button', { name: 'Award past orders' });
  expect(await confirm.getAttribute('aria-disabled')).toBe('true');
  await dialog.getByRole('button', { name: 'Count what it comes to' }).click();
  await dialog.getByText('Liability if all are spent').waitFor();
  expect(await findHindrances(requireAppFrame(page))).toEqual([]);
  const points = await dialog.locator('dt', { hasText: /^Points$/ }).locator('xpath=following-sibling::dd').innerText();
  await confirm.click();
  await page.getByText('Past orders are being awarded').waitFor();
  // The page knows of it, and then that it is done.
  await app.getByText('Award past orders…', { exact: true }).waitFor({ state: 'hidden' });
  await app.getByText(/are being awarded/).waitFor({ state: 'hidden' });
  await page.goto(`${loyaltyUrl}/liability`);
  await appIn(page).getByText(points.trim(), { exact: false }).first().waitFor();
});

it('is paused after the merchant was told what becomes of members', async () => {
  const { page } = merchant;
  const app = await open();
  await app.getByRole('button', { name: 'Pause' }).click();
  const dialog = app.getByRole('dialog');
  await dialog.getByText('Members keep all their points, and none expire meanwhile.').waitFor();
  expect(await findHindrances(requireAppFrame(page))).toEqual([]);
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('The program is paused').waitFor();
  await app.getByRole('button', { name: 'Go live again' }).waitFor();
});

it('lets a merchant say it in their own words, from right to left, and shows them as they are typed', async () => {
  const { page } = merchant;
  const app = await openTexts('?surface=loyalty-page&language=ar');
  const screen = app.getByRole('region', { name: 'Preview: Points and rewards page' });
  expect(await screen.getAttribute('dir')).toBe('rtl');
  const typed = app.getByRole('group', { name: 'Points and rewards' }).getByRole('textbox');
  expect(await typed.evaluate((field) => getComputedStyle(field).direction)).toBe('rtl');
  await screen.getByText('النقاط والمكافآت').waitFor();
  const title = app.getByRole('group', { name: 'Points and rewards' });
  await title.getByRole('textbox').fill('أوراق الشاي');
  await screen.getByText('أوراق الشاي').waitFor();
  await app.getByLabel('Search in texts').fill('no such words');
  await app.getByText('No text fits.').waitFor();
  await app.getByLabel('Search in texts').fill('End on');
  const ending = app.getByRole('group', { name: '{{points}} end on {{date}} unless you use them.' });
  await ending.getByRole('button', { name: /^Start from our words/ }).click();
  await ending.getByRole('textbox').first().fill('قريبًا');
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await ending.getByText('Missing: {{points}}, {{date}}').waitFor();
  await ending.getByRole('button', { name: /^Use our words/ }).click();
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Texts saved').waitFor();
  await app.getByLabel('Situation').selectOption({ label: 'Program paused' });
  await screen.getByText('البرنامج متوقف مؤقتًا', { exact: false }).waitFor();
  await app.getByLabel('Language of the shoppers').selectOption('de');
  await screen.getByText('Punkte und Prämien').waitFor();
  expect(await screen.getAttribute('dir')).toBe('ltr');
});

it('shows those words beside the rewards too, in any language', async () => {
  const app = await open('/rewards');
  await app.getByLabel('Language of the shoppers').selectOption('ar');
  await app.getByRole('region', { name: 'Preview: Points and rewards page' }).getByText('أوراق الشاي').waitFor();
  await app.getByLabel('Surface').selectOption('checkout');
  await app.getByRole('region', { name: 'Preview: Checkout block' }).getByRole('heading').first().waitFor();
});

it('lets the owner say who adjusts points, and shows the list to the others', async () => {
  const { page } = merchant;
  const own = 'Sam Clerk: most points at once';
  signIn(stage.shop, 2);
  const seen = await open('/staff');
  await seen.getByText('Only the store’s owner, and whom the owner names, may change this list.').waitFor();
  expect(await seen.getByLabel('Everyone else: may adjust points').isDisabled()).toBe(true);
  signIn(stage.shop, 1);
  const app = await open('/staff');
  await app.getByLabel('Sam Clerk: may adjust points').selectOption('up-to');
  await app.getByLabel(own).fill('0');
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await app.getByText('Enter a number from 1 to 10,000,000.').waitFor();
  await app.getByLabel(own).fill('50');
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Permissions saved').waitFor();
  await app.getByText('Robin Owner (You) set Sam Clerk: up to 50 points at once').waitFor();
  await page.reload();
  expect(await app.getByLabel(own).inputValue()).toBe('50');
});

it.each(['English', '简体中文'] as const)('has nothing that hinders people in %s, and fits a desk and a phone', async (language) => {
  const { page } = merchant;
  await switchLanguage(page, language);
  for (const path of PAGES) {
    await open(path);
    const frame = requireAppFrame(page);
    for (const viewport of [NARROW, WIDE]) {
      await page.setViewportSize(viewport);
      expect([path, viewport.width, await overflowOf(frame)]).toEqual([path, viewport.width, []]);
    }
    expect([path, await findHindrances(frame)]).toEqual([path, []]);
  }
  for (const place of ['?surface=thank-you&language=ar', '?surface=storefront&language=de']) {
    await openTexts(place);
    const frame = requireAppFrame(page);
    for (const viewport of [NARROW, WIDE]) {
      await page.setViewportSize(viewport);
      expect([place, viewport.width, await overflowOf(frame)]).toEqual([place, viewport.width, []]);
    }
    expect([place, await findHindrances(frame)]).toEqual([place, []]);
  }
});

it('left the console of the browser empty all the while', () => {
  expect(merchant.complaints).toEqual([]);
});

async function openTexts(place: string): Promise<FrameLocator> {
  await merchant.page.goto(`${stage.perennial.shellUrl}/app/texts${place}`);
  const app = appIn(merchant.page);
  await app.getByRole('region', { name: /^(Preview|预览)/ }).waitFor();
  return app;
}

async function open(path = ''): Promise<FrameLocator> {
  await merchant.page.goto(loyaltyUrl + path);
  const app = appIn(merchant.page);
  await app.getByRole('navigation', { name: /Loyalty pages|会员积分页面/ }).waitFor();
  return app;
}
