import pg from 'pg';
import type { FrameLocator } from 'playwright-core';
import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import { appIn, saveOffer } from '#test/e2e/support/admin-steps.ts';
import { blockIn, buy, codeIn } from '#test/e2e/support/shop-steps.ts';
import { useStage } from '#test/e2e/support/stage.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import type { SimStore } from '#test/simulator/state.ts';
import { CANARY, HOSTILE_NAMES } from '#test/support/hostile-names.ts';
import { watchPolicies } from '#test/support/policy-violations.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { promiseOf } from './promise.ts';

/** What runs whoever shows it as markup: the first of the names. */
const MARKUP = '<img src=x onerror=canaryRan(1)>';
const NUL = /\0/g;
const ADMIN_PATHS = [
  '/app',
  '/app/history',
  '/app/data-check',
  '/app/cohorts',
  '/app/customers',
  '/app/customers/100',
  '/app/segments',
  '/app/products',
  '/app/predictions',
  '/app/offers',
  '/app/loyalty/rewards',
  '/app/loyalty/tiers',
  '/app/loyalty/members',
  `/app/customers?q=${encodeURIComponent(MARKUP)}`,
  `/app/${encodeURIComponent(MARKUP)}`,
];

/** Here the names of rewards or tiers stand. */
const NAMED_BY_OPERATOR = ['/app/loyalty/rewards', '/app/loyalty/tiers'];

/** Every text that a shop's people and buyers can write, hostile. An order carries one name in each of its places. */
function hostileStore(): SimStore {
  const store = syntheticStore(HOSTILE_NAMES.length, { shop: { name: `${MARKUP}"><script>${CANARY}(1)</script>` } });
  const nameAt = (index: number) => HOSTILE_NAMES[index % HOSTILE_NAMES.length] ?? '';
  return {
    ...store,
    products: store.products.map((product) => ({ ...product, title: nameAt(0), vendor: nameAt(1), productType: nameAt(2) })),
    customers: store.customers.map((customer, index) => ({ ...customer, firstName: nameAt(index), lastName: nameAt(index + 1), tags: [nameAt(index + 2)] })),
    orders: store.orders.map((order, index) => ({
      ...order,
      name: nameAt(index),
      // A payment state that nobody knows is shown as it is.
      financialStatus: nameAt(index),
      tags: [nameAt(index + 1)],
      sourceName: nameAt(index + 2),
      lines: order.lines.map((line) => ({ ...line, title: nameAt(index), sku: nameAt(index) })),
    })),
  };
}

const stage = useStage(hostileStore);

/** As people see it: white space does not count, and what cannot be seen is left to the browser. Half a pair is U+FFFD. */
function textSeen(text: string): string {
  return Buffer.from(text).toString().normalize('NFC').replaceAll(/[\s\p{C}\p{M}]+/gu, '');
}

async function withOwner<T>(work: (owner: pg.Client) => Promise<T>): Promise<T> {
  const owner = new pg.Client({ connectionString: stage.perennial.databaseOwnerUrl });
  await owner.connect();
  return work(owner).finally(() => owner.end());
}

/** One comparison that found each of these orders to differ: its page names orders. */
async function plantDifferences(owner: pg.Client, orderIds: readonly string[]): Promise<void> {
  await owner.query('DELETE FROM reconciliations');
  await owner.query(
    `WITH made AS (
       INSERT INTO reconciliations (shop_id, reconciliation_id, cause, scope, state, as_of, orders_compared, differences_found, requested_at, started_at, finished_at)
       SELECT shop_id, gen_random_uuid(), 'asked', 'all', 'completed', now(), 1, 1, now(), now(), now() FROM shops RETURNING shop_id, reconciliation_id)
     INSERT INTO reconciliation_differences (shop_id, reconciliation_id, order_id, day, cause, outcome)
     SELECT shop_id, reconciliation_id, unnest($1::bigint[]), '2026-10-01', 'missing', 'open' FROM made`,
    [orderIds],
  );
}

/** A program whose rewards and tiers the operator has named as no operator would. */
async function plantProgram(owner: pg.Client): Promise<void> {
  const usual = defaultProgram({ currency: 'EUR', unitMinor: 100 });
  const { tiers, rewards } = usual;
  const named = {
    ...usual,
    status: { kind: 'live' },
    rewards: rewards.map((reward) => ({ ...reward, name: MARKUP })),
    tiers: tiers && { ...tiers, levels: tiers.levels.map((level, index) => ({ ...level, name: `${MARKUP}${index}` })) },
  };
  await owner.query('INSERT INTO loyalty_program_versions SELECT shop_id, 1, $1, now() FROM shops', [JSON.stringify(named)]);
  await owner.query('INSERT INTO loyalty_progress (shop_id, is_followed) SELECT shop_id, true FROM shops');
}

async function textAndFields(app: FrameLocator): Promise<string> {
  const fields = await app.locator('input, textarea').evaluateAll((all) => all.map((field) => ('value' in field ? field.value : '')));
  return [await app.locator('body').innerText(), ...fields].join(' ');
}

