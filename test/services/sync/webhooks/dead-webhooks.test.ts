import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { nightlyScope } from '#app/domain/sync/reconciliation-schedule.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';

const STORE = syntheticStore(1);
const NOON = new Date('2026-11-01T12:00:00.000Z');
const LATER = new Date('2026-11-02T12:00:00.000Z');
const PULL_ID = '11111111-1111-4111-8111-111111111111';

let faulty: FaultyApp;
let context: ShopContext;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
  context = { ...(await faulty.app.install(STORE.shop.domain)), now: () => NOON };
});

beforeEach(() => faulty.owner.query('TRUNCATE webhook_inbox'));

afterAll(() => faulty.stop());

const deadWebhooks = () => import('#app/services/sync/webhooks/dead-webhooks.server.ts');

/** One that was tried eight times and met three outages, and waited for a pull. */
async function came(webhookId: string, { state = 'dead', hasBody = true, receivedAt = NOON, topic = 'orders/updated' } = {}): Promise<void> {
  await faulty.owner.query(
    `INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, received_at, body_sealed, state, attempts, outages, not_before, outcome, pull_id)
     SELECT shop_id, $1, $7, '2026-10', $2, $3, $4, 8, 3, $5, 'met', $6 FROM shops`,
    [webhookId, receivedAt, hasBody ? Buffer.of(1) : null, state, LATER, PULL_ID, topic],
  );
}

const inbox = () =>
  faulty.rows('SELECT webhook_id AS id, state, attempts, outages, outcome, not_before, pull_id, body_sealed IS NOT NULL AS "hasBody" FROM webhook_inbox ORDER BY webhook_id');
const untouched = (id: string, state: string, hasBody = true) => ({ id, state, attempts: 8, outages: 3, outcome: 'met', not_before: LATER, pull_id: PULL_ID, hasBody });
const waiting = (id: string) => ({ id, state: 'waiting', attempts: 0, outages: 0, outcome: 'asked-for-again', not_before: NOON, pull_id: null, hasBody: true });

it('dead webhooks that are asked for again have all their tries, at once; what has no body or is not dead stays', async () => {
  await came('a');
  await came('b', { hasBody: false });
  await came('c', { state: 'waiting' });
  await came('d', { state: 'handled' });
  const { redriveDeadWebhooks } = await deadWebhooks();
  expect(await redriveDeadWebhooks(context, 'all')).toBe(1);
  expect(await inbox()).toEqual([waiting('a'), untouched('b', 'dead', false), untouched('c', 'waiting'), untouched('d', 'handled')]);
});

it('of several dead webhooks those are asked for again that are named', async () => {
  for (const id of ['a', 'b', 'c']) await came(id);
  const { redriveDeadWebhooks } = await deadWebhooks();
  expect(await redriveDeadWebhooks(context, ['b', 'unheard-of'])).toBe(1);
  expect(await inbox()).toEqual([untouched('a', 'dead'), waiting('b'), untouched('c', 'dead')]);
});

it('a page shows the dead ones, the latest first, with all their tries and whether there is something to try', async () => {
  await came('early', { receivedAt: new Date(NOON.getTime() - 1) });
  await came('late');
  await came('bare', { hasBody: false, receivedAt: new Date(NOON.getTime() - 2) });
  await came('waiting', { state: 'waiting' });
  const { loadDeadWebhooks } = await deadWebhooks();
  expect(await loadDeadWebhooks(context)).toMatchObject([
    { webhookId: 'late', tries: 11, outcome: 'met', canRedrive: true },
    { webhookId: 'early', tries: 11, canRedrive: true },
    { webhookId: 'bare', tries: 11, canRedrive: false },
  ]);
});

it('a dead webhook is dismissed once, by whoever was first, and goes without its body; one that is not dead is left alone', async () => {
  await came('a');
  await came('b', { state: 'waiting' });
  const { dismissDeadWebhook } = await deadWebhooks();
  const dismissal = { by: 'Ann', reason: 'of a shop of ours', at: NOON };
  expect(await dismissDeadWebhook(context, { webhookId: 'a', by: 'Ann', reason: 'of a shop of ours' })).toEqual({ ok: true, isNew: true, dismissal });
  expect(await dismissDeadWebhook(context, { webhookId: 'a', by: 'Bob', reason: 'because' })).toEqual({ ok: true, isNew: false, dismissal });
  expect(await dismissDeadWebhook(context, { webhookId: 'b', by: 'Bob', reason: 'because' })).toEqual({ ok: false, reason: 'not-dead' });
  expect(await dismissDeadWebhook(context, { webhookId: 'c', by: 'Bob', reason: 'because' })).toEqual({ ok: false, reason: 'unknown' });
  expect(await inbox()).toMatchObject([{ state: 'handled', outcome: 'met', pull_id: null, hasBody: false }, untouched('b', 'waiting')]);
});

describe('the comparison of a night that is not for everything', () => {
  const WHOLE_AT = new Date(NOON.getTime() - 60_000);

  /** Of the comparison that begins then. Everything was compared the last time at `WHOLE_AT`. */
  async function nextScope(): Promise<unknown> {
    const { advanceReconciliation } = await import('#app/services/sync/reconcile/advance-reconciliation.server.ts');
    await faulty.owner.query('TRUNCATE reconciliations, imports CASCADE');
    await faulty.owner.query("INSERT INTO imports (shop_id, import_id, resource, state, requested_at) SELECT shop_id, gen_random_uuid(), 'orders', 'completed', $1 FROM shops", [WHOLE_AT]);
    await faulty.owner.query(
      `INSERT INTO reconciliations (shop_id, reconciliation_id, cause, scope, state, requested_at, as_of, finished_at)
       SELECT shop_id, gen_random_uuid(), 'nightly', v.scope, v.state, v.as_of, v.as_of, v.as_of
       FROM shops, (VALUES ('all', 'completed', $1::timestamptz), ('recent', 'completed', $2), ('all', 'failed', $2)) AS v (scope, state, as_of)`,
      [WHOLE_AT, NOON],
    );
    const { shopId } = context.shop;
    const night = [LATER, new Date(LATER.getTime() + 86_400_000)].find((at) => nightlyScope({ nowMs: at.getTime(), timeZone: STORE.shop.ianaTimezone, shopId }) === 'recent');
    await faulty.owner.query("UPDATE shops SET reconcile_due_at = $1, freshness_due_at = $1::timestamptz + interval '9 days'", [NOON]);
    await advanceReconciliation({ ...context, now: () => night ?? LATER });
    const [begun] = await faulty.rows('SELECT scope FROM reconciliations WHERE finished_at IS NULL');
    return begun?.['scope'];
  }

  it.each(['orders/delete', 'customers/delete', 'customers/merge'])('is for everything when a lost %s came since', async (topic) => {
    await came('a', { topic });
    expect(await nextScope()).toBe('all');
  });

  it.each([
    ['the deletion was handled', { topic: 'orders/delete', state: 'handled' }],
    ['the deletion is still to be handled', { topic: 'orders/delete', state: 'waiting' }],
    ['everything was compared since', { topic: 'orders/delete', receivedAt: new Date(WHOLE_AT.getTime() - 1) }],
    ['nothing was deleted', { topic: 'orders/updated' }],
  ])('is for what changed when %s', async (_why, webhook) => {
    await came('a', webhook);
    expect(await nextScope()).toBe('recent');
  });
});
