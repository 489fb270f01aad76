import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { appIn, openOverview, readTable, switchLanguage } from './support/admin-steps.ts';
import { NARROW, requireAppFrame } from './support/browser-under-test.ts';
import type { Person } from './support/browser-under-test.ts';
import { overflowOf } from './support/overflow.ts';
import { useStage } from './support/stage.ts';

const COMPARED_WITHIN_MS = 60_000;

const stage = useStage(() => generateStore({ seed: 17, orders: 120, asOf: new Date().toISOString() }));
let merchant: Person;
let owner: pg.Client;

beforeAll(async () => {
  merchant = await stage.browser.newPerson();
  await openOverview(merchant.page, stage.perennial.shellUrl);
  owner = new pg.Client({ connectionString: stage.perennial.databaseOwnerUrl });
  await owner.connect();
});

afterAll(() => owner.end());

it('says after a comparison that nothing differs', async () => {
  const app = await openDataCheck();
  await app.getByRole('button', { name: 'Check now' }).click();
  await app.getByText('0 differences').waitFor({ timeout: COMPARED_WITHIN_MS });
  await app.getByText(/\d+ orders? compared with Shopify, as of/).waitFor();
});

it('finds, names and repairs what was lost, when it is asked to look at everything', async () => {
  const [lost, old, moved] = (await owner.query<{ order_id: string; name: string; customer_id: string | null }>('SELECT order_id, name, customer_id FROM orders ORDER BY order_id LIMIT 3')).rows;
  await owner.query('DELETE FROM orders WHERE order_id = $1', [lost?.order_id]);
  await owner.query("UPDATE orders SET updated_at = updated_at - interval '1 day', current_total_minor = 1 WHERE order_id = $1", [old?.order_id]);
  await owner.query("UPDATE orders SET country_code = 'AQ' WHERE order_id = $1", [moved?.order_id]);
  await owner.query('UPDATE order_lines SET product_id = 1 WHERE order_id = $1', [moved?.order_id]);
  const changed = (await owner.query<{ customer_id: string }>(
    `UPDATE customers SET updated_at = updated_at - interval '1 day'
     WHERE customer_id = (SELECT min(customer_id) FROM customers WHERE customer_id <> ALL($1::bigint[]))
     RETURNING customer_id`,
    // Theirs come with the orders that are read again.
    [[lost?.customer_id, old?.customer_id, moved?.customer_id].filter((id) => id !== null)],
  )).rows[0]?.customer_id;

  const app = await openDataCheck();
  await app.getByRole('button', { name: 'Check the whole history' }).click();
  await app.getByText('4 differences, all repaired').waitFor({ timeout: COMPARED_WITHIN_MS });
  // Both are from before the install, so their webhooks prove nothing.
  expect(await app.getByText('were set up again').count()).toBe(0);
  const rows = await readTable(app.getByRole('table').first());
  expect(rows.slice(1).map(([order, , what, , , result]) => [order, what, result]).sort()).toEqual([
    [lost?.name, 'Was not in Perennial: Shopify’s notification never came', 'Repaired'],
    [old?.name, 'An older version was in Perennial: a notification was lost', 'Repaired'],
    [moved?.name, expect.stringMatching(/^Its country or province differed\s*Its products or quantities differed$/), 'Repaired'],
  ]);
  const customers = await readTable(app.getByRole('table').nth(1));
  expect(customers.slice(1).map(([customer, what, , , result]) => [customer, what, result])).toEqual([
    [`Customer ${changed}`, 'An older version was in Perennial: a notification was lost', 'Repaired'],
  ]);
});

it('fits a phone, in both languages', async () => {
  const { page } = await stage.browser.newPerson({ viewport: NARROW });
  await page.goto(`${stage.perennial.shellUrl}/app/data-check`);
  for (const [language, heading] of [['English', 'Latest check'], ['简体中文', '最近一次核对']] as const) {
    await switchLanguage(page, language);
    await appIn(page).getByRole('heading', { name: heading }).waitFor();
    expect(await overflowOf(requireAppFrame(page))).toEqual([]);
  }
});

async function openDataCheck() {
  await merchant.page.goto(`${stage.perennial.shellUrl}/app/data-check`);
  const app = appIn(merchant.page);
  await app.getByRole('heading', { name: 'Latest check' }).waitFor();
  return app;
}