promiseOf('A6', 'names in the admin', async () => {
  const { page, leave } = await stage.browser.newPerson();
  let runs = 0;
  await page.context().exposeFunction(CANARY, () => (runs += 1));
  page.on('dialog', (dialog) => void ((runs += 1), dialog.dismiss()));
  const violations = await watchPolicies(page.context());
  const { shellUrl } = stage.perennial;
  await page.goto(`${shellUrl}/app`);
  const app = appIn(page);
  const imported = () =>
    withOwner(async (owner) => {
      const { rows } = await owner.query<{ order_id: string; name: string; state: string }>("SELECT order_id, name FROM orders WHERE NOT EXISTS (SELECT 1 FROM imports WHERE state <> 'completed') ORDER BY order_id");
      return rows.length >= HOSTILE_NAMES.length ? rows : undefined;
    });
  const orders = await waitFor('the import', imported, { timeoutMs: 30_000, intervalMs: 200 });
  await withOwner(plantProgram);
  const unnamed: string[] = [];
  let shown = '';
  for (const path of ADMIN_PATHS) {
    await page.goto(shellUrl + path);
    await app.getByRole('heading').first().waitFor();
    if (path === '/app/history') shown += await app.locator('body').innerText();
    if (!NAMED_BY_OPERATOR.includes(path)) continue;
    const isNamed = async () => (await textAndFields(app)).includes(MARKUP) || undefined;
    await waitFor(`names on ${path}`, isNamed, { timeoutMs: 15_000 }).catch(() => unnamed.push(path));
  }
  for (let from = 0; from < orders.length; from += 100) {
    await withOwner((owner) => plantDifferences(owner, orders.slice(from, from + 100).map(({ order_id }) => order_id)));
    await page.goto(`${shellUrl}/app/data-check`);
    await app.getByRole('table').first().waitFor();
    shown += await app.locator('body').innerText();
  }
  const seen = textSeen(shown);
  const unseen = orders.map(({ name }) => name).filter((name) => !seen.includes(textSeen(name.replaceAll(NUL, ''))));
  await page.goto(`${shellUrl}/app?asOf=${encodeURIComponent(MARKUP)}&locale=${encodeURIComponent(MARKUP)}`);
  await app.getByRole('heading').first().waitFor();
  await leave();
  return {
    tried: `${HOSTILE_NAMES.length} names of orders, customers, products, rewards, tiers, tags and payment states, on ${ADMIN_PATHS.length} pages and in every row of the comparison's`,
    measured: `${runs} ran, ${violations.found.length} violations${violations.found.length > 0 ? ` (${violations.found.slice(0, 2).join('; ')})` : ''}, ${unseen.length} of ${orders.length} not shown as they are${unseen.length > 0 ? `: ${JSON.stringify(unseen.slice(0, 4).map((name) => name.slice(0, 60)))}` : ''}${unnamed.length > 0 ? `, no reward or tier shown on ${unnamed.join(', ')}` : ''}`,
    isKept: runs === 0 && violations.found.length === 0 && unseen.length === 0 && unnamed.length === 0,
  };
});

/** The app answers one buyer 120 times a minute (LIMITS), and a page asks again while its code is being made. */
const CODES_OF_A_BUYER = 50;

/** Of the one shop there is; the buyer before keeps the last name of theirs. */
const NAME_NEWEST_CODE = "UPDATE offer_codes SET code = $1 WHERE state = 'issued' AND order_id = (SELECT max(order_id) FROM offer_codes)";

promiseOf('A6', 'codes on the thank-you page', async ({ pick }) => {
  const merchant = await stage.browser.newPerson();
  await saveOffer(merchant.page, stage.perennial.shellUrl, { isOn: true, percent: '15', audience: 'Every order' });
  await merchant.leave();
  const codes = [MARKUP, ...HOSTILE_NAMES.filter((name) => !name.includes('\0') && name.length < 200)].slice(0, pick(4, 1_000));
  let runs = 0;
  let shown = 0;
  for (let from = 0; from < codes.length; from += CODES_OF_A_BUYER) {
    const { page, leave } = await stage.browser.newPerson();
    await page.context().exposeFunction(CANARY, () => (runs += 1));
    page.on('dialog', (dialog) => void ((runs += 1), dialog.dismiss()));
    await buy(page, stage.perennial.storefrontUrl, { email: `names-${from}@new.example` });
    await codeIn(page).waitFor();
    for (const code of codes.slice(from, from + CODES_OF_A_BUYER)) {
      await withOwner((owner) => owner.query(NAME_NEWEST_CODE, [code]));
      await page.reload();
      await blockIn(page).getByRole('button', { name: 'Copy code' }).waitFor();
      const text = await blockIn(page).locator('body').innerText();
      if (textSeen(text).includes(textSeen(code))) shown += 1;
    }
    await leave();
  }
  return {
    tried: `${codes.length} codes in the blocks of ${Math.ceil(codes.length / CODES_OF_A_BUYER)} buyers`,
    measured: `${runs} ran, ${shown} of ${codes.length} shown as they are`,
    isKept: runs === 0 && shown === codes.length,
  };
});
