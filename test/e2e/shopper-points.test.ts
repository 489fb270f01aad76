import { beforeAll, expect, it } from 'vitest';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { appIn, openOverview, saveBarOf } from './support/admin-steps.ts';
import type { Person } from './support/browser-under-test.ts';
import { blockIn, buy, goToCheckout, pay } from './support/shop-steps.ts';
import { LOYALTY_PAGE } from './support/shopper-scene.ts';
import { useStage } from './support/stage.ts';

const EMAIL = 'ada@new.example';
/** From the click that pays, over Shopify's webhook and the worker, to the page. */
const SOON = { timeout: 30_000 };

const stage = useStage(() => generateStore({ seed: 23, orders: 60, asOf: new Date().toISOString() }));
let merchant: Person;
let ada: Person;

beforeAll(async () => {
  merchant = await stage.browser.newPerson();
  ada = await stage.browser.newPerson();
  await openOverview(merchant.page, stage.perennial.shellUrl);
  await merchant.page.goto(`${stage.perennial.shellUrl}/app/loyalty`);
  const app = appIn(merchant.page);
  await app.getByRole('button', { name: 'Go live' }).click();
  await app.getByRole('dialog').getByRole('button', { name: 'Go live' }).click();
  await merchant.page.getByText('The program is live').waitFor();
  await merchant.page.goto(`${stage.perennial.shellUrl}/app/accounts`);
  await app.getByText('Switched off: shoppers see no way into an account here.').waitFor();
  await app.getByText('Offer the way into an account', { exact: true }).click();
  // Not saved yet, and seen.
  await app.getByRole('region', { name: 'Preview: Thank-you' }).getByText('Sign in', { exact: true }).waitFor();
  await saveBarOf(merchant.page).getByRole('button', { name: 'Save' }).click();
  await merchant.page.getByText('Saved', { exact: true }).waitFor();
});

const block = () => blockIn(ada.page);

it('tells a new customer on the thank-you page of points', async () => {
  await buy(ada.page, stage.perennial.storefrontUrl, { email: EMAIL });
  await block().getByText(/points are waiting for you|This order brings you [\d,]+ points/).first().waitFor(SOON);
});

it('leads from there through the sign-in to the page of points', async () => {
  const { page } = ada;
  await block().getByRole('link', { name: 'Sign in' }).click(SOON);
  await page.locator('input[name="email"]').fill(EMAIL);
  await page.locator('form.fields button').click();
  await page.waitForURL(`${stage.perennial.storefrontUrl}${LOYALTY_PAGE}`);
  await block().getByText('Ways to earn').waitFor();
});

it('shows these points in the account, and why they came', async () => {
  await expect
    .poll(async () => {
      await ada.page.goto(stage.perennial.storefrontUrl + LOYALTY_PAGE);
      await block().getByText('Ways to earn').waitFor();
      return block().getByText(/[\d,]+ more points are on their way/).count();
    }, SOON)
    .toBe(1);
  await block().getByText(/^Order #\d+/).waitFor();
});

it('shows the merchant’s own words on the storefront, where Shopify’s own server draws them', async () => {
  const { page } = merchant;
  await page.goto(`${stage.perennial.shellUrl}/app/texts?surface=storefront&language=en`);
  const group = appIn(page).getByRole('group', { name: 'Sign in to see your points.' });
  await group.getByRole('textbox').fill('Your harvest waits inside');
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Texts saved').waitFor();
  const cleo = await stage.browser.newPerson();
  await expect
    .poll(async () => {
      await cleo.page.goto(stage.perennial.storefrontUrl);
      const panel = cleo.page.locator('.perennial-panel');
      // Nothing of a program stands there before Shopify has heard of it.
      return (await panel.count()) === 0 ? null : panel.textContent();
    }, SOON)
    .toContain('Your harvest waits inside');
  expect(cleo.complaints).toEqual([]);
  await cleo.leave();
});

it('turns points that the merchant gives into a code', async () => {
  const { page } = merchant;
  await page.goto(`${stage.perennial.shellUrl}/app/loyalty/members`);
  const app = appIn(page);
  await app.getByRole('table').getByRole('link').first().click();
  await app.getByRole('button', { name: 'Adjust points' }).click();
  const dialog = app.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Points' }).fill('2000');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('A test of the shop');
  await dialog.getByRole('button', { name: 'Give points' }).click();
  await page.getByText('Points adjusted').waitFor();

  await ada.page.reload();
  await block().getByRole('button', { name: /^Redeem: .*off$/ }).first().click();
  await block().getByRole('button', { name: 'Yes, redeem' }).click();
  await block().getByText(/^Use it by/).first().waitFor(SOON);
});

it('puts the code on an order at checkout, and says afterwards that it was used', async () => {
  await goToCheckout(ada.page, stage.perennial.storefrontUrl, { email: EMAIL });
  await block().getByRole('button', { name: /^Use the code you have/ }).click();
  await block().getByRole('button', { name: 'Remove' }).waitFor();
  // The page draws its sums again once the checkout has taken the code.
  await ada.page.locator('.summary__discount').waitFor();
  await pay(ada.page);
  await expect
    .poll(async () => {
      await ada.page.goto(stage.perennial.storefrontUrl + LOYALTY_PAGE);
      await block().getByText('Ways to earn').waitFor();
      return block().getByText('Used', { exact: true }).count();
    }, SOON)
    .toBe(1);
  expect(ada.complaints).toEqual([]);
});
