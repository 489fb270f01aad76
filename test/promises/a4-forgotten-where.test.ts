import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { rlsCatalogue } from '#app/adapters/db/checks/rls-catalogue.server.ts';
import { inShopOf, withTenantConnection, type InShop, type TenantDb } from '#app/adapters/db/tenant.server.ts';
import { Prisma, PrismaClient } from '#app/generated/prisma/client.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { startTenantApp, type Tenant, type TenantApp } from '#test/support/tenant-app.ts';
import { canariesOf, changedTables, hashRows } from '#test/support/tenants.ts';
import { promiseOf } from './promise.ts';

const POOL_SIZE = 5;
const AT_ONCE = 200;
/** Of these as many run at once as leave a connection for what they begin inside of themselves. */
const NESTED_AT_ONCE = 2;

let app: TenantApp;
let pool: pg.Pool;
let prisma: PrismaClient;
let tables: string[];

beforeAll(async () => {
  app = await startTenantApp();
  pool = new pg.Pool({ connectionString: app.faulty.app.env['DATABASE_URL'], max: POOL_SIZE });
  // Whoever is still open when the database is dropped at the end hears of it, and nobody needs to know.
  pool.on('connect', (client) => client.on('error', () => {}));
  // Of so many at once the last waits longer than Prisma would, on a machine that has more to do.
  prisma = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions: { maxWait: 15_000, timeout: 15_000 } });
  const { rows } = await app.owner.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id'
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  tables = rows.map(({ name }) => name);
});
afterAll(async () => {
  await prisma.$disconnect();
  await pool.end();
  await app.stop();
});

/** `inShop` as it would be if somebody forgot what it is for. */
const withoutShop: InShop = (work) => prisma.$transaction((db) => work(db));

/** The pool of bare connections, to none of which a shop is told. */
function poolWithoutShop(): pg.Pool {
  const without = new pg.Pool({ connectionString: app.faulty.app.env['DATABASE_URL'], max: 2 });
  without.on('connect', (client) => {
    client.on('error', () => {});
    const query: (...asked: unknown[]) => unknown = client.query.bind(client);
    const asked = (first: unknown, ...rest: unknown[]) => query(typeof first === 'string' ? first.replace(/SET LOCAL app\.shop_id = '\d+'/, '') : first, ...rest);
    Reflect.set(client, 'query', asked);
  });
  return without;
}

interface Table {
  findMany(args: object): Promise<object[]>;
  count(): Promise<number>;
  updateMany(args: object): Promise<{ count: number }>;
  deleteMany(args: object): Promise<{ count: number }>;
}

function modelsOf(db: TenantDb): { name: string; table: Table }[] {
  return Object.values(Prisma.ModelName)
    .filter((name) => !['RateLimit', 'ForgottenShop', 'HashKeyFingerprint'].includes(name))
    .map((name) => ({ name, table: Reflect.get(db, name.charAt(0).toLowerCase() + name.slice(1)) as Table }));
}

promiseOf('A4', 'every model and table, by a client that no shop was told to', async () => {
  const before = await hashRows(app.owner);
  const seen: string[] = [];
  let queries = 0;
  for (const { name } of modelsOf(prisma)) {
    const asked = (work: (table: Table) => Promise<unknown>) =>
      withoutShop(async (db) => work(modelsOf(db).find((model) => model.name === name)?.table ?? neverModel()))
        // Append-only tables refuse the change before any row is looked at.
        .catch((error: unknown) => (/permission denied/.test(String(error)) ? { count: 0 } : Promise.reject(error)));
    const answers = [
      await asked((table) => table.findMany({})),
      await asked((table) => table.findMany({ where: { shopId: app.tenants[1].ids.shopId } })),
      await asked((table) => table.count()),
      await asked((table) => table.updateMany({ data: { shopId: app.tenants[0].ids.shopId } })),
      await asked((table) => table.deleteMany({})),
    ];
    queries += answers.length;
    const rows = answers.map((answer) => (Array.isArray(answer) ? answer.length : typeof answer === 'number' ? answer : (answer as { count: number }).count));
    if (rows.some((count) => count !== 0)) seen.push(`${name} ${rows.join('/')}`);
  }
  for (const table of tables) {
    for (const sql of [`SELECT * FROM ${table}`, `SELECT * FROM ${table} WHERE shop_id = ${app.tenants[1].ids.shopId}`, `SELECT * FROM ${table} ORDER BY random() LIMIT 1`]) {
      queries += 1;
      if (((await pool.query(sql)).rowCount ?? 0) > 0) seen.push(sql);
    }
  }
  const changed = changedTables(before, await hashRows(app.owner));
  return {
    tried: `${queries} queries of ${tables.length} tables`,
    measured: `${seen.length} that saw or touched a row${seen.length === 0 ? '' : ` (${seen.join('; ')})`}; ${changed.length} tables changed`,
    isKept: seen.length === 0 && changed.length === 0 && tables.length > 15,
  };
});

