import { parse, visit } from 'graphql';
import pg from 'pg';
import { register } from 'prom-client';
import { afterAll, beforeAll } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { FaultRule, FieldFault, GraphqlFault } from '#test/simulator/faults/fault-rules.ts';
import { refundOrder } from '#test/simulator/order-changes.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { until } from '#test/simulator/simulator-client.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { promiseOf } from './promise.ts';

const ORDERS = 30;
const DOMAIN = 'synthetic.myshopify.com';
const ORDER_ID = 1_000_010;
const MAX_TURNS = 30;
/** What a mishap of Shopify's side may be called; anything else is a mistake of ours that it laid open. */
const OUR_NAMES: ReadonlySet<string> = new Set(['ShopifyRecordError', 'ShopifyUnavailableError', 'ShopifyRequestError']);

let app: AppUnderTest;
let context: ShopContext;
let store: ShopStore;
let owner: pg.Client;
let skipMs = 0;

beforeAll(async () => {
  app = await startAppUnderTest({ store: syntheticStore(ORDERS) });
  const installed = await app.install(DOMAIN);
  const { shopContext } = await import('#app/context.server.ts');
  const { systemRuntime } = await import('#app/runtime.server.ts');
  // The next try of a webhook is come to by the clock instead of being waited for.
  context = shopContext(installed.shop, { ...systemRuntime, now: () => new Date(Date.now() + skipMs) });
  store = app.running.simulator.requireStore(DOMAIN);
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

/** Every field that a document asks for, at whatever depth. */
function fieldsOf(document: { toString(): string }): string[] {
  const names = new Set<string>();
  visit(parse(document.toString()), { Field: (node) => void names.add(node.alias?.value ?? node.name.value) });
  return [...names];
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

async function imports(): Promise<{ state: string; rejected: number; detail: string | null }[]> {
  const { rows } = await owner.query<{ state: string; rejected: number; detail: string | null }>(
    'SELECT state, objects_rejected AS rejected, error_detail AS detail FROM imports ORDER BY resource',
  );
  return rows;
}

async function importTurns(turns: number): Promise<string[]> {
  const { advanceImports } = await import('#app/services/sync/import/advance-imports.server.ts');
  const errors: string[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    await advanceImports(context).catch((error: unknown) => errors.push(nameOf(error)));
    await until(() => app.running.simulator.bulk.list(DOMAIN), (list) => list.every(({ status }) => status !== 'RUNNING' && status !== 'CREATED'));
    const isOver = (await imports()).every(({ state }) => ['completed', 'failed', 'cancelled'].includes(state));
    if (isOver) break;
  }
  return errors;
}

async function forgetAll(): Promise<void> {
  await owner.query('TRUNCATE imports, orders, order_lines, refunds, fulfillments, customers, webhook_inbox');
  const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
  await restartImports(context);
}

async function stateHash(): Promise<string> {
  const { computeStateHash } = await import('#app/adapters/db/checks/state-hash.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  return withTenantConnection(context.pool, context.shop, async (connection) => (await computeStateHash(connection, context.shop)).hash);
}

/** What the copy would be if it had just been pulled without any drift. */
async function cleanHash(): Promise<string> {
  app.running.simulator.faults.clear();
  await forgetAll();
  await importTurns(MAX_TURNS);
  return stateHash();
}

/** One order changes, and its webhooks are handled as often as asked for; what failed. */
async function changeAndHandle(number: number, turns: number): Promise<string[]> {
  const order = store.orders.get(ORDER_ID);
  if (!order) throw new Error('no order');
  refundOrder(store, order, { lines: [], everything: false, freeAmountMinor: 1, note: null }, new Date(Date.UTC(2026, 10, 2) + number * 60_000));
  const { webhooks } = app.running.simulator;
  await until(() => webhooks.deliveries(), (list) => list.every(({ status }) => status !== 'pending'));
  return handle(turns);
}

async function handle(turns: number): Promise<string[]> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  const errors: string[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const failures = await handleWebhooks(context).catch((error: unknown) => [{ error }]);
    errors.push(...failures.map(({ error }) => nameOf(error)));
    skipMs += 10 * 60_000;
  }
  return errors;
}

function setFaults(seed: number, ...whats: GraphqlFault[]): void {
  app.running.simulator.faults.set({ seed, rules: whats.map((what): FaultRule => ({ where: 'graphql', what })) });
}

const driftsOf = (field: string): FieldFault[] => [
  { kind: 'changed-field', field, becomes: null },
  { kind: 'missing-field', field },
  { kind: 'changed-field', field, becomes: { of: 'another kind' } },
  { kind: 'extra-field', beside: field, field: `${field}OfTomorrow`, value: ['new'] },
];

const labelOf = (fault: FieldFault): string =>
  fault.kind === 'extra-field' ? `extra beside ${fault.beside}` : `${fault.field} ${fault.kind === 'changed-field' ? JSON.stringify(fault.becomes) : 'missing'}`;

promiseOf('S6', 'every field of an order that a webhook leads to', async ({ pick, seed }) => {
  const { OrdersByIdDocument } = await import('#app/generated/admin-api.ts');
  await forgetAll();
  await importTurns(MAX_TURNS);
  const random = seededRandom(seed);
  const all = fieldsOf(OrdersByIdDocument).flatMap(driftsOf);
  // A long list is shortened by chance, and by another seed otherwise.
  const drifts = all.filter(() => random.chance(pick(0.08, 1)));
  const strangers = new Set<string>();
  let refused = 0;
  for (const [number, fault] of drifts.entries()) {
    setFaults(seed, fault);
    const errors = await changeAndHandle(number, 1);
    if (errors.length > 0) refused += 1;
    for (const name of errors) if (!OUR_NAMES.has(name)) strangers.add(`${labelOf(fault)}: ${name}`);
    app.running.simulator.faults.clear();
    for (const name of await handle(1)) strangers.add(`afterwards: ${name}`);
  }
  // Later webhooks bring what is true, whatever was made of the strange answers before.
  await changeAndHandle(drifts.length, 2);
  const healed = await stateHash();
  const isSame = healed === (await cleanHash());
  return {
    tried: `${drifts.length} of ${all.length} changes of ${fieldsOf(OrdersByIdDocument).length} fields`,
    measured: `${strangers.size} errors of our own, ${refused} answers refused, state ${isSame ? 'equal' : 'DIFFERENT'} after. ${[...strangers].slice(0, 5).join('; ')}`.trim(),
    isKept: strangers.size === 0 && isSame && refused > 0,
  };
});

promiseOf('S6', 'what a strange answer may not do to an order that we have', async ({ seed }) => {
  await cleanHash();
  const before = await owner.query('SELECT deleted_at, (SELECT count(*)::int FROM order_lines l WHERE l.order_id = o.order_id) AS lines, (SELECT count(*)::int FROM refunds r WHERE r.order_id = o.order_id) AS refunds FROM orders o WHERE order_id = $1', [ORDER_ID]);
  const problems: string[] = [];
  const faults: FieldFault[] = ['lineItems', 'edges', 'refunds', 'pageInfo', 'hasNextPage', 'id', 'nodes'].flatMap((field): FieldFault[] => [
    { kind: 'missing-field', field },
    ...(field === 'nodes' || field === 'id' ? [] : [{ kind: 'changed-field', field, becomes: null } as const]),
  ]);
  for (const [number, fault] of faults.entries()) {
    setFaults(seed, fault);
    await changeAndHandle(10_000 + number, 1);
    const { rows } = await owner.query('SELECT deleted_at, (SELECT count(*)::int FROM order_lines l WHERE l.order_id = o.order_id) AS lines, (SELECT count(*)::int FROM refunds r WHERE r.order_id = o.order_id) AS refunds FROM orders o WHERE order_id = $1', [ORDER_ID]);
    if (JSON.stringify(rows) !== JSON.stringify(before.rows)) problems.push(`${labelOf(fault)}: ${JSON.stringify(rows)}`);
  }
  app.running.simulator.faults.clear();
  await handle(2);
  return {
    tried: `${faults.length} answers without the part that tells what there is`,
    measured: `${problems.length} taken for a deletion. ${problems.slice(0, 3).join('; ')}`.trim(),
    isKept: problems.length === 0,
  };
});

promiseOf('S6', 'files of an import', async ({ pick, seed }) => {
  const { OrderHistoryDocument, CustomerHistoryDocument } = await import('#app/generated/admin-api.ts');
  const whole = await cleanHash();
  const random = seededRandom(seed);
  const fields = [...new Set([...fieldsOf(OrderHistoryDocument), ...fieldsOf(CustomerHistoryDocument)])].filter(
    (field) => !['orders', 'customers', 'edges', 'node', 'lineItems'].includes(field),
  );
  const drifts = fields.flatMap(driftsOf).filter(() => random.chance(pick(0.06, 1)));
  const strangers = new Set<string>();
  const silent: string[] = [];
  let counted = 0;
  for (const what of drifts) {
    app.running.simulator.faults.set({ seed, rules: [{ where: 'bulk-file', what }] });
    await forgetAll();
    for (const name of await importTurns(MAX_TURNS)) if (!OUR_NAMES.has(name)) strangers.add(`${labelOf(what)}: ${name}`);
    const ended = await imports();
    const rejected = ended.reduce((sum, { rejected: count }) => sum + count, 0);
    if (rejected > 0) counted += 1;
    const isTold = ended.every(({ rejected: count, detail }) => count === 0 || /line \d+/.test(detail ?? ''));
    const isOver = ended.every(({ state }) => state === 'completed' || state === 'failed');
    if (!isOver || !isTold) silent.push(labelOf(what));
    // A field that is missing is never taken for one that is empty.
    if (what.kind === 'missing-field' && rejected === 0 && (await stateHash()) !== whole) silent.push(`${labelOf(what)} changed rows`);
  }
  return {
    tried: `${drifts.length} files, each with one field changed in every line`,
    measured: `${strangers.size} errors of our own, ${counted} with refused lines, all counted and named but ${silent.length}. ${[...strangers, ...silent].slice(0, 4).join('; ')}`.trim(),
    isKept: strangers.size === 0 && silent.length === 0 && (await cleanHash()) === whole,
  };
});

promiseOf('S6', 'unknown enum values', async ({ seed }) => {
  const unknown = { displayFinancialStatus: 'PAID_IN_SHELLS', displayFulfillmentStatus: 'BEAMED_UP', state: 'ENCHANTED' };
  const rules = Object.entries(unknown).map(([field, becomes]): FaultRule => ({ where: 'bulk-file', what: { kind: 'changed-field', field, becomes } }));
  app.running.simulator.faults.set({ seed, rules });
  await owner.query(
    `WITH saved AS (INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 1, $2, '2020-01-01'))
     INSERT INTO loyalty_progress (shop_id, is_followed) VALUES ($1, true) ON CONFLICT (shop_id) DO UPDATE SET is_followed = true`,
    [context.shop.shopId, JSON.stringify(aProgram())],
  );
  await forgetAll();
  const noticedBefore = await noticed('unknown-financial-status');
  const errors = await importTurns(MAX_TURNS);
  const counted = (await noticed('unknown-financial-status')) - noticedBefore;
  const { rows } = await owner.query<{ kept: number }>(
    "SELECT (SELECT count(*)::int FROM orders WHERE financial_status = 'PAID_IN_SHELLS' AND fulfillment_status = 'BEAMED_UP') + (SELECT count(*)::int FROM customers WHERE account_state = 'ENCHANTED') AS kept",
  );
  const shown = await shownOnDataCheck();
  const awarded = await awardedOrders();
  const untilKnown = await noticed('unknown-financial-status');
  await cleanHash();
  const isQuietAfter = (await noticed('unknown-financial-status')) === untilKnown;
  const awardedAfter = await awardedOrders();
  const expected = ORDERS + store.customers.size;
  return {
    tried: `${ORDERS} orders and ${store.customers.size} customers with values of tomorrow`,
    measured: `${rows[0]?.kept} of ${expected} kept as they came, shown: ${shown.map(({ status, orders }) => `${orders} ${status}`).join()}, ${counted} counted for the alert and ${isQuietAfter ? 'none' : 'SOME'} of states that are known, ${awarded} earned points and ${awardedAfter} once paid, ${errors.length} errors`,
    isKept:
      rows[0]?.kept === expected && errors.length === 0 && counted === ORDERS && isQuietAfter && awarded === 0 && awardedAfter > 0 &&
      shown.length === 1 && shown[0]?.status === 'PAID_IN_SHELLS' && shown[0]?.orders === ORDERS,
  };
});

async function awardedOrders(): Promise<number> {
  const { awardOrders } = await import('#app/services/loyalty/award-orders.server.ts');
  while ((await awardOrders(context)) === 'more');
  const { rows } = await owner.query<{ n: number }>("SELECT count(DISTINCT order_id)::int AS n FROM loyalty_entries WHERE order_id IS NOT NULL");
  return rows[0]?.n ?? 0;
}

/** What the merchant's page of comparisons lists. */
async function shownOnDataCheck(): Promise<{ status: string | null; orders: number }[]> {
  const { loader } = await import('#app/routes/app.data-check.tsx');
  const answer = await loader({ request: app.openRequest(DOMAIN, '/app/data-check'), params: {}, context: {} });
  return (await answer.json()).unknownPaymentStates;
}

async function noticed(kind: string): Promise<number> {
  const metric = await register.getSingleMetric('perennial_shopify_notices_total')?.get();
  return metric?.values.find(({ labels }) => labels['kind'] === kind)?.value ?? 0;
}

promiseOf('S6', 'another version, a deprecation, a field that is withheld', async ({ seed }) => {
  const kinds = ['fallen-forward', 'deprecated', 'withheld'];
  const before = await Promise.all(kinds.map(noticed));
  setFaults(seed, { kind: 'fallen-forward', version: '2027-04' }, { kind: 'deprecated', reason: 'https://shopify.dev/old' }, { kind: 'withheld', field: 'shippingAddress' });
  const errors = await changeAndHandle(20_000, 1);
  const after = await Promise.all(kinds.map(noticed));
  app.running.simulator.faults.clear();
  const { rows } = await owner.query<{ refunds: number }>('SELECT count(*)::int AS refunds FROM refunds WHERE order_id = $1', [ORDER_ID]);
  const isTaken = rows[0]?.refunds === store.orders.get(ORDER_ID)?.refunds.length;
  const counts = kinds.map((kind, index) => `${kind} ${(after[index] ?? 0) - (before[index] ?? 0)}`);
  return {
    tried: 'one change, read with all three',
    measured: `counted ${counts.join(', ')}; the change ${isTaken ? 'was' : 'WAS NOT'} taken, ${errors.length} errors`,
    isKept: isTaken && errors.length === 0 && kinds.every((_kind, index) => (after[index] ?? 0) > (before[index] ?? 0)),
  };
});
