import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';

const STORE = syntheticStore(1);
const NOON = new Date('2026-11-01T12:00:00.000Z');
const MS = 1;

let faulty: FaultyApp;
let context: ShopContext;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
  context = await faulty.app.install(STORE.shop.domain);
});

afterAll(() => faulty.stop());

beforeEach(async () => {
  await faulty.owner.query(
    `TRUNCATE webhook_inbox, imports, reconciliations, account_invites, offer_settings, offer_credits CASCADE;
     UPDATE shops SET uninstalled_at = NULL, upkeep_due_at = 'infinity', reconcile_due_at = 'infinity', freshness_due_at = 'infinity'`,
  );
});

/** What the worker finds to do so long after noon. */
async function due(afterMs = 0): Promise<string[]> {
  const { loadWaitingWork } = await import('#app/adapters/db/shop-registry.server.ts');
  const { prisma } = await import('#app/db.server.ts');
  return (await loadWaitingWork(prisma, new Date(NOON.getTime() + afterMs))).map(({ work }) => work);
}

/** Due at noon, each a row of its kind. */
const AT_NOON: Readonly<Record<string, readonly [work: string, insert: string]>> = {
  'a webhook': ['webhooks', "INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, not_before) VALUES ($1, 'one', 'orders/updated', '2026-10', $2)"],
  'the look for missed changes': ['reconcile', 'UPDATE shops SET freshness_due_at = $2 WHERE shop_id = $1'],
  'the nightly comparison': ['reconcile', 'UPDATE shops SET reconcile_due_at = $2 WHERE shop_id = $1'],
  'the upkeep': ['upkeep', 'UPDATE shops SET upkeep_due_at = $2 WHERE shop_id = $1'],
  'an invite': ['account-invites', "INSERT INTO account_invites (shop_id, customer_id, order_id, state, wished_at, not_before) VALUES ($1, 1, 1, 'open', $2, $2)"],
  'store credit': [
    'offer-codes',
    `INSERT INTO offer_credits (shop_id, order_id, rule_id, amount_minor, currency, ends_at, state, not_before, intended_at)
     VALUES ($1, 1, '11111111-1111-4111-8111-111111111111', 500, 'EUR', 'infinity', 'intended', $2, $2)`,
  ],
  'the pool of codes': [
    'offer-pool',
    `INSERT INTO offer_settings (shop_id, is_enabled, percent_basis_points, valid_days, minimum_subtotal_minor, audience, updated_at, pool_due_at)
     VALUES ($1, true, 1500, 30, 0, 'every-order', $2, $2)`,
  ],
};

describe.each(Object.entries(AT_NOON))('%s', (_name, [work, insert]) => {
  beforeEach(() => faulty.owner.query(insert, [context.shop.shopId, NOON]));

  it('is due at its time and not before', async () => {
    expect([await due(-MS), await due()]).toEqual([[], [work]]);
  });
});

describe.each(['an invite', 'store credit', 'the pool of codes'])('%s', (name) => {
  it('of a shop that left is nobody’s work', async () => {
    const [, insert] = AT_NOON[name] ?? [];
    await faulty.owner.query(String(insert), [context.shop.shopId, NOON]);
    await faulty.owner.query('UPDATE shops SET uninstalled_at = now()');
    expect(await due()).toEqual([]);
  });
});

it.each([
  ['the pool of codes', "UPDATE offer_settings SET is_enabled = false"],
  ['store credit', "UPDATE offer_credits SET state = 'given'"],
  ['a webhook', "UPDATE webhook_inbox SET state = 'dead'"],
])('%s that is off or done is not due', async (name, ends) => {
  const [, insert] = AT_NOON[name] ?? [];
  await faulty.owner.query(String(insert), [context.shop.shopId, NOON]);
  await faulty.owner.query(ends);
  expect(await due()).toEqual([]);
});

it('a pull and a comparison are due until they have ended', async () => {
  const { shopId } = context.shop;
  const dueIn = async (table: string, state: string): Promise<string[]> => {
    await faulty.owner.query(`UPDATE ${table} SET state = $1`, [state]);
    return due();
  };
  await faulty.owner.query("INSERT INTO imports (shop_id, import_id, resource, state, requested_at) VALUES ($1, gen_random_uuid(), 'orders', 'requested', $2)", [shopId, NOON]);
  for (const state of ['requested', 'running', 'storing']) expect([state, await dueIn('imports', state)]).toEqual([state, ['import']]);
  expect(await dueIn('imports', 'failed')).toEqual([]);
  await faulty.owner.query("INSERT INTO reconciliations (shop_id, reconciliation_id, cause, scope, state, requested_at) VALUES ($1, gen_random_uuid(), 'asked', 'all', 'requested', $2)", [shopId, NOON]);
  for (const state of ['requested', 'running', 'comparing', 'repairing']) expect([state, await dueIn('reconciliations', state)]).toEqual([state, ['reconcile']]);
  expect(await dueIn('reconciliations', 'cancelled')).toEqual([]);
});