function neverModel(): never {
  throw new Error('a model is not there');
}

promiseOf('A4', 'the services, with the tenant taken out of inShop and of connections', async () => {
  const { loadImportProgress } = await import('#app/services/sync/load-import-progress.server.ts');
  const { loadUnknownPaymentStates } = await import('#app/services/sync/load-unknown-payment-states.server.ts');
  const { getOffersPage } = await import('#app/services/offers/get-offers-page.server.ts');
  const { getOfferResults } = await import('#app/services/offers/get-offer-results.server.ts');
  const { requestNextOrderOffer } = await import('#app/services/offers/request-next-order-offer.server.ts');
  const { loadReconciliations } = await import('#app/services/sync/reconcile/load-reconciliations.server.ts');
  const { loadOpenDataRequests } = await import('#app/services/privacy/load-data-requests.server.ts');
  const [tenant] = app.tenants;
  const services: Record<string, (context: ShopContext) => Promise<unknown>> = {
    loadImportProgress,
    loadUnknownPaymentStates,
    getOffersPage,
    getOfferResults: (context) => getOfferResults(context, null),
    loadReconciliations,
    loadOpenDataRequests,
    requestNextOrderOffer: (context) => requestNextOrderOffer(context, { orderId: BigInt(tenant.ids.orderId), customerId: BigInt(tenant.ids.customerId) }),
  };
  const without = poolWithoutShop();
  const broken: ShopContext = { ...tenant.context, inShop: withoutShop, pool: without };
  const canaries = app.tenants.flatMap(({ ids }, index) => canariesOf(ids, index + 1)).filter((canary) => canary !== tenant.ids.domain);
  const told = await Promise.all(
    Object.entries(services).map(async ([name, service]) => {
      const told = (context: ShopContext) => service(context).then(asText, () => 'it failed');
      const [right, wrong] = [await told(tenant.context), await told(broken)];
      return { name, right, leak: canaries.find((canary) => wrong.includes(canary)) };
    }),
  );
  await without.end();
  const leaks = told.flatMap(({ name, leak }) => (leak === undefined ? [] : [`${name}: ${leak}`]));
  // Whole, some of them tell what they should.
  const speaking = told.filter(({ right }) => canaries.some((canary) => right.includes(canary))).length;
  return {
    tried: `${told.length} services, of which ${speaking} tell a canary when they are whole`,
    measured: `${leaks.length} canaries${leaks.length === 0 ? '' : ` (${leaks.join('; ')})`}`,
    isKept: leaks.length === 0 && speaking >= 2,
  };
});

function asText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? '';
}

type Shape = (tenant: Tenant, other: Tenant) => Promise<{ queries: number; foreign: number }>;

class Undone extends Error {}

/** Ways in which a transaction of a shop can go, each of which must see that shop's rows and no others. */
function shapes(): Record<string, Shape> {
  const own = (rows: readonly { shop_id: number }[], tenant: Tenant) => (rows.length > 0 && rows.every((row) => row.shop_id === tenant.ids.shopId) ? 0 : 1);
  const ALL = 'SELECT shop_id FROM orders UNION ALL SELECT shop_id FROM customers UNION ALL SELECT shop_id FROM offer_codes';
  const look = async (db: TenantDb, tenant: Tenant) => own(await db.$queryRawUnsafe<{ shop_id: number }[]>(ALL), tenant);
  const inShop = (tenant: Tenant) => inShopOf(prisma, tenant.context.shop);
  const tombstone = (tenant: Tenant) => ({ shopId: tenant.ids.shopId, kind: 'order', idHash: new Uint8Array([9, 9, 9]) });
  return {
    plain: async (tenant) => ({ queries: 2, foreign: await inShop(tenant)(async (db) => (await look(db, tenant)) + (await look(db, tenant))) }),
    bare: async (tenant) => ({
      queries: 1,
      foreign: await withTenantConnection(pool, tenant.context.shop, async (connection) => own((await connection.query<{ shop_id: number }>(ALL)).rows, tenant)),
    }),
    'rolled back': async (tenant) => {
      let foreign = 1;
      const work = inShop(tenant)(async (db) => {
        await db.tombstone.create({ data: tombstone(tenant) });
        await db.order.updateMany({ data: { name: '#UNDONE' } });
        foreign = await look(db, tenant);
        throw new Undone();
      });
      await work.catch((error: unknown) => (error instanceof Undone ? undefined : Promise.reject(error)));
      return { queries: 3, foreign };
    },
    'refused by the database': async (tenant, other) => {
      const work = inShop(tenant)(async (db) => {
        await db.order.updateMany({ data: { name: '#UNDONE' } });
        await db.tombstone.create({ data: tombstone(other) });
      });
      const refused = await work.then(() => false, (error: unknown) => /row-level security/.test(String(error)));
      return { queries: 2, foreign: refused ? 0 : 1 };
    },
    'batched, which knows no shop': async () => {
      const counts = await prisma.$transaction([prisma.order.count(), prisma.customer.count(), prisma.offerCode.count()]);
      return { queries: 3, foreign: counts.some((count) => count > 0) ? 1 : 0 };
    },
    'batched inside': async (tenant) => {
      const foreign = await inShop(tenant)(async (db) => {
        const [orders, codes] = await Promise.all([db.order.findMany({ select: { shopId: true } }), db.offerCode.findMany({ select: { shopId: true } })]);
        return own([...orders, ...codes].map(({ shopId }) => ({ shop_id: shopId })), tenant);
      });
      return { queries: 2, foreign };
    },
    'a savepoint that became the other shop': async (tenant, other) => {
      const foreign = await withTenantConnection(pool, tenant.context.shop, async (connection) => {
        await connection.query('SAVEPOINT inner_one');
        await connection.query("SELECT set_config('app.shop_id', $1, true)", [String(other.ids.shopId)]);
        await connection.query('ROLLBACK TO SAVEPOINT inner_one');
        return own((await connection.query<{ shop_id: number }>(ALL)).rows, tenant);
      });
      return { queries: 4, foreign };
    },
  };
}

