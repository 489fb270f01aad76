import { createHmac, randomUUID } from 'node:crypto';
import { join } from 'node:path';

import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import { signSessionToken } from '#test/simulator/session-token.ts';
import type { SimStore } from '#test/simulator/state.ts';
import { startFaultProxy, type Fault, type FaultProxy, type ProxiedRequest } from '#test/support/fault-proxy.ts';
import { startPerennialOnSharedServer } from '#test/support/perennial-on-shared-server.ts';
import type { PerennialUnderTest } from '#test/support/perennial-under-test.ts';
import { canariesOf, storeOfCanaries, textsOf } from '#test/support/privacy-canaries.ts';
import { readWholeLog } from '#test/support/processes.ts';
import { visitAsMerchant } from '#test/support/stack-requests.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { promiseOf } from './promise.ts';

const ORDERS = 24;
/** What Shopify calls everybody, and what staff write beside points: by a form, and in a file. */
const NAMES = { firstName: 'Kanarienhahn', lastName: 'Vogelbauer' };
const NOTES = ['Kanarienfutter for the wait', 'Kanariensaat of the old program'];
const STORE = withNames(storeOfCanaries(ORDERS));
const DOMAIN = STORE.shop.domain;
const OPERATOR_TOKEN = 'Kanarienschluessel-of-the-operator';
const AGENT = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';
/** What strangers and Shopify put into bodies, headers, addresses and errors; unquoted, so that nothing but care keeps it out. */
const SAID = 'Kanarienvogel Tweety Nord';
/** As it is told, kept, and shown. */
const BIRTHDAY = { month: 2, day: 29 };
const BIRTHDAY_SHAPES = [/"month":\s*"?2\b/, /\b02-29\b/, /birthday\W{1,4}229\b/];
/** Any token at all, and any digest that is not abbreviated. */
const SHAPES = [/\bshp[a-z]{2}_\w{8,}/i, /\beyJ[\w-]{10,}\.[\w-]{10,}/, /Bearer \S/];

let perennial: PerennialUnderTest;
let proxy: FaultProxy;
let owner: pg.Client;
/** Every answer that was an error, as whoever asked got it. */
const answers: string[] = [];
/** What tables keep of errors. */
const stored: string[] = [];
let requests = 0;

beforeAll(async () => {
  proxy = await startFaultProxy();
  const env = { LOG_LEVEL: 'trace', OPERATOR_TOKEN, SHOPIFY_SIM_ORIGIN: proxy.url };
  perennial = await startPerennialOnSharedServer(() => STORE, { env });
  proxy.target = perennial.origin;
  owner = new pg.Client({ connectionString: perennial.databaseOwnerUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await perennial.close();
  await proxy.close();
});

async function count(sql: string): Promise<number> {
  const { rows } = await owner.query<{ count: string }>(sql);
  return Number(rows[0]?.count);
}

/** The connection that web hung up on may be the one that the next request takes. */
const again = (send: () => Promise<Response>): Promise<Response> => send().catch(send);
const visit = () => again(() => visitAsMerchant(perennial, DOMAIN, perennial.appFrontUrl));

async function ask(path: string, init: RequestInit = {}): Promise<number> {
  requests += 1;
  const headers = { 'User-Agent': AGENT, ...Object.fromEntries(new Headers(init.headers)) };
  const response = await again(() => fetch(`${perennial.appFrontUrl}${path}`, { redirect: 'manual', ...init, headers }));
  const text = await response.text();
  if (response.status >= 400) answers.push(text);
  return response.status;
}

function webhook(topic: string, path: string, body: string, headers: Record<string, string> = {}): Promise<number> {
  const { clientSecret } = perennial.simulator.simulator.app;
  return ask(path, {
    method: 'POST',
    body,
    headers: {
      'Content-Type': 'application/json',
      'X-Shopify-Topic': topic,
      'X-Shopify-Shop-Domain': DOMAIN,
      'X-Shopify-API-Version': '2026-10',
      'X-Shopify-Webhook-Id': randomUUID(),
      'X-Shopify-Hmac-Sha256': createHmac('sha256', clientSecret).update(body).digest('base64'),
      ...headers,
    },
  });
}

const orderChanged = (id: number) => webhook('orders/updated', '/webhooks/orders', JSON.stringify({ id }));

/** Signed, and about this customer by everything that Shopify says of one. */
function compliance(topic: string, customerId: number): Promise<number> {
  const { email, phone } = canariesOf(customerId);
  const ids = STORE.orders.filter((order) => order.customerId === customerId).map(({ id }) => id);
  const body = { shop_id: 1, shop_domain: DOMAIN, customer: { id: customerId, email, phone }, orders_requested: ids, orders_to_redact: ids };
  return webhook(topic, '/webhooks/compliance', JSON.stringify(body));
}

async function inboxIsEmpty(): Promise<void> {
  await waitFor('an empty inbox', async () => ((await count("SELECT count(*) FROM webhook_inbox WHERE state = 'waiting'")) === 0 ? true : undefined), { timeoutMs: 60_000 });
}

/** Until the log has it once more than before, or anything that fits for the first time. */
async function logged(pattern: RegExp, before = 0): Promise<void> {
  const times = () => [...logs().matchAll(new RegExp(pattern, 'g'))].length;
  await waitFor(`${pattern} in the logs`, () => (times() > before ? true : undefined), { timeoutMs: 30_000 });
}

const logs = () => ['web', 'worker'].map((name) => readWholeLog(join(perennial.dataDir, 'logs', `${name}.log`))).join('\n');

async function everydayWork(): Promise<void> {
  perennial.simulator.simulator.faults.set({ seed: 1, rules: [{ where: 'bulk-file', first: 1, what: { kind: 'malformed-lines', share: 0.2 } }] });
  expect((await visit()).status).toBe(200);
  await waitFor('the history', async () => ((await count("SELECT count(*) FROM imports WHERE state = 'completed'")) === 2 ? true : undefined), { timeoutMs: 60_000 });
  // A redaction takes away what names lines of a file.
  stored.push(await storedErrors());
  await owner.query("UPDATE sessions SET expires_at = now() - interval '1 minute'");
  for (const { id } of STORE.orders.slice(0, 5)) await orderChanged(id);
  await webhook('customers/update', '/webhooks/customers', JSON.stringify({ id: 100 }));
  for (const customerId of [100, 101]) await compliance('customers/data_request', customerId);
  await compliance('customers/redact', 101);
  await inboxIsEmpty();
}

async function hostileRequests(): Promise<void> {
  const { clientId, clientSecret } = perennial.simulator.simulator.app;
  const email = encodeURIComponent(canariesOf(100).email);
  const claims = { iss: `https://${DOMAIN}/admin`, dest: `https://${DOMAIN}`, aud: clientId, sub: '1', exp: 1_000, nbf: 1, iat: 1, jti: SAID, sid: SAID };
  const tokens = [signSessionToken(claims, clientSecret), signSessionToken({ ...claims, exp: 9_999_999_999 }, `not ${clientSecret}`), SAID, `shpat_${'kanarie'.repeat(4)}`];
  for (const token of tokens) {
    await ask(`/app?shop=${DOMAIN}&embedded=1&id_token=${encodeURIComponent(token)}`);
    for (const path of ['/app/offers', `/api/checkout/next-order-offer?orderId=${email}`, '/metrics', '/operator/health']) {
      await ask(path, { headers: { Authorization: `Bearer ${token}` } });
    }
  }
  await ask(`/app/customers/${email}`);
  await ask(`/auth/login?shop=${email}`);
  await ask(`/proxy/x?signature=${email}&name=${encodeURIComponent(SAID)}`);
  await ask('/metrics', { headers: { Authorization: `Bearer ${OPERATOR_TOKEN}` } });
  await ask('/app/offers', { method: 'POST', headers: { 'Content-Type': 'multipart/form-data; boundary=x' }, body: `--x\r\n${SAID}` });
  // Signed by Shopify and broken, of another shop, of another topic, too long; and not signed at all.
  for (const body of [`{"id":${SAID}`, JSON.stringify({ id: SAID }), JSON.stringify({ id: canariesOf(100).email }), `"${SAID}"`]) {
    await webhook('orders/updated', '/webhooks/orders', body);
    await webhook('customers/delete', '/webhooks/customers', body);
    await webhook('customers/redact', '/webhooks/compliance', body);
    await webhook('orders/updated', '/webhooks/orders', body, { 'X-Shopify-Hmac-Sha256': 'bm8=' });
    await webhook('orders/updated', '/webhooks/orders', body, { 'X-Shopify-Shop-Domain': SAID });
  }
  // Web hangs up on one that is too long, at times before it has said so.
  await webhook('orders/updated', '/webhooks/orders', JSON.stringify({ id: 1, note: SAID.repeat(100_000) })).catch(() => 413);
  await logged(/a webhook waits for another try/);
}

/** Shopify's answers and their errors, each with somebody in it. */
async function failuresOfShopify(most: number): Promise<void> {
  const { email } = canariesOf(100);
  const said = `${SAID} ${email}`;
  const graphql = (error: object): Fault => ({ kind: 'answer', status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ errors: [error] }) });
  const isGraphql = ({ path }: ProxiedRequest) => path.startsWith('/admin/api/');
  const faults: Fault[] = [
    graphql({ message: said }),
    graphql({ message: said, extensions: { code: 'INTERNAL_SERVER_ERROR' } }),
    { kind: 'answer', status: 200, headers: { 'Content-Type': 'application/json' }, body: `{"data": {"order": ${said}` },
    graphql({ message: said, path: ['order'], extensions: { code: 'ACCESS_DENIED' } }),
    { kind: 'answer', status: 200, body: `<html>${said}</html>` },
    { kind: 'answer', status: 503, body: said },
    { kind: 'answer', status: 401, body: said },
    { kind: 'reset' },
  ];
  for (const fault of faults.slice(0, most)) {
    const before = [...logs().matchAll(/a webhook waits for another try|a webhook was given up|work failed/g)].length;
    proxy.plan = (request) => (isGraphql(request) ? fault : undefined);
    await orderChanged(1_000_010);
    await logged(/a webhook waits for another try|a webhook was given up|work failed/, before);
  }
  // The pair is old, and Shopify refuses or garbles another.
  for (const status of [400, 500]) {
    await owner.query("UPDATE sessions SET expires_at = now() - interval '1 minute'");
    proxy.plan = ({ path }) => (path.startsWith('/admin/oauth') ? { kind: 'answer', status, body: JSON.stringify({ error: 'invalid_grant', error_description: said }) } : undefined);
    await orderChanged(1_000_020);
    await visit().then(async (response) => answers.push(await response.text()));
  }
  // An import that is refused keeps why.
  proxy.plan = (request) => (request.body.includes('bulkOperationRunQuery') ? graphql({ message: said }) : undefined);
  await owner.query("UPDATE sessions SET expires_at = now() - interval '1 minute'");
  await visit();
  await owner.query("UPDATE imports SET state = 'requested', finished_at = NULL WHERE resource = 'orders'");
  await waitFor('a refused import', async () => ((await count("SELECT count(*) FROM imports WHERE error_code = 'request-refused'")) === 1 ? true : undefined), { timeoutMs: 30_000 });
  proxy.clear();
}

/** PostgreSQL quotes the row that it refuses. */
async function failuresOfTheDatabase(): Promise<void> {
  const before = [...logs().matchAll(/"level":50/g)].length;
  await owner.query(`
    CREATE FUNCTION say_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused: % ${SAID}', NEW USING DETAIL = NEW::text; END $$;
    CREATE TRIGGER say_row BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION say_row();`);
  await orderChanged(1_000_030);
  await logged(/"level":(40|50)/, before);
  await owner.query('DROP TRIGGER say_row ON orders; CREATE TRIGGER say_row BEFORE INSERT ON webhook_inbox FOR EACH ROW EXECUTE FUNCTION say_row()');
  expect(await orderChanged(1_000_040)).toBeGreaterThanOrEqual(500);
  await owner.query('DROP TRIGGER say_row ON webhook_inbox; ALTER TABLE offer_settings RENAME TO offer_settings_away');
  const response = await visit();
  answers.push(await response.text());
  await ask('/api/checkout/next-order-offer?orderId=gid%3A%2F%2Fshopify%2FOrder%2F1000010', { headers: { Authorization: `Bearer ${checkoutToken()}` } });
  await owner.query('ALTER TABLE offer_settings_away RENAME TO offer_settings');
}

function checkoutToken(claims: { sub?: string } = {}): string {
  const { clientId, clientSecret } = perennial.simulator.simulator.app;
  const now = Math.floor(Date.now() / 1000);
  return signSessionToken({ dest: DOMAIN, aud: clientId, exp: now + 200, nbf: now - 1, iat: now, jti: randomUUID(), ...claims }, clientSecret);
}

async function storedErrors(): Promise<string> {
  const { rows } = await owner.query<{ text: string }>(
    `SELECT concat_ws(' ', error_code, error_detail) AS text FROM imports UNION ALL SELECT last_error FROM offer_codes
     UNION ALL SELECT outcome FROM webhook_inbox UNION ALL SELECT error_code FROM reconciliations`,
  );
  return rows.map(({ text }) => text).join('\n');
}

function withNames(store: SimStore): SimStore {
  return { ...store, customers: store.customers.map((customer) => ({ ...customer, ...NAMES })) };
}

/** A member of staff and a shopper at the pages and blocks that tell of people, or take what is told of them. */
async function usePages(isWell: boolean): Promise<void> {
  const staff = { Authorization: `Bearer ${staffToken()}` };
  const page = (path: string, route: string) => ask(`${path}?_data=${encodeURIComponent(`routes/${route}`)}`, { headers: staff });
  const form = (path: string, fields: Record<string, string>) => ask(path, { method: 'POST', headers: staff, body: new URLSearchParams(fields) });
  const json = (path: string, token: string, body: object) =>
    ask(path, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const [note = '', inFile = ''] = NOTES;
  const { email } = canariesOf(103);
  const file = { fileHash: (isWell ? 'a' : 'b').repeat(64), fileName: 'points.csv', header: 'email,points,reason', text: `${email},70,${inFile}\nnobody-${email},5,${inFile}\n`, firstLine: '2', takesRepeated: 'yes' };
  const statuses = [
    await form('/app/customers/names', { ids: '100,102,103' }),
    await page('/app/customers/102', 'app.customers_.$customerId'),
    await ask(`/app/customers?q=${encodeURIComponent(`${NAMES.firstName} ${NAMES.lastName}`)}&_data=routes%2Fapp.customers`, { headers: staff }),
    await json('/api/admin/adjustments', staffToken(), { customerId: '102', points: '5', direction: 'give', reason: note, requestKey: randomUUID() }),
    await form('/app/loyalty/import/lines', { ...file, intent: 'check' }),
    await form('/app/loyalty/import/lines', { ...file, intent: 'import' }),
    await json('/api/shopper/birthday', checkoutToken({ sub: `gid://shopify/Customer/${isWell ? 102 : 100}` }), BIRTHDAY),
    await page('/app/loyalty/members', 'app.loyalty.members'),
    await ask('/app/export/loyalty-ledger.csv', { headers: staff }),
  ];
  if (isWell) expect(statuses).toEqual(statuses.map(() => 200));
  // The canaries have been where they might get out.
  if (isWell) expect(await count(`SELECT (SELECT count(*) FROM loyalty_notes WHERE note = ANY('{${NOTES.join(',')}}')) + (SELECT count(*) FROM loyalty_members WHERE birthday = 229) AS count`)).toBe(3);
  else expect(statuses.filter((status) => status >= 500).length).toBeGreaterThanOrEqual(3);
}

async function pagesOfPeople(): Promise<void> {
  const program = { ...defaultProgram({ currency: 'EUR', unitMinor: 100 }), status: { kind: 'live' } };
  await owner.query(
    `WITH saved AS (INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) SELECT shop_id, 1, $1, '2020-01-01' FROM shops)
     INSERT INTO loyalty_progress (shop_id, is_followed) SELECT shop_id, true FROM shops ON CONFLICT (shop_id) DO UPDATE SET is_followed = true`,
    [JSON.stringify(program)],
  );
  await usePages(true);
  // PostgreSQL refuses each, and quotes what it was given.
  await owner.query(`
    CREATE FUNCTION say_member() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused: % ${SAID}', NEW USING DETAIL = NEW::text; END $$;
    CREATE TRIGGER say_member BEFORE INSERT ON loyalty_notes FOR EACH ROW EXECUTE FUNCTION say_member();
    CREATE TRIGGER say_member BEFORE UPDATE OF birthday ON loyalty_members FOR EACH ROW EXECUTE FUNCTION say_member();`);
  await usePages(false);
  await owner.query('DROP TRIGGER say_member ON loyalty_notes; DROP TRIGGER say_member ON loyalty_members');
}

function staffToken(): string {
  const { clientId, clientSecret } = perennial.simulator.simulator.app;
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: `https://${DOMAIN}/admin`, dest: `https://${DOMAIN}`, aud: clientId, sub: '1', exp: now + 60, nbf: now - 1, iat: now, jti: randomUUID(), sid: 'staff' };
  return signSessionToken(claims, clientSecret);
}

promiseOf('A11', 'web and worker at trace', async ({ pick }) => {
  await everydayWork();
  await pagesOfPeople();
  await hostileRequests();
  // Each is an outage, after which the worker rests.
  await failuresOfShopify(pick(3, 8));
  await failuresOfTheDatabase();
  // One look of each process at what came last.
  await orderChanged(1_000_050);
  await waitFor('the last webhook', async () => ((await count("SELECT count(*) FROM webhook_inbox WHERE outcome = 'stored'")) > 0 ? true : undefined));

  const { clientSecret } = perennial.simulator.simulator.app;
  const people = Array.from({ length: ORDERS / 3 }, (_, index) => textsOf(canariesOf(100 + index))).flat();
  const canaries = [...people, ...Object.values(NAMES), ...NOTES, SAID, clientSecret, OPERATOR_TOKEN, ...tokensSeen()];
  const places = { logs: logs(), answers: answers.join('\n'), errors: [...stored, await storedErrors()].join('\n') };
  const hits = Object.entries(places).flatMap(([place, text]) => [
    ...canaries.filter((canary) => text.includes(canary)).map((canary) => `${place}: ${canary.slice(0, 24)}`),
    ...[...SHAPES, ...BIRTHDAY_SHAPES].map((shape) => shape.exec(text)?.[0]).filter((found) => found !== undefined).map((found) => `${place}: ${found.slice(0, 24)}`),
  ]);
  const failures = [...places.logs.matchAll(/"err":\{/g)].length;
  expect(failures).toBeGreaterThan(10);
  expect(places.errors).toContain('line ');
  return {
    tried: `${canaries.length} canaries and a birthday; ${requests} requests, ${places.logs.split('\n').length} lines of log with ${failures} errors, ${answers.length} error pages`,
    measured: `${hits.length} hits ${[...new Set(hits)].slice(0, 8).join('; ')}`,
    isKept: hits.length === 0,
  };
});

/** Access tokens and refresh tokens, as the app sent and got them. */
function tokensSeen(): string[] {
  return [...new Set(proxy.requests.flatMap(({ headers, body }) => [headers['x-shopify-access-token'], /"refresh_token":"([^"]+)"/.exec(body)?.[1]]))]
    .flat()
    .filter((token): token is string => typeof token === 'string' && token.length > 8);
}
