import { afterAll, beforeAll } from 'vitest';

import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import type * as Documents from '#app/generated/admin-api.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { at } from '#test/simulator/simulator-client.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { promiseOf, type Finding } from './promise.ts';

const ORDERS = 50;
const CALLERS = 5;
const MUTATION_EVERY = 10;
const RESTORE_PER_SECOND = 100;
// Left of the bucket when the clock starts: what is measured is the steady state, not the first burst.
const LEFT_AT_START = 150;
// In the small run other tests have the machine too, and a late timer leaves points unspent.
const LEAST_USED_BESIDE_OTHERS = 0.5;

let app: AppUnderTest;
let context: ShopContext;
let documents: typeof Documents;

beforeAll(async () => {
  app = await startAppUnderTest({ store: syntheticStore(ORDERS) });
  context = await app.install('synthetic.myshopify.com');
  documents = await import('#app/generated/admin-api.ts');
});

afterAll(() => app.stop());

interface Call {
  index: number;
  maxOrders: number;
}

interface Load {
  calls: number;
  maxOrders: number;
  /** Of the points there were, how many must have been spent. */
  leastUsed: number;
}

/** What went over the wire and came back. */
interface Wire {
  calls: number;
  throttled: number;
  points: number;
}

function countingFetch(wire: Wire): typeof fetch {
  return async (input, init) => {
    const answer = await fetch(input, init);
    const body: unknown = await answer.clone().json();
    wire.calls += 1;
    if (at(body, 'errors', 0, 'extensions', 'code') === 'THROTTLED') wire.throttled += 1;
    wire.points += Number(at(body, 'extensions', 'cost', 'actualQueryCost') ?? 0);
    return answer;
  };
}

/** One order or several, as a turn of webhooks asks for them. */
function orderIdsOf({ index, maxOrders }: Call): string[] {
  return Array.from({ length: 1 + (index % maxOrders) }, (_, step) => `gid://shopify/Order/${1_000_000 + ((index + step) % ORDERS) * 10}`);
}

/** Asks for orders, or makes a discount, and says what it was answered. */
async function ask(admin: AdminApi, call: Call): Promise<string> {
  const { index } = call;
  if (index % MUTATION_EVERY === 0) {
    const discount = {
      title: `discount ${index}`,
      code: `S1-${index}`,
      startsAt: '2026-11-01T00:00:00Z',
      context: { all: 'ALL' },
      customerGets: { items: { all: true }, value: { percentage: 0.1 } },
    } as const;
    const { data } = await admin(documents.CreateCodeDiscountDocument, { discount });
    return data.discountCodeBasicCreate?.codeDiscountNode?.id === undefined ? 'refused' : `discount ${index}`;
  }
  const { data } = await admin(documents.OrdersByIdDocument, { ids: orderIdsOf(call) });
  return data.nodes.map((node) => (node && 'id' in node ? node.id : 'nothing')).join();
}

/** All calls by callers that each go on as soon as they are answered; `admins` are those of as many processes. */
async function measure(admins: readonly AdminApi[], wire: Wire, { calls, maxOrders, leastUsed }: Load): Promise<Finding> {
  const { simulator } = app.running;
  const store = simulator.requireStore(context.shop.domain);
  // Before the clock starts, because the first request reads the schema and what is never asked has no known cost.
  for (const [number, admin] of admins.entries()) {
    for (const index of [1, -MUTATION_EVERY * (number + 1)]) await ask(admin, { index, maxOrders: 1 });
  }
  const discountsBefore = store.discounts.size;
  simulator.bucketOf(store.domain).drain(LEFT_AT_START);
  Object.assign(wire, { calls: 0, throttled: 0, points: 0 });

  let next = 0;
  const answers: string[] = [];
  const startedMs = performance.now();
  const caller = async (admin: AdminApi): Promise<void> => {
    for (let index = next; index < calls; index = next) {
      next += 1;
      answers[index] = await ask(admin, { index, maxOrders });
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, (_, index) => caller(admins[index % admins.length] ?? context.admin)));
  const seconds = (performance.now() - startedMs) / 1000;

  const lost = Array.from({ length: calls }, (_, index) => index).filter((index) => {
    const expected = index % MUTATION_EVERY === 0 ? `discount ${index}` : orderIdsOf({ index, maxOrders }).join();
    return answers[index] !== expected;
  }).length;
  const mutations = Math.ceil(calls / MUTATION_EVERY);
  const doubled = store.discounts.size - discountsBefore - mutations;
  for (const { id } of [...store.discounts.values()]) store.discounts.delete(id);
  const throttledShare = wire.throttled / wire.calls;
  // Of all the points that there were to spend: those at the start and those restored since.
  const used = wire.points / (LEFT_AT_START + RESTORE_PER_SECOND * seconds);
  return {
    tried: `${calls} calls by ${CALLERS} callers, ${mutations} of them mutations, ${wire.points} points`,
    measured: `${(throttledShare * 100).toFixed(1)} % throttled, ${(used * 100).toFixed(0)} % of the points used in ${seconds.toFixed(1)} s, ${lost} lost, ${doubled} doubled`,
    isKept: throttledShare <= 0.01 && used >= leastUsed && lost === 0 && doubled === 0,
  };
}

promiseOf('S1', 'five callers of one process', async ({ pick }) => {
  const { shopContext } = await import('#app/context.server.ts');
  const { systemRuntime } = await import('#app/runtime.server.ts');
  const wire: Wire = { calls: 0, throttled: 0, points: 0 };
  const { admin } = shopContext(context.shop, { ...systemRuntime, fetch: countingFetch(wire) });
  return measure([admin], wire, { calls: pick(45, 1_000), maxOrders: pick(1, 4), leastUsed: pick(LEAST_USED_BESIDE_OTHERS, 0.8) });
});

promiseOf('S1', 'five callers of web and worker, which do not know of each other', async ({ pick }) => {
  const { createAdminApi } = await import('#app/adapters/shopify/admin-api.server.ts');
  const { PointPacers } = await import('#app/adapters/shopify/point-pacer.server.ts');
  const { sessionStorage } = await import('#app/shopify.server.ts');
  const { systemRuntime } = await import('#app/runtime.server.ts');
  const { domain } = context.shop;
  const token = (await sessionStorage.loadSession(`offline_${domain}`))?.accessToken ?? '';
  const wire: Wire = { calls: 0, throttled: 0, points: 0 };
  const admins = [1, 2].map(() => {
    const pacer = new PointPacers(systemRuntime).of(domain);
    return createAdminApi({ ...systemRuntime, domain, accessToken: async () => token, pacer, fetch: countingFetch(wire) });
  });
  return measure(admins, wire, { calls: pick(45, 1_000), maxOrders: pick(1, 4), leastUsed: pick(LEAST_USED_BESIDE_OTHERS, 0.8) });
});
