import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { test } from 'vitest';

import type { SimOrder } from '#test/simulator/state.ts';
import { syntheticCustomer, syntheticOrder, syntheticStore } from '#test/simulator/synthetic-store.ts';
import { mintCheckoutToken } from '#test/simulator/storefront/checkout-token.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { percentile } from '#test/support/open-loop.ts';
import { startPerennialUnderTest, type PerennialUnderTest } from '#test/support/perennial-under-test.ts';
import { buildVersionBefore, errorLines, migrationNames, startVersion } from '#test/support/previous-version.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { webUrlOf } from '#test/support/running-processes.ts';
import { orderWebhook, visitAsMerchant } from '#test/support/stack-requests.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { promiseOf, type Finding } from './promise.ts';

/** The last migration of the release before; the newest of today may be one of this release's many. */
const NEWEST_OF_THE_RELEASE_BEFORE = '20261121000500_offer_currency';
const P99_PROMISED_MS = 1_000;
const PER_SECOND = 50;
const PHASE_SECONDS = 20;
// An odd number, so that each kind goes to both versions in turn.
const MIX = ['webhook', 'extension', 'extension', 'page', 'extension', 'webhook', 'extension', 'extension', 'extension', 'extension', 'extension'] as const;

/** Each order takes ten ids. */
const FAR_ABOVE = 50_000_000;
/** What changed in the two minutes before Shopify makes its list is not compared. */
const SETTLED_MS = 5 * 60 * 1000;

interface Answer {
  what: string;
  status: number | null;
  latencyMs: number;
}

/** Of somebody new, who gets a code for the next one. */
function firstOrder(shopify: ShopStore, at: string): SimOrder {
  const customer = { ...syntheticCustomer(shopify.nextId()), createdAt: at, updatedAt: at };
  shopify.save('customer', customer);
  return syntheticOrder(shopify.nextId() + FAR_ABOVE, { customerId: customer.id, at });
}

/**
 * What a shop's buyers, staff and Shopify ask of a web process. Ten webhooks a second are what the release before could
 * handle: it asked Shopify for each order by itself, within the shop's allowance.
 */
async function ask(index: number, url: string, perennial: PerennialUnderTest, shopify: ShopStore): Promise<Answer> {
  const { app } = perennial.simulator.simulator;
  const orderIds = [...shopify.orders.keys()];
  const orderId = orderIds[(index * 7) % orderIds.length] ?? 0;
  const startedMs = performance.now();
  const told = (what: string, status: number | null) => ({ what, status, latencyMs: performance.now() - startedMs });
  const signal = AbortSignal.timeout(10_000);
  const what = MIX[index % MIX.length] ?? 'webhook';
  try {
    if (what === 'page') return told(what, (await visitAsMerchant(perennial, shopify.domain, url)).status);
    if (what === 'extension') {
      const headers = { Authorization: `Bearer ${mintCheckoutToken(app, shopify, undefined)}` };
      return told(what, (await fetch(`${url}/api/checkout/next-order-offer?orderId=${encodeURIComponent(`gid://shopify/OrderIdentity/${orderId}`)}`, { headers, signal })).status);
    }
    const updatedAt = new Date().toISOString();
    const order = shopify.orders.get(orderId);
    const isNew = index % (2 * MIX.length) === 0;
    const saved = isNew || !order ? firstOrder(shopify, updatedAt) : { ...order, tags: [`turn-${index}`], updatedAt };
    shopify.save('order', saved);
    const { path, headers, body } = orderWebhook({ orderId: saved.id, domain: shopify.domain, secret: app.clientSecret, updatedAt, offsetMs: 0 });
    const topic = isNew ? 'orders/create' : 'orders/updated';
    return told(what, (await fetch(url + path, { method: 'POST', headers: { ...headers, 'X-Shopify-Topic': topic }, body, signal })).status);
  } catch {
    return told(what, null);
  }
}

/** Open loop: what is slow to answer holds back nobody. */
async function askFor(seconds: number, urls: readonly string[], perennial: PerennialUnderTest, shopify: ShopStore): Promise<Answer[]> {
  const startMs = performance.now();
  const answers = Array.from({ length: seconds * PER_SECOND }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, startMs + (index * 1_000) / PER_SECOND - performance.now())));
    return ask(index, urls[index % urls.length] ?? '', perennial, shopify);
  });
  return Promise.all(answers);
}

/** A command of the version of today, as an operator gives it. */
const operate = (perennial: PerennialUnderTest, ...args: string[]) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', ...args], { cwd: PROJECT_DIR, env: perennial.env });

