import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { promisify } from 'node:util';

import type pg from 'pg';
import { register } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { signSessionToken } from '#test/simulator/session-token.ts';
import { tokenLifetime } from '#test/simulator/admin-shell/token-lifetime.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppServer, type AppServer } from '#test/support/app-server.ts';
import { BROWSER_AGENT, startAppUnderTest, TEST_APP, type AppUnderTest } from '#test/support/app-under-test.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';
import { promiseOf } from './promise.ts';

const STORE = syntheticStore(5);
const OTHER = syntheticStore(5, { shop: { id: 2, domain: 'other.myshopify.com' } });
const LIMIT = 20;

let app: AppUnderTest;
let server: AppServer;
let limitsPool: pg.Pool;

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, OTHER] });
  for (const store of [STORE, OTHER]) await app.install(store.shop.domain);
  const { createLimitsPool } = await import('#app/adapters/rate-limit/limits-pool.server.ts');
  const { createRequestLimits, LIMITS } = await import('#app/http/request-limits.server.ts');
  limitsPool = createLimitsPool(app.env['DATABASE_URL'] ?? '');
  const points = (names: string[]) => Object.fromEntries(names.map((name) => [name, { points: LIMIT, perSeconds: 60 }]));
  // Those that stand wider than the one that is tried are as in production.
  server = await startAppServer({ limits: createRequestLimits(limitsPool, { ...LIMITS, ...points(['buyer', 'staff-shop', 'stranger', 'forger', 'proxy-shop']) }) });
});

afterAll(async () => {
  await server.close();
  await limitsPool.end();
  await app.stop();
});

const buyerToken = (sub: string | undefined, dest = STORE.shop.domain) =>
  signSessionToken({ dest, aud: TEST_APP.clientId, ...tokenLifetime(300), ...(sub === undefined ? {} : { sub }) }, TEST_APP.clientSecret);

const staffToken = (domain: string) =>
  signSessionToken({ iss: `https://${domain}/admin`, dest: `https://${domain}`, aud: TEST_APP.clientId, sub: '1', sid: 's', ...tokenLifetime(60) }, TEST_APP.clientSecret);

function proxyQuery(shop: string, signedIn: Record<string, string> = {}): string {
  const sent: Record<string, string> = { path_prefix: '/apps/x', shop, timestamp: String(Math.floor(Date.now() / 1000)), ...signedIn };
  const text = Object.entries(sent).map(([name, value]) => `${name}=${value}`).sort().join('');
  return String(new URLSearchParams({ ...sent, signature: createHmac('sha256', TEST_APP.clientSecret).update(text).digest('hex') }));
}

interface Caller {
  name: string;
  path: string | (() => string);
  headers?: () => Record<string, string>;
  method?: string;
}

const anyAddress = () => `198.51.100.${Math.ceil(performance.now()) % 256}`;
const guestToken = buyerToken(undefined);
const CALLERS: readonly Caller[] = [
  { name: 'customer 7', path: '/api/checkout/next-order-offer?orderId=1', headers: () => ({ Authorization: `Bearer ${buyerToken('gid://shopify/Customer/7')}` }) },
  { name: 'customer 8', path: '/api/checkout/next-order-offer?orderId=1', headers: () => ({ Authorization: `Bearer ${buyerToken('gid://shopify/Customer/8')}` }) },
  { name: 'guest of order 1', path: '/api/checkout/next-order-offer?orderId=1', headers: () => ({ Authorization: `Bearer ${buyerToken(undefined)}` }) },
  { name: 'customer 9, in another spelling', path: '/%61PI/checkout/next-order-offer?orderId=1', headers: () => ({ Authorization: `Bearer ${buyerToken('gid://shopify/Customer/9')}`, 'X-Forwarded-For': anyAddress() }) },
  { name: 'a guest who names many orders', path: () => `/api/checkout/next-order-offer?orderId=${Math.ceil(performance.now() * 1000)}`, headers: () => ({ Authorization: `Bearer ${guestToken}` }) },
  { name: 'a shop', path: '/app/imports', headers: () => ({ Authorization: `Bearer ${staffToken(STORE.shop.domain)}` }) },
  { name: 'another shop', path: '/app/imports', headers: () => ({ Authorization: `Bearer ${staffToken(OTHER.shop.domain)}` }) },
  { name: 'a storefront', path: `/proxy/x?${proxyQuery(STORE.shop.domain)}` },
  // What stands before the proxy's own entry is written by whoever asks, here anew each time.
  { name: 'an address', path: '/nowhere', headers: () => ({ 'X-Forwarded-For': `${anyAddress()}, 203.0.113.9` }) },
  { name: 'a network', path: '/api/checkout/next-order-offer', headers: () => ({ 'X-Forwarded-For': `2001:db8:1:2:${(Math.ceil(performance.now() * 1000) % 65_536).toString(16)}::1` }) },
  { name: 'a forger of workflows', path: '/flow/add-points', method: 'POST', headers: () => ({ 'X-Shopify-Hmac-Sha256': 'AAAA', 'X-Forwarded-For': '203.0.113.78' }) },
  { name: 'a forger with a slash too many', path: '//webhooks/orders', method: 'POST', headers: () => ({ 'X-Shopify-Hmac-Sha256': 'AAAA', 'X-Forwarded-For': '203.0.113.76' }) },
  { name: 'a forger beside the way', path: '/x/%2e%2e/Webhooks/orders', method: 'POST', headers: () => ({ 'X-Shopify-Hmac-Sha256': 'AAAA', 'X-Forwarded-For': '203.0.113.75' }) },
  { name: 'a forger', path: '/webhooks/orders', method: 'POST', headers: () => ({ 'X-Shopify-Hmac-Sha256': 'AAAA', 'X-Forwarded-For': '203.0.113.77' }) },
];

