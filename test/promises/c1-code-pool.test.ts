import type { ChildProcess } from 'node:child_process';

import { afterAll, beforeAll } from 'vitest';

import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { promiseOf } from './promise.ts';
import { claimsOf, sign } from '#test/routes/checkout-shop.ts';
import { aRule, offering } from '#test/services/offers/offering.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { percentile } from '#test/support/open-loop.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { endOf, spawnWorker } from '#test/support/worker-process.ts';

const STORE = syntheticStore(20);
const PAGES_A_SECOND = 100;
/** A page asks for so long at most. */
const PATIENCE_MS = 20_000;
const TROUBLE_WAIT_MS = 900;

let faulty: FaultyApp;
let context: ShopContext;
let worker: ChildProcess;
let lastOrderId = 900_000;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
  context = await faulty.app.install(STORE.shop.domain);
  await faulty.pull(context);
  // The orders of these tests are none of Shopify's, which a comparison would find.
  await faulty.rows("UPDATE shops SET reconcile_due_at = now() + interval '1 day', freshness_due_at = now() + interval '1 day'");
  worker = spawnWorker({ ...faulty.app.env, SHOPIFY_SIM_ORIGIN: faulty.proxy.url }, ['ignore', 'ignore', 'inherit']);
});

afterAll(async () => {
  worker.kill('SIGKILL');
  await endOf(worker);
  await faulty.stop();
});

/** Orders of now, every other one a guest's. */
async function placeOrders(count: number): Promise<number[]> {
  const first = lastOrderId + 1;
  lastOrderId += count;
  await faulty.rows(
    `INSERT INTO orders (shop_id, order_id, name, customer_id, processed_at, created_at, updated_at, is_test, currency, presentment_currency, taxes_included, discount_codes,
       subtotal_minor, current_subtotal_minor, current_tax_minor, current_shipping_minor, shipping_tax_minor, tip_minor, current_total_minor, received_minor, refunded_minor, outstanding_minor)
     SELECT $1, n, '#' || n, CASE WHEN n % 2 = 0 THEN n + 1000000 END, $4, $4, $4, false, 'EUR', 'EUR', true, '{}', 1000, 1000, 0, 0, 0, 0, 1000, 1000, 0, 0
     FROM generate_series($2::bigint, $3::bigint) n`,
    [context.shop.shopId, first, lastOrderId, new Date()],
  );
  return Array.from({ length: count }, (_, index) => first + index);
}

async function offerWith(ruleId: string): Promise<void> {
  const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
  // Its target is worked out anew.
  await faulty.rows('UPDATE offer_settings SET pool_target_at = NULL');
  await saveOfferSettings(context, offering([aRule({ ruleId })]));
}

async function freeCodes(ruleId: string): Promise<number> {
  const [row] = await faulty.rows(
    `SELECT count(*)::int AS free FROM offer_pool_codes p JOIN offer_discounts d USING (shop_id, discount_key)
     WHERE d.rule_id = $1 AND p.state = 'added' AND d.starts_at <= now()`,
    [ruleId],
  );
  return Number(row?.['free']);
}

interface Page {
  orderId: number;
  /** Null: the page never learnt of one. */
  code: string | null;
  /** Whether it was told to wait for its code. */
  hadToWait: boolean;
  /** Answers that said that the app is in trouble, after which the block asks again. */
  troubles: number;
  firstAnswerMs: number;
  waitedMs: number;
}

/** As the block on the page does: asks, and asks again after as long as it is told. */
async function openPage(orderId: number): Promise<Page> {
  const { loader } = await import('#app/routes/api.checkout.next-order-offer.ts');
  const openedMs = performance.now();
  const page: Page = { orderId, code: null, hadToWait: false, troubles: 0, firstAnswerMs: 0, waitedMs: 0 };
  while (page.waitedMs <= PATIENCE_MS) {
    const url = `https://perennial.example.com/api/checkout/next-order-offer?orderId=${encodeURIComponent(`gid://shopify/OrderIdentity/${orderId}`)}`;
    const request = new Request(url, { headers: { Authorization: `Bearer ${sign(claimsOf({ dest: STORE.shop.domain }))}` } });
    const answer = await loader({ request, params: {}, context: {} });
    page.waitedMs = performance.now() - openedMs;
    page.firstAnswerMs ||= page.waitedMs;
    const offer: NextOrderOffer | { state: undefined } = await answer.json();
    if (offer.state === 'ready') return { ...page, code: offer.code };
    if (offer.state === 'none') return page;
    if (offer.state === 'pending') page.hadToWait = true;
    else page.troubles += 1;
    await context.wait(offer.state === 'pending' ? offer.retryAfterMs : TROUBLE_WAIT_MS);
  }
  return page;
}

/** Each at its moment, whatever became of those before. */
async function openPages(orderIds: readonly number[]): Promise<Page[]> {
  const pages = orderIds.map(async (orderId, index) => {
    await context.wait((index * 1000) / PAGES_A_SECOND);
    return openPage(orderId);
  });
  return Promise.all(pages);
}

/** Somebody else of the same app uses all the points of the store. */
function throttle(): void {
  const bucket = faulty.app.running.simulator.bucketOf(STORE.shop.domain);
  faulty.proxy.plan = () => {
    bucket.drain();
    return undefined;
  };
}

function calm(): void {
  faulty.proxy.clear();
  faulty.app.running.simulator.bucketOf(STORE.shop.domain).fill();
}

/** Codes of these pages that Shopify does not know, or knows as another discount's. */
function strangersAmong(pages: readonly Page[]): number {
  const shopify = faulty.app.running.simulator.requireStore(STORE.shop.domain);
  return pages.filter(({ code }) => code === null || shopify.findCode(code)?.discount.title.startsWith('Perennial: next order, 15 %') !== true).length;
}

const distinctCodes = (pages: readonly Page[]): number => new Set(pages.flatMap(({ code }) => (code === null ? [] : [code]))).size;

promiseOf('C1', 'more pages than codes at hand', async ({ pick }) => {
  const count = pick(120, 500);
  const ruleId = 'c1c1c1c1-0000-4000-8000-000000000002';
  // A quiet shop that was mentioned on television.
  await faulty.rows('DELETE FROM orders');
  await offerWith(ruleId);
  await waitFor('codes to be made ahead', async () => (await freeCodes(ruleId)) >= 50 || undefined, { timeoutMs: 60_000 });
  const orderIds = await placeOrders(count);
  throttle();
  const opened = openPages(orderIds);
  await context.wait((count * 1000) / PAGES_A_SECOND);
  calm();
  const pages = await opened;
  const atOnce = pages.filter(({ hadToWait }) => !hadToWait).length;
  const strangers = strangersAmong(pages);
  const longestMs = Math.round(percentile(pages.map(({ waitedMs }) => waitedMs), 1));
  return {
    tried: `${count} pages in ${(count / PAGES_A_SECOND).toFixed(1)} s with 50 codes at hand and an empty bucket`,
    measured: `${atOnce} got their code in the first answer, the others within ${longestMs} ms; ${distinctCodes(pages)} different codes, ${strangers} unknown to Shopify`,
    isKept: atOnce >= 50 && distinctCodes(pages) === count && strangers === 0 && longestMs <= PATIENCE_MS,
  };
});