async function runBeside(folder: string): Promise<Finding> {
  const store = syntheticStore(500);
  const { domain } = store.shop;
  const perennial = await startPerennialUnderTest(() => store, { isOfferOn: true });
  const owner = new pg.Client({ connectionString: perennial.databaseOwnerUrl });
  const shopify = perennial.simulator.simulator.requireStore(domain);
  const count = async (sql: string) => Number((await owner.query<{ count: string }>(`SELECT count(*) AS count FROM ${sql}`)).rows[0]?.count);
  const inboxDone = () => waitFor('the inbox', async () => ((await count("webhook_inbox WHERE state = 'waiting'")) === 0 ? true : undefined), { timeoutMs: 300_000, intervalMs: 200 });
  try {
    await owner.connect();
    await visitAsMerchant(perennial, domain, perennial.appFrontUrl);
    await waitFor('the history', async () => ((await count("imports WHERE state = 'completed'")) === 2 ? true : undefined), { timeoutMs: 60_000 });
    const previous = await startVersion(folder, perennial);
    try {
      const both = await askFor(PHASE_SECONDS, [webUrlOf(perennial), previous.webUrl], perennial, shopify);
      // The release is taken back: what the newer version left is the older one's now.
      await Promise.all([perennial.stopWeb(), perennial.stopWorker()]);
      const back = await askFor(PHASE_SECONDS, [previous.webUrl], perennial, shopify);
      await inboxDone();
      const own = ['web', 'worker'].flatMap((name) => errorLines(join(perennial.dataDir, 'logs', `${name}.log`)));
      await Promise.all([perennial.startWeb(), perennial.startWorker()]);
      const again = await askFor(PHASE_SECONDS / 2, [webUrlOf(perennial), previous.webUrl], perennial, shopify);
      await inboxDone();
      const complaints = [...own, ...['web', 'worker'].flatMap((name) => errorLines(join(perennial.dataDir, 'logs', `${name}.log`))), ...previous.complaints()];
      await previous.stop();
      perennial.simulator.simulator.advanceClock(SETTLED_MS);
      await operate(perennial, 'app/commands/repair.ts', domain, '--reconcile');
      const compared = await waitFor('the comparison', async () => {
        const { rows } = await owner.query<{ state: string; orders_compared: number; differences_found: number }>("SELECT state, orders_compared, differences_found FROM reconciliations WHERE cause = 'asked' AND state IN ('completed', 'failed')");
        return rows[0];
      }, { timeoutMs: 60_000 });
      const check = await operate(perennial, 'app/commands/check.ts').then(() => 'check finds nothing', (error: { stdout?: string }) => `CHECK: ${error.stdout?.trim()}`);
      const answers = [...both, ...back, ...again];
      const refused = answers.filter(({ status }) => status !== 200);
      const p99 = percentile(answers.map(({ latencyMs }) => latencyMs), 0.99);
      const kinds = [...new Set(MIX)].map((kind) => `${kind} ${percentile(answers.filter(({ what }) => what === kind).map(({ latencyMs }) => latencyMs), 0.99).toFixed(0)}`);
      const dead = await count("webhook_inbox WHERE state = 'dead'");
      const codes = await count("offer_codes WHERE state = 'issued'");
      return {
        tried: `${both.length.toLocaleString('en')} requests to both versions, ${back.length.toLocaleString('en')} to the older alone, ${again.length.toLocaleString('en')} to both again, at ${PER_SECOND}/s`,
        measured:
          `${refused.length} not answered with 200${refused.length > 0 ? ` (${[...new Set(refused.map(({ what, status }) => `${what} ${status}`))].join(', ')})` : ''}, p99 ${p99.toFixed(0)} ms (${kinds.join(', ')}); ` +
          `${complaints.length} errors logged${complaints.length > 0 ? ` (${complaints[0]?.slice(0, 300)})` : ''}, ${dead} webhooks given up, ${codes} codes made; ` +
          `${compared.differences_found} of ${compared.orders_compared} orders differ from Shopify's; ${check}`,
        isKept:
          refused.length === 0 && p99 <= P99_PROMISED_MS && complaints.length === 0 && dead === 0 && codes > 0 &&
          compared.state === 'completed' && compared.differences_found === 0 && compared.orders_compared >= shopify.orders.size && check === 'check finds nothing',
      };
    } finally {
      await previous.stop();
    }
  } finally {
    await owner.end();
    await perennial.close();
  }
}

const migrations = migrationNames();
const VERSIONS = {
  'the code of the release before': migrations.find((name) => name > NEWEST_OF_THE_RELEASE_BEFORE) ?? '',
  'the code before the newest migration': migrations.at(-1) ?? '',
};

// Two builds and a minute of traffic each: at full size only, and only where the history of the project is at hand.
for (const [part, migration] of Object.entries(VERSIONS)) {
  if (process.env['PROMISE_SIZE'] !== 'long') {
    test.skip(`O2 ${part}: at full size only`);
    continue;
  }
  promiseOf('O2', part, async () => {
    const version = await buildVersionBefore(migration);
    if (version === null) {
      return { tried: `nothing: this copy lacks the commits before ${migration}; run it in a clone with its history`, measured: '-', isKept: false };
    }
    try {
      const finding = await runBeside(version.folder);
      return { ...finding, tried: `${version.commit.slice(0, 7)}: ${finding.tried}` };
    } finally {
      version.remove();
    }
  });
}