/** Some at a time: more would have the machine of the test measured, which shares two cores with the app and its store. */
async function askOften(times: number, ask: () => Promise<Response>): Promise<Response[]> {
  const answers: Response[] = [];
  let left = times;
  const askOn = async () => {
    while (left > 0) {
      left -= 1;
      const answer = await ask();
      await answer.arrayBuffer();
      answers.push(answer);
    }
  };
  await Promise.all(Array.from({ length: 12 }, askOn));
  return answers;
}

promiseOf('A9', 'ten times the limit over HTTP', async () => {
  const wrong: string[] = [];
  let asked = 0;
  let refusals = 0;
  for (const { name, path, method = 'GET', headers } of CALLERS) {
    const answers = await askOften(LIMIT * 10, () =>
      fetch(server.url + (typeof path === 'string' ? path : path()), { method, redirect: 'manual', headers: { 'User-Agent': BROWSER_AGENT, ...headers?.() } }),
    );
    asked += answers.length;
    const refused = answers.filter(({ status }) => status === 429);
    refusals += refused.length;
    if (answers.length - refused.length !== LIMIT) wrong.push(`${name}: ${answers.length - refused.length} let in`);
    const isApi = typeof path !== 'string' || path.startsWith('/api/');
    const hasWait = refused.every(({ headers: told }) => /^([1-9]|[1-5]\d|60)$/.test(told.get('Retry-After') ?? ''));
    const isReadable = refused.every(({ headers: told }) => (told.get('Access-Control-Allow-Origin') === '*') === isApi);
    if (!hasWait || !isReadable) wrong.push(`${name}: Retry-After ${hasWait}, readable by extensions ${isReadable}`);
  }
  const counted = (await register.getSingleMetric('perennial_rate_limited_total')?.get())?.values.reduce((sum, { value }) => sum + value, 0);
  if (counted !== refusals) wrong.push(`the operator is told of ${counted ?? 0} refusals of ${refusals}`);
  const webhooks = await askOften(LIMIT * 5, () =>
    sendWebhook({ appUrl: server.url, path: '/webhooks/app', topic: 'shop/update', shop: STORE.shop.domain, body: JSON.stringify({ id: 1 }), headers: { 'X-Forwarded-For': '203.0.113.77' } }),
  );
  const run = JSON.stringify({ shopify_domain: STORE.shop.domain, action_run_id: 'a9', properties: { customer_id: 7, points: 1 } });
  const signature = createHmac('sha256', TEST_APP.clientSecret).update(run).digest('base64');
  const runs = await askOften(LIMIT * 5, () =>
    fetch(`${server.url}/flow/add-points`, { method: 'POST', body: run, headers: { 'X-Shopify-Hmac-Sha256': signature, 'X-Forwarded-For': '203.0.113.9' } }),
  );
  // There is no program that could give points.
  const answered = runs.filter(({ status }) => status === 422).length;
  const health = await askOften(LIMIT * 5, () => fetch(`${server.url}/healthz`, { headers: { 'X-Forwarded-For': '203.0.113.9' } }));
  const kept = [...webhooks, ...health].filter(({ status }) => status === 200).length + answered;
  const signed = webhooks.length + runs.length + health.length;
  return {
    tried: `${asked} requests of ${CALLERS.length} callers at a limit of ${LIMIT} a minute, ${webhooks.length} webhooks and ${runs.length} workflows' actions of Shopify, ${health.length} looks of a load balancer`,
    measured: `${wrong.length === 0 ? `each let in ${LIMIT} times, the rest 429 with Retry-After` : wrong.join('; ')}; ${kept} of ${signed} that Shopify signed and looks let in`,
    isKept: wrong.length === 0 && kept === signed,
  };
});

