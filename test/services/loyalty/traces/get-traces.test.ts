import { afterAll, beforeAll, expect, it } from 'vitest';

import { openTracingStage, tieredProgram } from './tracing-stage.ts';
import type { TracingStage } from './tracing-stage.ts';

let stage: TracingStage;

beforeAll(async () => {
  stage = await openTracingStage();
});
afterAll(() => stage.stop());

const traces = async () => {
  const { getTraces } = await import('#app/services/loyalty/traces/get-traces.server.ts');
  return getTraces(stage.shop.context);
};

it('tells what was written, what waits and what went wrong', async () => {
  expect(await traces()).toEqual({ members: 0, waiting: 0, waitingEvents: 0, gone: 0, refused: 0, told: 0, toldDays: 30, isTagging: false, problem: null });
  await stage.shop.saveProgram(tieredProgram());
  await stage.shop.putOrder({ orderId: 920_000, customerId: 100 });
  await stage.shop.award();
  await stage.settle();
  expect(await traces()).toMatchObject({ members: 1, waiting: 0, waitingEvents: 0, told: 2, problem: null });

  stage.shop.app.running.simulator.faults.set({ seed: 1, rules: [{ where: 'graphql', only: 'SetCustomerMetafields', what: { kind: 'status', status: 503 } }] });
  await stage.shop.give(101, 10);
  await stage.turn();
  expect(await traces()).toMatchObject({ members: 2, waiting: 1, problem: { code: 'unavailable', atMs: stage.shop.now().getTime() } });
});

it('looks at a shop that nobody hastens once a minute, and at once when something was written', async () => {
  stage.shop.app.running.simulator.faults.set({ seed: 1, rules: [] });
  await stage.settle();
  const { loadWaitingWork } = await import('#app/adapters/db/shop-registry.server.ts');
  const { prisma } = await import('#app/db.server.ts');
  const isDue = async (ms: number) => (await loadWaitingWork(prisma, new Date(stage.shop.now().getTime() + ms))).some(({ work }) => work === 'traces');
  expect([await isDue(59_000), await isDue(60_000)]).toEqual([false, true]);
  const { hastenTraces } = await import('#app/services/loyalty/traces/hasten-traces.server.ts');
  await hastenTraces(stage.shop.context);
  expect(await isDue(0)).toBe(true);
});
