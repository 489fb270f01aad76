import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { waitFor } from '#test/support/wait-for.ts';

const STORE = syntheticStore(60);
const MINUTE_MS = 60_000;
const [FIRST_ORDER] = STORE.orders;

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let nowMs = Date.parse('2026-11-01T09:00:00Z');

/** When the predictions were fitted that the page shows. */
async function fittedAt(): Promise<number | undefined> {
  const { getPredictions } = await import('#app/services/retention/get-predictions.server.ts');
  return (await getPredictions(context, { asOf: null }))?.fittedAtMs;
}

const change = () => owner.query('UPDATE orders SET name = name WHERE order_id = $1', [FIRST_ORDER?.id]);

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = { ...(await app.install(STORE.shop.domain)), now: () => new Date(nowMs) };
  await pullHistory(context);
});

/** Fitted just now, and then an order changed. */
beforeEach(async () => {
  // Of another day nothing serves.
  nowMs += 24 * 60 * MINUTE_MS;
  expect(await fittedAt()).toBe(nowMs);
  await change();
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

describe('predictions of a shop that has changed since', () => {
  it('serve for ten minutes', async () => {
    const fittedAtMs = nowMs;
    nowMs += 10 * MINUTE_MS - 1;
    expect(await fittedAt()).toBe(fittedAtMs);
    expect(await fittedAt()).toBe(fittedAtMs);
  });

  it('stand in for an hour, while newer ones are fitted for the next look', async () => {
    const fittedAtMs = nowMs;
    nowMs += 60 * MINUTE_MS - 1;
    expect(await fittedAt()).toBe(fittedAtMs);
    await waitFor('newer predictions', async () => (await fittedAt()) === nowMs);
  });

  it('are waited for when they are older', async () => {
    nowMs += 60 * MINUTE_MS;
    expect(await fittedAt()).toBe(nowMs);
  });

  it.each(['orders_removed_version', 'customers_removed_version'])('are waited for when somebody was forgotten: %s', async (version) => {
    nowMs += MINUTE_MS;
    await owner.query(`UPDATE shops SET data_version = data_version + 1, ${version} = data_version + 1`);
    expect(await fittedAt()).toBe(nowMs);
  });

  it('are waited for when orders are counted in another way', async () => {
    nowMs += MINUTE_MS;
    await owner.query("UPDATE shops SET order_value = 'total'");
    expect(await fittedAt()).toBe(nowMs);
    await owner.query("UPDATE shops SET order_value = 'goods'");
  });
});

it('predictions of a shop that has not changed are those of its data, however old', async () => {
  nowMs += MINUTE_MS;
  await change();
  nowMs += 61 * MINUTE_MS;
  const fittedAtMs = nowMs;
  expect(await fittedAt()).toBe(fittedAtMs);
  nowMs += 3 * 60 * MINUTE_MS;
  expect(await fittedAt()).toBe(fittedAtMs);
});