/** One shop's transaction inside of another's: two connections, and neither hears of the other's shop. */
const nested: Shape = async (tenant, other) => {
  const countOf = (db: TenantDb, shop: Tenant) => db.order.count({ where: { NOT: { shopId: shop.ids.shopId } } });
  const foreign = await inShopOf(prisma, tenant.context.shop)(async (outer) => {
    const inner = await inShopOf(prisma, other.context.shop)((db) => countOf(db, other));
    return inner + (await countOf(outer, tenant));
  });
  return { queries: 2, foreign };
};

promiseOf('A4', `${AT_ONCE} transactions at once on a pool of ${POOL_SIZE}`, async ({ seed, pick }) => {
  const random = seededRandom(seed);
  const [first, second, third] = app.tenants;
  const kinds = Object.values(shapes());
  const [firstKind, ...otherKinds] = kinds;
  if (!firstKind) throw new Error('there is no kind of transaction');
  const wanted = pick(600, 10_000);
  const before = await hashRows(app.owner);
  let [queries, foreign, transactions, left] = [0, 0, 0, 0];
  while (queries < wanted) {
    const works = Array.from({ length: AT_ONCE }, (_, index) => {
      const [tenant, other] = random.pick([[first, second], [second, third], [third, first]] as const);
      const shape = index < NESTED_AT_ONCE ? nested : random.pick([firstKind, ...otherKinds]);
      return shape(tenant, other);
    });
    for (const result of await Promise.all(works)) {
      queries += result.queries;
      foreign += result.foreign;
    }
    transactions += works.length;
    // Whatever connection comes now, nothing of a shop is left on it.
    const bare = await Promise.all(Array.from({ length: POOL_SIZE }, () => pool.query("SELECT 1 FROM orders UNION ALL SELECT 1 FROM offer_codes UNION ALL SELECT 1 WHERE coalesce(current_setting('app.shop_id', true), '') <> ''")));
    left += bare.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0);
  }
  const changed = changedTables(before, await hashRows(app.owner));
  return {
    tried: `${queries} queries in ${transactions} transactions`,
    measured: `${foreign} leaks, ${left} left on a connection; ${changed.length} tables changed by what was rolled back${changed.length === 0 ? '' : ` (${changed.join(', ')})`}`,
    isKept: foreign === 0 && left === 0 && changed.length === 0 && pool.totalCount <= POOL_SIZE,
  };
});

promiseOf('A4', 'what the catalogue says of roles, tables and policies', async () => {
  const offences = await rlsCatalogue(pool);
  return { tried: `${tables.length} tables`, measured: `${offences.length} offences${offences.length === 0 ? '' : ` (${offences.join('; ')})`}`, isKept: offences.length === 0 };
});

it('sees its own rows with the shop told to it, so that nothing seen means something', async () => {
  const [tenant] = app.tenants;
  const counts = await inShopOf(prisma, tenant.context.shop)(async (db) => [await db.order.count(), await db.offerCode.count(), await db.reconciliationDifference.count()]);
  expect(counts).toEqual([6, 1, 1]);
});