promiseOf('A9', 'two processes share a limit', async ({ pick }) => {
  const points = pick(200, 2_000);
  const callers = ['shop', 'customer', 'address'];
  const plan = { name: 'shared', points, perSeconds: 120, callers, attempts: points * 5 };
  const run = () =>
    promisify(execFile)(process.execPath, ['test/support/consume-allowance.ts', JSON.stringify(plan)], {
      cwd: PROJECT_DIR,
      env: { ...process.env, ...app.env },
      maxBuffer: 1024 * 1024,
    });
  const counts = (await Promise.all([run(), run()])).map(({ stdout }): Record<string, number> => JSON.parse(stdout));
  const accepted = callers.map((caller) => counts.reduce((sum, count) => sum + (count[caller] ?? 0), 0));
  const worst = Math.max(...accepted.map((count) => Math.abs(count - points) / points));
  return {
    tried: `${points * 10 * callers.length} requests of ${callers.length} callers at a limit of ${points}, by 2 processes at once`,
    measured: `${accepted.join(', ')} let in, at most ${(worst * 100).toFixed(1)} % off; split ${counts.map((count) => count['shop'] ?? 0).join(' and ')}`,
    isKept: worst <= 0.02,
  };
});

it('counts shoppers of one number in two shops apart, and writes down nobody’s number or address', async () => {
  const { createRequestLimits, LIMITS } = await import('#app/http/request-limits.server.ts');
  const few = { points: 2, perSeconds: 60 };
  const limits = createRequestLimits(limitsPool, { ...LIMITS, buyer: few, 'proxy-customer': few });
  const from = { headers: {}, socket: { remoteAddress: '198.51.100.77' } } as IncomingMessage;
  const ask = (path: string, token?: string) => limits.refuse(from, new Request(`http://app${path}`, { headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } }));
  const shoppers: Record<string, (shop: string) => Promise<Response | null>> = {
    'a customer': (shop) => ask('/api/shopper/loyalty', buyerToken('gid://shopify/Customer/7777', shop)),
    'a guest': (shop) => ask('/api/shopper/order?orderId=7778', buyerToken(undefined, shop)),
    'a visitor of the storefront': (shop) => ask(`/proxy/loyalty?${proxyQuery(shop, { logged_in_customer_id: '7779' })}`),
  };
  for (const [who, askOf] of Object.entries(shoppers)) {
    const statuses: number[] = [];
    for (const store of [STORE, STORE, STORE, OTHER, OTHER, OTHER]) statuses.push((await askOf(store.shop.domain))?.status ?? 200);
    expect(statuses, who).toEqual([200, 200, 429, 200, 200, 429]);
  }
  const { rows } = await limitsPool.query<{ key: string }>('SELECT key FROM rate_limits');
  expect(rows.length).toBeGreaterThan(6);
  // The name of a limit, and 32 bytes of a keyed hash.
  expect(rows.filter(({ key }) => !key.startsWith('shared:') && !/^[a-z-]+:[\w-]{43}$/.test(key))).toEqual([]);
});

/** Each time somebody else. */
let somebodyElse = 100;
const asCustomer = () => buyerToken(`gid://shopify/Customer/${(somebodyElse += 1)}`);
const signedIn = () => proxyQuery(STORE.shop.domain, { logged_in_customer_id: String((somebodyElse += 1)) });
const somewhere = () => `198.51.100.${(somebodyElse += 1) % 250}`;
const here = () => '203.0.113.60';
const askedFor = (path: string, token?: string) => new Request(`http://app${path}`, { headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } });

it.each<[string, limit: string, from: () => string, ask: () => Request, statuses: number[]]>([
  ['one address pays for the customers there', 'buyer-address', here, () => askedFor('/api/shopper/loyalty', asCustomer()), [200, 200, 429]],
  ['one shop pays for its customers', 'buyer-shop', somewhere, () => askedFor('/api/shopper/loyalty', asCustomer()), [200, 200, 429]],
  ['one shop pays for who is signed in at its storefront', 'proxy-shop', somewhere, () => askedFor(`/proxy/loyalty?${signedIn()}`), [200, 200, 429]],
  ['one shop pays for the blocks in its admin', 'staff-shop', somewhere, () => askedFor('/api/admin/customer?id=1', staffToken(STORE.shop.domain)), [200, 200, 429]],
  ['a load balancer pays for nothing', 'stranger', here, () => askedFor(['/readyz', '/livez', '/healthz'][(somebodyElse += 1) % 3] ?? ''), Array.from({ length: 9 }, () => 200)],
])('%s', async (_who, limit, from, ask, statuses) => {
  const { createRequestLimits, LIMITS } = await import('#app/http/request-limits.server.ts');
  await limitsPool.query('DELETE FROM rate_limits');
  const limits = createRequestLimits(limitsPool, { ...LIMITS, [limit]: { points: 2, perSeconds: 60 } });
  const found: number[] = [];
  for (const _ of statuses) found.push((await limits.refuse({ headers: { 'x-forwarded-for': from() }, socket: {} } as unknown as IncomingMessage, ask()))?.status ?? 200);
  expect(found).toEqual(statuses);
});

