import type { ChildProcess } from 'node:child_process';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { promiseOf } from './promise.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { endOf, spawnWorker } from '#test/support/worker-process.ts';

const DRAIN_PROMISED_MS = 10_000;

function startWorker(faulty: FaultyApp): ChildProcess {
  return spawnWorker({ ...faulty.app.env, SHOPIFY_SIM_ORIGIN: faulty.proxy.url }, ['ignore', 'ignore', 'inherit']);
}

/** A personal code for each of the first orders: each is a mutation that must reach Shopify once. */
async function intendCodes(faulty: FaultyApp, { shop }: ShopContext, count: number): Promise<void> {
  await faulty.owner.query(
    `INSERT INTO offer_discounts
       SELECT $1, 'k' || n, NULL, 'Perennial: ' || n, NULL, 1000, 0, 'EUR', now(), now() + interval '30 days', now() FROM generate_series(1, $2::int) n;`.replace('$1', String(shop.shopId)).replace('$2', String(count)),
  );
  await faulty.owner.query(
    `INSERT INTO offer_codes (shop_id, order_id, discount_key, code, state, not_before, intended_at)
       SELECT ${shop.shopId}, n, 'k' || n, 'NEXT-${shop.shopId}X' || n, 'intended', now(), now() FROM generate_series(1, ${count}) n`,
  );
}

promiseOf('O3', 'worker told to end with jobs in flight, another beside it', async ({ pick }) => {
  const shops = pick(1, 4);
  const codesEach = 5;
  const stores = Array.from({ length: shops }, (_, index) => syntheticStore(20, { shop: { id: index + 1, domain: `deploy-${index + 1}.myshopify.com` } }));
  const faulty = await startFaultyApp(stores);
  const workers: ChildProcess[] = [];
  try {
    const contexts = [];
    for (const store of stores) contexts.push(await faulty.app.install(store.shop.domain));
    for (const context of contexts) await intendCodes(faulty, context, codesEach);
    // Every answer to a mutation takes its time, so that the worker is told to end in the middle of some.
    let sending = 0;
    faulty.proxy.plan = async ({ body }) => {
      if (!body.includes('discountCodeBasicCreate')) return undefined;
      sending += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return undefined;
    };
    const first = startWorker(faulty);
    workers.push(first);
    await waitFor('mutations to be under way', () => sending >= Math.min(2, shops) || undefined, { timeoutMs: 60_000 });
    const stoppedAtMs = performance.now();
    first.kill('SIGTERM');
    const second = startWorker(faulty);
    workers.push(second);
    const { code } = await endOf(first);
    const drainedMs = performance.now() - stoppedAtMs;
    const total = shops * codesEach;
    await waitFor('every code to be issued and every history to be pulled', async () => {
      const [row] = await faulty.rows(`SELECT (SELECT count(*) FROM offer_codes WHERE state = 'issued')::int AS issued,
        (SELECT count(*) FROM imports WHERE state = 'completed')::int AS pulled`);
      return (row?.['issued'] === total && row?.['pulled'] === shops * 2) || undefined;
    }, { timeoutMs: 60_000 });
    const creations = faulty.proxy.requests.filter(({ body }) => body.includes('discountCodeBasicCreate')).length;
    const effects = stores.map(({ shop }) => [...(faulty.app.running.simulator.shops.get(shop.domain)?.discounts.values() ?? [])].length);
    const discounts = effects.reduce((sum, each) => sum + each, 0);
    const [orders] = await faulty.rows('SELECT count(*)::int AS orders FROM orders');
    second.kill('SIGTERM');
    const { code: secondCode } = await endOf(second);
    return {
      tried: `${total} codes and ${shops * 2} imports of ${shops} shops, SIGTERM in the middle of sending`,
      measured: `drained in ${(drainedMs / 1000).toFixed(1)} s with code ${code}; ${discounts} discounts in Shopify for ${total} codes (${creations} creations sent), ${orders?.['orders']} of ${shops * 20} orders; the other ended with code ${secondCode}`,
      isKept: drainedMs <= DRAIN_PROMISED_MS && code === 0 && secondCode === 0 && discounts === total && creations === total && orders?.['orders'] === shops * 20,
    };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all(workers.map(endOf));
    faulty.proxy.clear();
    await faulty.stop();
  }
});
