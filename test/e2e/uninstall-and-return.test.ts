import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { appIn, openOverview, readCard } from './support/admin-steps.ts';
import type { Person } from './support/browser-under-test.ts';
import { useStage } from './support/stage.ts';

const METRICS = ['Repeat purchase rate', 'Purchase frequency', 'Average order value', 'Customer value', 'Customers'];

const stage = useStage(() => generateStore({ seed: 14, orders: 150, asOf: new Date().toISOString() }));
let merchant: Person;
let owner: pg.Client;

beforeAll(async () => {
  merchant = await stage.browser.newPerson();
  owner = new pg.Client({ connectionString: stage.perennial.databaseOwnerUrl });
  await owner.connect();
});

afterAll(() => owner.end());

it('forgets its tokens when it is uninstalled, and installs itself again when it is opened, doubling nothing', async () => {
  const { page } = merchant;
  const before = { figures: await readFigures(), records: await countRecords() };
  expect(before.records['orders']).toBe(stage.shop.orders.size);

  await page.goto(stage.perennial.controlUrl);
  await page.getByRole('button', { name: 'Uninstall' }).click();
  await page.getByRole('button', { name: 'Install', exact: true }).waitFor();
  await expect.poll(async () => (await countRows('sessions')) === 0).toBe(true);

  const firstPulls = before.records['imports'];
  await page.goto(stage.perennial.shellUrl);
  await expect.poll(() => stage.shop.isInstalled()).toBe(true);
  await expect.poll(() => countRows("imports WHERE state = 'completed'"), { timeout: 20_000 }).toBe((firstPulls ?? 0) * 2);
  await appIn(page).getByRole('table').first().waitFor();
  expect(await readFigures()).toEqual(before.figures);
  expect(await countRecords()).toEqual({ ...before.records, imports: (firstPulls ?? 0) * 2 });
});

it('left the console of the browser empty all the while', () => {
  expect(merchant.complaints).toEqual([]);
});

async function readFigures(): Promise<string[][]> {
  const app = await openOverview(merchant.page, stage.perennial.shellUrl);
  return Promise.all(METRICS.map((metric) => readCard(app, metric)));
}

async function countRecords(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of ['orders', 'order_lines', 'customers', 'refunds', 'shops', 'imports']) {
    counts[table] = await countRows(table);
  }
  return counts;
}

async function countRows(from: string): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${from}`);
  return rows[0]?.count ?? Number.NaN;
}
