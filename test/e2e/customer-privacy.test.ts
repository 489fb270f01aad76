import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { privacyPayload } from '#test/simulator/order-changes.ts';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { appIn, openOverview, switchLanguage } from './support/admin-steps.ts';
import { NARROW, requireAppFrame } from './support/browser-under-test.ts';
import type { Person } from './support/browser-under-test.ts';
import { overflowOf } from './support/overflow.ts';
import { useStage } from './support/stage.ts';

const ANSWERED_WITHIN_MS = 30_000;

const stage = useStage(() => generateStore({ seed: 23, orders: 60, asOf: new Date().toISOString() }));
let merchant: Person;

beforeAll(async () => {
  merchant = await stage.browser.newPerson();
  await openOverview(merchant.page, stage.perennial.shellUrl);
});

async function openPrivacy(page = merchant.page) {
  await page.goto(`${stage.perennial.shellUrl}/app/privacy`);
  const app = appIn(page);
  await app.getByRole('heading', { name: 'What is kept, and for how long' }).waitFor();
  return app;
}

it('says that nobody has asked for anything', async () => {
  const app = await openPrivacy();
  await app.getByText('No customer has asked for their data.').waitFor();
  await app.getByText('Nobody has opened a customer’s data.').waitFor();
});

it('gives a customer’s data as a file, and says who took it', async () => {
  const order = [...stage.shop.orders.values()].findLast(({ customerId }) => customerId !== null);
  if (!order?.customerId) throw new Error('nobody ordered');
  stage.shop.emit('customers/data_request', privacyPayload(stage.shop, order.customerId));
  await expect
    .poll(async () => (await openPrivacy()).getByText('Ready for you').count(), { timeout: ANSWERED_WITHIN_MS })
    .toBeGreaterThan(0);
  const app = appIn(merchant.page);
  const [file] = await Promise.all([
    merchant.page.waitForEvent('download'),
    app.getByRole('button', { name: /^Download to read/ }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^customer-data-.*\.html$/);
  const page = readFileSync(await file.path(), 'utf8');
  expect(page).toContain(order.name);
  expect(page).toContain(String(order.customerId));
  // The page says so without being loaded anew.
  await app.getByText('Downloaded a copy to read').waitFor();
  await app.getByText(/^Member of staff \d+$/).waitFor();
  await app.getByText('First downloaded on').waitFor();
});

it('fits a phone, in both languages', async () => {
  const { page } = await stage.browser.newPerson({ viewport: NARROW });
  await page.goto(`${stage.perennial.shellUrl}/app/privacy`);
  for (const [language, heading] of [['English', 'Who opened personal data'], ['简体中文', '谁查看过个人数据']] as const) {
    await switchLanguage(page, language);
    await appIn(page).getByRole('heading', { name: heading }).waitFor();
    expect(await overflowOf(requireAppFrame(page))).toEqual([]);
  }
});
