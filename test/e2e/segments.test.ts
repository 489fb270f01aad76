import type { Frame, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { appIn, cardOf, openOverview, switchLanguage } from './support/admin-steps.ts';
import { NARROW, requireAppFrame } from './support/browser-under-test.ts';
import type { Person } from './support/browser-under-test.ts';
import { findHindrances } from './support/find-hindrances.ts';
import { overflowOf } from './support/overflow.ts';
import { useStage } from './support/stage.ts';

const stage = useStage(() => generateStore({ seed: 23, orders: 400, asOf: new Date().toISOString() }));
let merchant: Person;

beforeAll(async () => {
  merchant = await stage.browser.newPerson();
  await openOverview(merchant.page, stage.perennial.shellUrl);
});

it('a segment is built while its customers are counted, kept, found again, changed and deleted', async () => {
  const { page } = merchant;
  await page.goto(`${stage.perennial.shellUrl}/app/segments`);
  const app = appIn(page);
  // The page's own button may be behind the admin's title bar.
  await cardOf(app, 'Your segments').getByRole('link', { name: 'Create segment' }).click();
  await app.getByText('No condition yet: everybody who has ordered belongs.').waitFor();
  const everybody = await countOtherThan(null);

  await app.getByLabel('Add a condition').selectOption({ label: 'Number of orders' });
  await app.getByRole('group', { name: 'Number of orders' }).getByLabel('At least').fill('2');
  const returning = await countOtherThan(everybody);
  expect(returning).toBeLessThan(everybody);

  // Without a name it is refused beside the field, and nothing that was entered goes.
  await app.getByRole('button', { name: 'Save segment' }).click();
  await app.getByText('Enter a name.').waitFor();
  await app.getByLabel('Name', { exact: true }).fill('Came back');
  await app.getByRole('button', { name: 'Save segment' }).click();
  await page.getByText('Segment saved').waitFor();

  const own = cardOf(app, 'Your segments').getByRole('row', { name: /^Came back/ });
  await own.getByText('Number of orders: 2 or more').waitFor();
  // As many as the ready-made one of the same rule.
  const readyMade = cardOf(app, 'Value').getByRole('row', { name: /^Returning customers/ });
  const shown = returning.toLocaleString('en');
  for (const row of [own, readyMade]) expect(await row.getByRole('link', { name: /Show the customers/ }).innerText()).toBe(shown);

  await own.getByRole('link', { name: 'Edit Came back' }).click();
  await app.getByLabel('Add a condition').selectOption({ label: 'Rhythm' });
  await app.getByRole('button', { name: 'Choose', exact: true }).click();
  await app.locator('.Polaris-Popover').getByText('Lapsed', { exact: true }).click();
  await page.keyboard.press('Escape');
  expect(await countOtherThan(returning)).toBeLessThan(returning);
  await app.getByRole('button', { name: 'Delete segment' }).click();
  await app.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('Segment deleted').waitFor();
  await app.getByText('None yet. Build one').waitFor();
});

it('a segment leads to its customers', async () => {
  const { page } = merchant;
  await page.goto(`${stage.perennial.shellUrl}/app/segments`);
  const app = appIn(page);
  const link = cardOf(app, 'Value').getByRole('row', { name: /^First-time buyers/ }).getByRole('link');
  const count = await link.innerText();
  await link.click();
  await app.getByRole('status').getByText(new RegExp(`^${count} of `)).waitFor();
});

it('a segment is written to Shopify as a tag, followed there, and taken back', async () => {
  const { page } = merchant;
  await page.goto(`${stage.perennial.shellUrl}/app/segments`);
  const app = appIn(page);
  const row = cardOf(app, 'Value').getByRole('row', { name: /^VIP\b(?!, going)/ });
  await row.getByRole('button', { name: 'Write to Shopify: VIP' }).click();
  const dialog = app.getByRole('dialog');
  await dialog.getByText('A customer tag, and a Shopify segment on it').click();
  await dialog.getByLabel('Tag', { exact: true }).fill('vip, really');
  const write = dialog.getByRole('button', { name: /^Write to \d+ customers$/ });
  const count = Number(/\d+/.exec(await write.innerText())?.[0]);
  await write.click();
  await dialog.getByText('Leave out commas, quotes and backslashes.').waitFor();
  await dialog.getByLabel('Tag', { exact: true }).fill('perennial-vip');
  await write.click();
  await dialog.getByText(/^Written on/).waitFor();
  await dialog.getByText(`${count} customers have it from Perennial.`).waitFor();
  const tagged = () => [...stage.shop.customers.values()].filter(({ tags }) => tags.includes('perennial-vip')).length;
  expect(tagged()).toBe(count);
  expect([...stage.shop.segments.values()].map(({ name, query }) => [name, query])).toEqual([['VIP', "customer_tags CONTAINS 'perennial-vip'"]]);
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await dialog.getByText(`Take the tag “perennial-vip” from ${count} customers?`).waitFor();
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Everything was taken back').waitFor();
  expect(tagged()).toBe(0);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await row.getByRole('button', { name: 'Write to Shopify: VIP' }).waitFor();
});

it('a segment is given points on Shopify’s own page, and a customer’s page there shows them and changes them', async () => {
  const { page } = merchant;
  const admin = stage.perennial.shellUrl.replace(/\/apps\/.*$/, '');
  await page.goto(`${stage.perennial.shellUrl}/app/loyalty`);
  await appIn(page).getByRole('button', { name: 'Go live' }).click();
  await appIn(page).getByRole('dialog').getByRole('button', { name: 'Go live' }).click();
  await page.getByText('The program is live').waitFor();
  const at = new Date().toISOString();
  const segment = { id: stage.shop.nextId(), name: 'Came back', query: 'number_of_orders >= 2', creationDate: at, lastEditDate: at, isDeleted: false };
  stage.shop.save('segment', segment);

  await page.goto(`${admin}/customers/segments/${segment.id}`);
  await page.getByRole('button', { name: 'Give points to everyone in it' }).click();
  const action = page.frameLocator('dialog iframe');
  const customers = Number(/: ([\d,]+) customers/.exec(await action.getByText(/^Came back: /).innerText())?.[1]?.replaceAll(',', ''));
  await action.getByLabel('Points for each customer').fill('50');
  await action.getByText(`${(50 * customers).toLocaleString('en')} points in all`).waitFor();
  await action.getByRole('button', { name: /^Give / }).click();
  await action.getByText('Fill this in.').waitFor();
  expect(await findHindrances(requireExtensionFrame(page))).toEqual([]);
  await action.getByLabel('Reason').fill('For coming back');
  await action.getByRole('button', { name: /^Give / }).click();
  await action.getByText('Points were given').waitFor();
  await action.getByText(`given to ${customers.toLocaleString('en')} members.`).waitFor();
  await action.getByRole('link', { name: 'See all points given to segments' }).click();
  await appIn(page).getByText('50 points each, for “For coming back”, by you').waitFor();
  await appIn(page).getByText('Given', { exact: true }).waitFor();
  expect(await findHindrances(requireAppFrame(page))).toEqual([]);

  const ofCustomer = (id: number) => [...stage.shop.orders.values()].filter(({ customerId }) => customerId === id).length;
  const regular = [...stage.shop.customers.keys()].find((id) => ofCustomer(id) >= 2);
  await page.goto(`${admin}/customers/${regular}`);
  const card = page.frameLocator('iframe[data-extension="perennial-customer-card"]');
  await card.getByRole('heading', { name: / points$/ }).waitFor();
  const before = Number((await card.getByRole('heading', { name: / points$/ }).innerText()).replace(/\D/g, ''));
  expect(before).toBeGreaterThanOrEqual(50);
  await card.getByRole('button', { name: 'Adjust points' }).click();
  await card.getByLabel('What to do').selectOption('take');
  await card.getByLabel('Points', { exact: true }).fill('20');
  await card.getByText(`Balance afterwards: ${(before - 20).toLocaleString('en')} points`).waitFor();
  await card.getByRole('button', { name: 'Take points' }).click();
  await card.getByText('Fill this in.').waitFor();
  expect(await findHindrances(requireExtensionFrame(page))).toEqual([]);
  await card.getByLabel('Reason').fill('Counted wrong');
  await card.getByRole('button', { name: 'Take points' }).click();
  await card.getByText('Points adjusted').waitFor();
  await card.getByRole('heading', { name: `${(before - 20).toLocaleString('en')} points` }).waitFor();
  await card.getByRole('link', { name: 'See the ledger' }).click();
  await appIn(page).getByText('“Counted wrong”').waitFor();
});

it('the pages fit a phone, in both languages', async () => {
  const { page } = await stage.browser.newPerson({ viewport: NARROW });
  for (const [path, words] of [
    ['/app/segments', { English: 'RFM groups', 简体中文: 'RFM 分组' }],
    ['/app/loyalty/gifts', { English: 'Points for segments', 简体中文: '为细分发放积分' }],
    ['/app/segments/edit?orders=2..&state=lapsed&country=GB', { English: 'Who belongs', 简体中文: '哪些客户属于此细分' }],
  ] as const) {
    for (const language of ['English', '简体中文'] as const) {
      await page.goto(stage.perennial.shellUrl + path);
      await switchLanguage(page, language);
      await appIn(page).getByRole('heading', { name: words[language] }).waitFor();
      expect([path, await overflowOf(requireAppFrame(page))]).toEqual([path, []]);
    }
  }
});

it('left the console of the merchant’s browser empty all the while', () => {
  expect(merchant.complaints.filter((complaint) => !/status of 422/.test(complaint))).toEqual([]);
});

/** The document of the one block or action that is open. */
function requireExtensionFrame(page: Page): Frame {
  const frame = page.frames().find((one) => /\/extensions\/perennial-/.test(one.url()));
  if (!frame) throw new Error('No extension is open.');
  return frame;
}

/** The count once it is done and has changed. */
async function countOtherThan(before: number | null): Promise<number> {
  const isNew = (count: number | null) => count !== null && count !== before;
  await expect.poll(async () => isNew(await countShown())).toBe(true);
  return (await countShown()) ?? NaN;
}

/** Null while it is being counted. */
async function countShown(): Promise<number | null> {
  const status = appIn(merchant.page).getByRole('status').filter({ hasText: /belongs? now/ });
  if ((await status.getAttribute('aria-busy')) === 'true') return null;
  return Number(/^([\d,]+) customers? belongs? now/.exec(await status.innerText())?.[1]?.replaceAll(',', '') ?? NaN);
}
