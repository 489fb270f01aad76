import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import { installFaultyWire } from '#test/services/offers/faulty-wire.ts';
import { openTracingStage, tieredProgram } from './tracing-stage.ts';
import type { TracingStage } from './tracing-stage.ts';

let stage: TracingStage;
let wire: ReturnType<typeof installFaultyWire>;
let nextOrderId = 910_000;
let nextCustomer = 99;

beforeAll(async () => {
  stage = await openTracingStage();
  await stage.shop.saveProgram(tieredProgram());
  await stage.settle();
  wire = installFaultyWire();
});
afterAll(async () => {
  wire.remove();
  await stage.stop();
});
afterEach(async () => {
  wire.reset();
  stage.shop.app.running.simulator.faults.set({ seed: 1, rules: [] });
  stage.shop.passMs(1_000);
  await stage.settle();
  stage.shop.app.running.simulator.flow.received.length = 0;
});

const somebody = () => (nextCustomer += 1);

async function buy(customerId: number): Promise<void> {
  stage.shop.passMs(1_000);
  await stage.shop.putOrder({ orderId: (nextOrderId += 1), customerId });
  await stage.shop.award();
}

async function ledgerPoints(customerId: number): Promise<string> {
  return String((await stage.shop.balance(customerId)).customer);
}

it('points that came and went while the answer was lost leave Shopify with what holds', async () => {
  const id = somebody();
  await stage.shop.give(id, 100);
  await stage.settle();
  await stage.shop.give(id, 50);
  wire.plan('SetCustomerMetafields', ['answer-lost']);
  await stage.turn();
  expect(stage.metafields(id)).toMatchObject({ points: '150' });
  // What Shopify was known to have before it was asked is what holds again.
  await stage.shop.give(id, -50);
  await stage.settle();
  expect(stage.metafields(id)).toMatchObject({ points: '100' });
});

it.each(['request-lost', 'answer-lost', 'error-before', 'error-after'] as const)('%s: what was set, tagged and told is as it would have been', async (fault) => {
  const { saveTagging } = await import('#app/services/loyalty/traces/save-tagging.server.ts');
  await saveTagging(stage.shop.context, true);
  await stage.settle();
  const ids = [somebody(), somebody()];
  for (const operation of ['SetCustomerMetafields', 'AddTagToOne', 'RemoveTagFromOne', 'ReceiveFlowTrigger']) wire.plan(operation, [fault, null, fault]);
  for (const id of ids) await buy(id);
  await stage.settle();
  for (const id of ids) {
    expect(stage.metafields(id)).toMatchObject({ points: await ledgerPoints(id), tier: 'silver' });
    expect(stage.tags(id)).toEqual(['Tier: Silver']);
  }
  const keys = stage.told('points-earned').map(({ payload }) => payload['Event ID']);
  const mayRepeat = fault === 'answer-lost' || fault === 'error-after';
  expect(new Set(keys).size).toBe(2);
  if (!mayRepeat) expect(keys).toHaveLength(2);
  await saveTagging(stage.shop.context, false);
});

it('a store that throttles is told in the end, and each thing once', async () => {
  const ids = Array.from({ length: 2 }, somebody);
  stage.shop.app.running.simulator.faults.set({ seed: 3, rules: [{ where: 'graphql', first: 3, what: { kind: 'throttled' } }] });
  for (const id of ids) await buy(id);
  await stage.settle();
  for (const id of ids) expect(stage.metafields(id)).toMatchObject({ points: '500' });
  const keys = stage.told().map(({ handle, payload }) => `${handle} ${String(payload['Event ID'])}`);
  expect(keys).toHaveLength(new Set(keys).size);
});

it('two workers at once tell each thing once and leave what holds', async () => {
  const ids = Array.from({ length: 3 }, somebody);
  for (const id of ids) await buy(id);
  await Promise.all([stage.turn(), stage.turn(), stage.turn()]);
  await stage.settle();
  for (const id of ids) expect(stage.metafields(id)).toMatchObject({ points: '500', tier: 'silver' });
  const keys = stage.told().map(({ handle, payload }) => `${handle} ${String(payload['Event ID'])}`);
  expect(keys).toHaveLength(6);
  expect(new Set(keys).size).toBe(6);
});

it('a trigger that Shopify refuses is dropped and keeps nobody waiting', async () => {
  const id = somebody();
  const { flow } = stage.shop.app.running.simulator;
  const receive = flow.receive.bind(flow);
  flow.receive = () => ['Errors validating schema'];
  await buy(id);
  await stage.settle();
  flow.receive = receive;
  expect(await stage.rows(`SELECT DISTINCT state, last_error FROM loyalty_flow_events WHERE last_error = 'refused'`)).toEqual([{ state: 'dropped', last_error: 'refused' }]);
  expect(stage.metafields(id)).toMatchObject({ points: '500' });
});

it('a scope that was not granted is said, and what was meant is done once it is', async () => {
  const id = somebody();
  stage.shop.app.running.simulator.faults.set({ seed: 4, rules: [{ where: 'graphql', only: 'SetCustomerMetafields', first: 1, what: { kind: 'withheld', field: 'metafieldsSet' } }] });
  await stage.shop.give(id, 10);
  const { problem } = await stage.turn();
  expect(problem).toBe('scope');
  expect(await stage.rows('SELECT last_error FROM loyalty_tracing')).toEqual([{ last_error: 'scope' }]);
  await stage.settle();
  expect(stage.metafields(id)).toMatchObject({ points: '10' });
  expect(await stage.rows('SELECT last_error FROM loyalty_tracing')).toEqual([{ last_error: null }]);
});

it('what Shopify does not let go of is said, keeps nobody else’s, and goes once it does', async () => {
  const [id, other] = [somebody(), somebody()];
  for (const one of [id, other]) await stage.shop.give(one, 10);
  await stage.settle();
  keepMetafields(id, true);
  await switchProgram('off');
  expect(stage.metafields(id)).toMatchObject({ points: '10' });
  expect(stage.metafields(other)).toEqual({});
  const problems = () => stage.rows(`SELECT problem FROM loyalty_member_traces WHERE customer_id IN (${id}, ${other}) ORDER BY customer_id = ${other}`);
  expect(await problems()).toEqual([{ problem: 'refused' }, { problem: null }]);
  keepMetafields(id, false);
  await switchProgram('live');
  await switchProgram('off');
  expect(stage.metafields(id)).toEqual({});
  expect(await problems()).toEqual([{ problem: null }, { problem: null }]);
});

function keepMetafields(id: number, isKept: boolean): void {
  const customer = stage.shop.shopify.customers.get(id);
  if (!customer) throw new Error('nobody');
  const metafields = (customer.metafields ?? []).map(({ isKept: _before, ...metafield }) => (isKept ? { ...metafield, isKept: true as const } : metafield));
  stage.shop.shopify.restore('customer', { ...customer, metafields });
}

async function switchProgram(kind: 'live' | 'off'): Promise<void> {
  await stage.shop.saveProgram(kind === 'off' ? tieredProgram({ status: { kind } }) : tieredProgram());
  stage.shop.passMs(61_000);
  await stage.settle();
}