it('begins a window with its first request, ends it however many more come, and asks the store nothing of whom it refuses', async () => {
  const { createRateLimits } = await import('#app/adapters/rate-limit/rate-limiter.server.ts');
  let passedMs = 0;
  const limits = createRateLimits([{ name: 'windowed', points: 2, perSeconds: 60 }], { pool: limitsPool, wait: () => new Promise(() => {}), monotonicMs: () => passedMs }, 3);
  const ask = async () => (await limits.consume([{ limit: 'windowed', caller: 'somebody' }])).ok;
  const counter = async () => (await limitsPool.query<{ points: number; expire: string }>("SELECT points, expire FROM rate_limits WHERE key = 'windowed:somebody'")).rows[0];
  expect(await ask()).toBe(true);
  const first = await counter();
  await limitsPool.query("UPDATE rate_limits SET expire = expire - 5000 WHERE key = 'windowed:somebody'");
  // Of somebody whose window ended more than an hour ago nothing is kept, and of one whose goes on all.
  await limitsPool.query("INSERT INTO rate_limits (key, points, expire) VALUES ('windowed:long-ago', 1, 1)");
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual([true, false, false, false]);
  expect(await counter()).toEqual({ points: 3, expire: String(Number(first?.expire) - 5_000) });
  expect((await limitsPool.query("SELECT 1 FROM rate_limits WHERE key = 'windowed:long-ago'")).rowCount).toBe(0);
  // The window is over, for the store and for the process that remembers whom it refused.
  await limitsPool.query("UPDATE rate_limits SET expire = expire - 60000 WHERE key = 'windowed:somebody'");
  passedMs = 60_000;
  expect(await ask()).toBe(true);
  expect(await counter()).toMatchObject({ points: 1 });
});

it('counts what was let in before the store failed', async () => {
  const { createRateLimiter } = await import('#app/adapters/rate-limit/rate-limiter.server.ts');
  const { createLimitsPool } = await import('#app/adapters/rate-limit/limits-pool.server.ts');
  const { systemRuntime } = await import('#app/runtime.server.ts');
  const pool = createLimitsPool(app.env['DATABASE_URL'] ?? '');
  const limiter = createRateLimiter({ name: 'shared', points: 10, perSeconds: 60 }, { pool, ...systemRuntime });
  for (let asked = 0; asked < 6; asked += 1) expect(await limiter.consume('failing')).toEqual({ ok: true });
  await pool.end();
  // Alone a process lets in half, which these were.
  expect(await limiter.consume('failing')).toMatchObject({ ok: false });
});

promiseOf('A9', 'store that is down or silent', async ({ pick }) => {
  const { createRateLimiter } = await import('#app/adapters/rate-limit/rate-limiter.server.ts');
  const { createLimitsPool } = await import('#app/adapters/rate-limit/limits-pool.server.ts');
  const { systemRuntime } = await import('#app/runtime.server.ts');
  const points = pick(100, 1_000);
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const silentPort = (silent.address() as AddressInfo).port;
  const findings: string[] = [];
  let isKept = true;
  for (const [what, port] of [['silent', silentPort], ['refusing', 1]] as const) {
    const pool = createLimitsPool(`postgresql://nobody@127.0.0.1:${port}/none`);
    const limiter = createRateLimiter({ name: what, points, perSeconds: 60 }, { pool, ...systemRuntime });
    let accepted = 0;
    let slowestMs = 0;
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let attempt = 0; attempt < points; attempt += 1) {
          const startedMs = performance.now();
          if ((await limiter.consume('shop')).ok) accepted += 1;
          slowestMs = Math.max(slowestMs, performance.now() - startedMs);
        }
      }),
    );
    await pool.end();
    findings.push(`${what}: ${accepted} let in, slowest answer ${Math.round(slowestMs)} ms`);
    isKept &&= accepted === points / 2 && slowestMs <= 2_500;
  }
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
  return { tried: `${points * 10} requests each at a limit of ${points}`, measured: findings.join('; '), isKept };
});
