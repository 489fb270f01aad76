import { randomBytes } from 'node:crypto';

import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';

import { SealedBox, UnsealError, type SealedPlace } from '#app/adapters/crypto/sealed-box.server.ts';
import { findCanaries } from '#app/adapters/db/checks/find-canaries.server.ts';
import { loadSealedColumns } from '#app/adapters/db/sealed-columns.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';
import { promiseOf } from './promise.ts';

const OLD_KEY = { id: 'old', key: randomBytes(32) };
const NEW_KEY = { id: 'new2', key: randomBytes(32) };
const STORES = [syntheticStore(9), syntheticStore(4, { shop: { id: 2, domain: 'second.myshopify.com' } })];
const DOMAINS = STORES.map(({ shop }) => shop.domain);
const EMAIL = 'kanarie-7413@example.com';

/** As it was before the new key came. */
const oldBox = new SealedBox([OLD_KEY], systemRuntime.randomBytes);
const newBox = new SealedBox([NEW_KEY], systemRuntime.randomBytes, OLD_KEY.key);

let app: AppUnderTest;
let owner: pg.Client;
let contexts: ShopContext[];

beforeAll(async () => {
  const keys = [NEW_KEY, OLD_KEY].map(({ id, key }) => `${id}:${key.toString('base64')}`).join(',');
  app = await startAppUnderTest({ store: STORES, env: { ENCRYPTION_KEYS: keys } });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  contexts = [];
  for (const domain of DOMAINS) contexts.push(await app.install(domain));
  for (const context of contexts) {
    await pullHistory(context);
    const { shopId, domain } = context.shop;
    const { recordDataRequest } = await import('#app/services/privacy/record-data-request.server.ts');
    await recordDataRequest(context, { webhookId: `asked-${shopId}`, receivedAt: new Date() }, { customerId: 100n, orderIds: [] });
    const body = JSON.stringify({ shop_domain: domain, orders_requested: [], customer: { id: 100, email: EMAIL, phone: '+49 30 7413741' } });
    const sent = await sendWebhook({ appUrl: app.running.appFrontUrl, path: '/webhooks/compliance', topic: 'customers/data_request', shop: domain, body });
    expect(sent.status).toBe(200);
  }
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

interface Stored {
  sealed: Buffer;
  place: SealedPlace;
  table: string;
}

async function loadSealed(): Promise<Stored[]> {
  const all: Stored[] = [];
  for (const { table, column, rowColumn, place } of await loadSealedColumns(owner)) {
    const { rows } = await owner.query<{ shop_id: number; row: string; sealed: Buffer }>(
      `SELECT shop_id, ${rowColumn}::text AS row, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL ORDER BY 1, 2`,
    );
    for (const { shop_id, row, sealed } of rows) all.push({ sealed, table, place: { shopId: shop_id, row, ...place } });
  }
  return all;
}

/** Whether it stays shut. Anything but UnsealError is a fault of ours and goes on. */
function isRefused(box: SealedBox, sealed: Uint8Array, place: SealedPlace): boolean {
  try {
    box.open(sealed, place);
    return false;
  } catch (error) {
    if (error instanceof UnsealError) return true;
    throw error;
  }
}

promiseOf('A10', 'the whole database is searched for secrets', async () => {
  const tokens: string[] = [];
  const { sessionStorage } = await import('#app/shopify.server.ts');
  for (const domain of DOMAINS) {
    const session = await sessionStorage.loadSession(`offline_${domain}`);
    tokens.push(session?.accessToken ?? '', session?.refreshToken ?? '');
  }
  const keys = [NEW_KEY, OLD_KEY].flatMap(({ key }) => [key.toString('base64'), key.toString('hex')]);
  const secrets = [...tokens, app.env['SHOPIFY_API_SECRET'] ?? '', ...keys, EMAIL, '+49 30 7413741'];
  const hits = await findCanaries(owner, secrets);
  // What is there is found once it is opened, so what is there in plain would have been.
  const opened = await findCanaries(owner, secrets, { sealedBox: contexts[0]?.sealedBox ?? newBox });
  const found = new Set(opened.map(({ canary }) => canary));
  const hasAll = [...tokens, EMAIL].every((secret) => found.has(secret));
  return {
    tried: `${secrets.length} secrets in every column, 9 spellings each`,
    measured: `${hits.length} hits in plain, ${found.size} under seal`,
    isKept: hits.length === 0 && hasAll,
  };
});

promiseOf('A10', 'ciphertext is changed, moved and replaced', async ({ seed, pick }) => {
  const random = seededRandom(seed);
  const box = contexts[0]?.sealedBox ?? newBox;
  const stored = await loadSealed();
  const columns = new Set(stored.map(({ place }) => `${place.table}.${place.column}`));
  expect([...columns].sort()).toEqual(['privacy_requests.answer', 'sessions.access_token', 'sessions.refresh_token', 'webhook_inbox.body']);
  expect(stored.filter(({ sealed, place }) => isRefused(box, sealed, place))).toEqual([]);

  const flips = pick(60, 1_000);
  let flipped = 0;
  for (let index = 0; index < flips; index += 1) {
    const { sealed, place } = stored[random.between(0, stored.length - 1)] ?? { sealed: Buffer.alloc(0), place: null };
    if (place === null) continue;
    const at = random.between(0, sealed.length - 1);
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ random.between(1, 255);
    if (isRefused(box, changed, place)) flipped += 1;
  }
  // Every value in every other's place: other rows, columns, tables and shops.
  const moves = stored.flatMap((from) => stored.filter((to) => to !== from).map((to) => isRefused(box, from.sealed, to.place)));
  const plain = stored.map(({ place }) => isRefused(box, Buffer.from('shpat_in_plain_text'), place));

  // The same through the door of the app: a session whose tokens were swapped or written by hand is none.
  const { sessionStorage } = await import('#app/shopify.server.ts');
  const tampered: boolean[] = [];
  for (const change of ['access_token_sealed = refresh_token_sealed', "access_token_sealed = 'shpat_in_plain_text'::bytea"]) {
    await owner.query('CREATE TEMP TABLE kept AS TABLE sessions');
    await owner.query(`UPDATE sessions SET ${change}`);
    for (const domain of DOMAINS) tampered.push((await sessionStorage.loadSession(`offline_${domain}`)) === undefined);
    await owner.query('UPDATE sessions s SET access_token_sealed = k.access_token_sealed FROM kept k WHERE k.shop_id = s.shop_id');
    await owner.query('DROP TABLE kept');
  }
  const refused = [...moves, ...plain, ...tampered].filter(Boolean).length;
  const all = moves.length + plain.length + tampered.length;
  return {
    tried: `${flips} bytes changed, ${moves.length} values moved, ${plain.length + tampered.length} replaced`,
    measured: `${flipped} and ${refused} of ${all} refused`,
    isKept: flipped === flips && refused === all,
  };
});

/** Values as they were sealed before the new key came, half of them answers and half webhooks that were given up. */
async function seedOldValues(count: number): Promise<Map<string, string>> {
  const plains = new Map<string, string>();
  for (let index = 0; index < count; index += 1) {
    const shopId = contexts[index % contexts.length]?.shop.shopId ?? 0;
    const row = `old-${index}`;
    const plain = JSON.stringify({ customer: [], orders: [], note: `value ${index} ${EMAIL}` });
    plains.set(`${shopId} ${row}`, plain);
    const isAnswer = index % 4 < 2;
    const place = isAnswer ? { table: 'privacy_requests', column: 'answer' } : { table: 'webhook_inbox', column: 'body' };
    const sealed = Buffer.from(oldBox.seal(plain, { shopId, row, ...place }));
    await owner.query(
      isAnswer
        ? `INSERT INTO privacy_requests (shop_id, webhook_id, kind, requested_at, answered_at, outcome, answer_sealed)
           VALUES ($1, $2, 'data-request', now(), now(), 'answered', $3)`
        : `INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, state, body_sealed)
           VALUES ($1, $2, 'orders/delete', '2026-10', 'dead', $3)`,
      [shopId, row, sealed],
    );
  }
  return plains;
}

promiseOf('A10', 'the key is changed under load', async ({ seed, pick }) => {
  const { pool, prisma } = await import('#app/db.server.ts');
  const { countKeyUses, rotateKeys } = await import('#app/services/privacy/rotate-keys.server.ts');
  const { handOnDataRequest } = await import('#app/services/privacy/hand-on-data-request.server.ts');
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  const { ShopFactsDocument } = await import('#app/generated/admin-api.ts');
  const random = seededRandom(seed);
  const [context] = contexts;
  if (!context) throw new Error('no shop');
  const plains = await seedOldValues(pick(300, 10_000));
  // The tokens as well, as a running shop has them when the key comes.
  for (const { table, place, sealed } of (await loadSealed()).filter(({ place: { table } }) => table === 'sessions')) {
    const again = Buffer.from(oldBox.seal(context.sealedBox.open(sealed, place), place));
    await owner.query(`UPDATE ${table} SET ${place.column}_sealed = $3 WHERE shop_id = $1 AND session_id = $2`, [place.shopId, place.row, again]);
  }

  const errors: unknown[] = [];
  const done = { reads: 0, refreshes: 0, webhooks: 0 };
  let isRotating = true;
  const whileRotating = async (work: (turn: number) => Promise<void>) => {
    for (let turn = 0; isRotating; turn += 1) await work(turn).catch((error: unknown) => errors.push(error));
  };
  const load = [
    whileRotating(async () => {
      const index = random.between(0, Math.floor(plains.size / 4) - 1) * 4;
      const opened = await handOnDataRequest(context, { webhookId: `old-${index}`, actor: 'operator', action: 'data-request-terminal' });
      if (opened === null) throw new Error(`old-${index} is not there`);
      done.reads += 1;
    }),
    whileRotating(async () => {
      // As if an hour had passed: the next call refreshes the pair, and both are sealed anew.
      await owner.query('UPDATE sessions SET expires_at = now() WHERE shop_id = $1', [context.shop.shopId]);
      await context.admin(ShopFactsDocument, {});
      done.refreshes += 1;
    }),
    whileRotating(async (turn) => {
      const body = JSON.stringify({ id: 1_000_000 + (turn % 9) * 10 });
      const answer = await sendWebhook({ appUrl: app.running.appFrontUrl, path: '/webhooks/orders', topic: 'orders/updated', shop: context.shop.domain, body });
      if (answer.status !== 200) throw new Error(`A webhook was answered ${answer.status}`);
      errors.push(...(await handleWebhooks(context)).map(({ error }) => error));
      done.webhooks += 1;
    }),
  ];
  // Cut off after a few batches, as by a kill; the next run goes on from there.
  let lent = 0;
  const dyingPool = new Proxy(pool, {
    get: (target, name) => (name === 'connect' && (lent += 1) > 4 ? () => Promise.reject(new Error('killed')) : Reflect.get(target, name).bind(target)),
  });
  await expect(rotateKeys({ prisma, pool: dyingPool, sealedBox: context.sealedBox })).rejects.toThrow('killed');
  const report = await rotateKeys({ prisma, pool, sealedBox: context.sealedBox });
  isRotating = false;
  await Promise.all(load);

  const uses = await countKeyUses({ prisma, pool });
  const left = uses.filter(({ keyId }) => keyId !== NEW_KEY.id).reduce((sum, { values }) => sum + values, 0);
  // The new key alone opens everything, to what it was.
  const stored = await loadSealed();
  const wrong = stored.filter(({ sealed, place }) => {
    const plain = isRefused(newBox, sealed, place) ? null : newBox.open(sealed, place);
    return plain === null || (place.row.startsWith('old-') && plain !== plains.get(`${place.shopId} ${place.row}`));
  });
  const isBusy = done.reads > 0 && done.refreshes > 0 && done.webhooks > 0;
  return {
    tried: `${stored.length} values; meanwhile ${done.reads} reads, ${done.refreshes} refreshes, ${done.webhooks} webhooks`,
    measured: `${errors.length} errors, ${left} left under the old key, ${wrong.length} wrong, ${report.unreadable} unreadable`,
    isKept: errors.length === 0 && left === 0 && wrong.length === 0 && report.unreadable === 0 && isBusy,
  };
});
