import { afterAll, beforeAll, expect, it } from 'vitest';

import { HOW_TO_ADD, ROUTE_CASES, type RouteCall } from '#test/support/route-cases.ts';
import { routeManifest } from '#test/support/route-manifest.ts';
import { asData, proofOf, startTenantApp, type Answer, type Sent, type Tenant, type TenantApp, type TriedRoute } from '#test/support/tenant-app.ts';
import { ABSENT, canariesOf, changedTables, hashRows, type TenantIds } from '#test/support/tenants.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { promiseOf } from './promise.ts';

let app: TenantApp;

beforeAll(async () => {
  app = await startTenantApp();
});
afterAll(() => app.stop());

it('has a case for every route of the app, and for none that is gone', () => {
  const manifest = routeManifest();
  const missing = manifest.filter(({ id }) => !(id in ROUTE_CASES)).map(({ id }) => id);
  expect(missing, `${missing.join(', ')} has no case. ${HOW_TO_ADD}`).toEqual([]);
  const gone = Object.keys(ROUTE_CASES).filter((id) => !manifest.some((entry) => entry.id === id));
  expect(gone, 'ROUTE_CASES in test/support/route-cases.ts names routes that are gone').toEqual([]);
  for (const entry of manifest) {
    const methods = ROUTE_CASES[entry.id]?.calls(ABSENT).map(({ method }) => method) ?? [];
    if (entry.hasLoader) expect(methods, `${entry.id} has a loader that no case calls. ${HOW_TO_ADD}`).toContain('GET');
    if (entry.hasAction) expect(methods, `${entry.id} has an action that no case calls. ${HOW_TO_ADD}`).toContain('POST');
  }
});

/** One way to slip the ids of somebody else into a request that is otherwise one's own. */
interface Smuggling {
  name: string;
  into: (call: RouteCall, ids: TenantIds) => { call: RouteCall; sent: Sent };
}

const QUERY_NAMES: Record<string, (ids: TenantIds) => string> = {
  shop: ({ domain }) => domain,
  shopDomain: ({ domain }) => domain,
  shop_domain: ({ domain }) => domain,
  domain: ({ domain }) => domain,
  tenant: ({ domain }) => domain,
  shopId: ({ shopId }) => String(shopId),
  shop_id: ({ shopId }) => String(shopId),
  'where[shopId]': ({ shopId }) => String(shopId),
  id: ({ orderId }) => String(orderId),
  'ids[]': ({ orderId }) => String(orderId),
  orderId: ({ orderId }) => `gid://shopify/Order/${orderId}`,
  order: ({ orderId }) => String(orderId),
  customerId: ({ customerId }) => String(customerId),
  customer: ({ customerId }) => `gid://shopify/Customer/${customerId}`,
  logged_in_customer_id: ({ customerId }) => String(customerId),
  importId: ({ importId }) => importId,
  import: ({ importId }) => importId,
  run: ({ reconciliationId }) => reconciliationId,
  check: ({ reconciliationId }) => reconciliationId,
  reconciliationId: ({ reconciliationId }) => reconciliationId,
  request: ({ privacyRequestId }) => privacyRequestId,
  requestId: ({ privacyRequestId }) => privacyRequestId,
  webhookId: ({ privacyRequestId }) => privacyRequestId,
  access: ({ accessId }) => accessId,
  code: ({ code }) => code,
  q: ({ code }) => code,
  search: ({ code }) => code,
  filter: ({ shopId }) => `shop_id:${shopId}`,
  sort: ({ shopId }) => `shop_id=${shopId}`,
  cursor: ({ shopId, orderId }) => Buffer.from(JSON.stringify({ shop_id: shopId, last_id: orderId })).toString('base64'),
  after: ({ orderId }) => Buffer.from(`order:${orderId}`).toString('base64url'),
  before: ({ orderId }) => String(orderId),
  page: ({ orderId }) => `${orderId}`,
  asOf: ({ shopId }) => `2026-06-30' OR shop_id = ${shopId} --`,
  currency: ({ domain }) => domain,
  discountKey: ({ discountKey }) => discountKey,
  host: ({ domain }) => Buffer.from(`admin.shopify.com/store/${domain.split('.')[0]}`).toString('base64'),
};

const HEADERS: Record<string, (ids: TenantIds) => string> = {
  'X-Shopify-Shop-Domain': ({ domain }) => domain,
  'X-Shop-Domain': ({ domain }) => domain,
  'X-Shop-Id': ({ shopId }) => String(shopId),
  'X-Tenant-Id': ({ shopId }) => String(shopId),
  'X-Forwarded-Host': ({ domain }) => domain,
  'X-Original-Url': ({ domain }) => `/app?shop=${domain}`,
  'X-Rewrite-Url': ({ domain }) => `/app?shop=${domain}`,
  'X-Sim-Shop': ({ domain }) => domain,
  Referer: ({ domain }) => `https://${domain}/admin?shop=${domain}`,
  Origin: ({ domain }) => `https://${domain}`,
  Forwarded: ({ domain }) => `host=${domain}`,
  Cookie: ({ domain, shopId }) => `shop=${domain}; shop_id=${shopId}; shopify_app_session=offline_${domain}`,
  'If-None-Match': ({ importId }) => `"${importId}"`,
};

const BODY_NAMES = ['shop', 'shopId', 'shop_id', 'id', 'orderId', 'customerId', 'importId', 'run', 'reconciliationId', 'request', 'requestId', 'webhookId', 'code', 'cursor', 'discountKey'];

function smugglings(): Smuggling[] {
  const asItIs: Smuggling = { name: 'where the route takes it', into: (call) => ({ call, sent: {} }) };
  const inQuery = Object.entries(QUERY_NAMES).map(([name, valueOf]): Smuggling => ({
    name: `query ${name}`,
    into: (call, ids) => ({ call, sent: { query: { [name]: valueOf(ids) } } }),
  }));
  const inHeader = Object.entries(HEADERS).map(([name, valueOf]): Smuggling => ({
    name: `header ${name}`,
    into: (call, ids) => ({ call, sent: { headers: { [name]: valueOf(ids) } } }),
  }));
  const inBody = BODY_NAMES.flatMap((name): Smuggling[] => {
    const valueOf = QUERY_NAMES[name] ?? (({ orderId }) => String(orderId));
    return [
      { name: `field ${name}`, into: (call, ids) => ({ call: { ...call, form: { ...call.form, [name]: valueOf(ids) } }, sent: {} }) },
      {
        name: `JSON ${name}`,
        into: (call, ids) => ({
          call,
          sent: { body: JSON.stringify({ ...call.json, ...call.form, [name]: valueOf(ids) }), headers: { 'Content-Type': 'application/json' } },
        }),
      },
    ];
  });
  return [asItIs, ...inQuery, ...inHeader, ...inBody];
}

interface Trial {
  route: TriedRoute;
  /** Which of the route's calls. */
  index: number;
  smuggling: Smuggling;
}

function allTrials(): Trial[] {
  const every = smugglings();
  return app.routes.flatMap((route) =>
    route.calls(ABSENT).flatMap(({ method }, index) =>
      every.filter(({ name }) => method === 'POST' || !/^(field|JSON) /.test(name)).map((smuggling) => ({ route, index, smuggling })),
    ),
  );
}

/** As the first tenant, with somebody else's ids in one place. */
async function ask({ route, index, smuggling }: Trial, ids: TenantIds): Promise<{ answer: Answer; sentText: string }> {
  const [tenant] = app.tenants;
  const plain = route.calls(ids)[index];
  if (!plain) throw new Error(`${route.id} has no call ${index}`);
  const { call, sent } = smuggling.into(plain, ids);
  const proof = proofOf(route.kind, tenant, withQuery(call, sent));
  const isSigned = route.kind === 'webhook';
  const answer = await app.send(route, call, {
    headers: { ...sent.headers, ...proof.headers },
    query: new URLSearchParams([...new URLSearchParams(sent.query), ...new URLSearchParams(proof.query), ...Object.entries(asData(route))]),
    // What a webhook is signed with is its body, which names nobody else; what is smuggled stands beside it.
    ...(isSigned ? { body: proof.body } : sent.body === undefined ? {} : { body: sent.body }),
  });
  return { answer, sentText: JSON.stringify({ call, sent }) };
}

function withQuery(call: RouteCall, { query }: Sent): RouteCall {
  const url = new URL(call.path, 'http://x');
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.append(name, value);
  return { ...call, path: `${url.pathname}${url.search}` };
}

/** Without what differs from one moment to the next, and with every id that was sent under one name. */
function comparable({ status, headers, body }: Answer, ids: TenantIds): string {
  const kept = ['location', 'content-type', 'access-control-allow-origin'].map((name) => headers[name] ?? '');
  let text = JSON.stringify({ status, kept, body });
  for (const [name, id] of Object.entries(ids)) text = text.replaceAll(String(id), `<${name}>`);
  return text
    .replace(/(nowMs|asOfMs|AtMs|retryAfterMs)\\?":\d+/g, '$1":0')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/nonce(=|-|\\":\\")(\\"|')?[A-Za-z0-9+/=]+/g, 'nonce')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>');
}

function differing(one: string, other: string): string {
  const from = Math.max(0, [...one].findIndex((character, index) => character !== other[index]) - 40);
  return `${one.slice(from, from + 160)} but ${other.slice(from, from + 160)}`;
}

promiseOf('A3', 'each route as one tenant, with another tenant’s ids in every place', async ({ seed, pick }) => {
  const [, second, third] = app.tenants;
  const others: { tenant: Tenant; number: number }[] = [{ tenant: second, number: 2 }, { tenant: third, number: 3 }];
  const all = allTrials();
  const random = seededRandom(seed);
  // Small: each route's own call, and a few of the others.
  const trials = pick(all.filter(({ smuggling }) => smuggling.name === 'where the route takes it' || random.chance(1 / 100)), all);
  const foreign = pick(others.slice(0, 1), others);
  const before = await Promise.all(others.map(({ tenant }) => hashRows(app.owner, tenant.ids.shopId)));
  const canaries = others.flatMap(({ tenant, number }) => canariesOf(tenant.ids, number));
  const [leaks, unlike]: [string[], string[]] = [[], []];
  let requests = 0;
  for (const trial of trials) {
    const at = `${trial.smuggling.name} at ${trial.route.id}`;
    for (const { tenant } of foreign) {
      let [one, other] = ['', ''];
      // What is not there in time is said to be coming: only what tells the two apart each time tells them apart.
      for (let turn = 0; turn < 3 && (turn === 0 || one !== other); turn += 1) {
        const theirs = await ask(trial, tenant.ids);
        const nobodys = await ask(trial, ABSENT);
        // Asking again tries nothing more.
        requests += turn === 0 ? 2 : 0;
        const shown = JSON.stringify([theirs.answer.headers, theirs.answer.body]);
        // What came with the request itself is no secret to who sent it.
        const seen = canaries.find((canary) => shown.includes(canary) && !theirs.sentText.includes(canary));
        if (seen !== undefined) leaks.push(`${seen} by ${at}`);
        [one, other] = [comparable(theirs.answer, tenant.ids), comparable(nobodys.answer, ABSENT)];
      }
      if (one !== other) unlike.push(`${at}: ${differing(one, other)}`);
    }
  }
  const after = await Promise.all(others.map(({ tenant }) => hashRows(app.owner, tenant.ids.shopId)));
  const written = before.flatMap((rows, index) => changedTables(rows, after[index] ?? {}));
  const tried = new Set(trials.map(({ route }) => route.id)).size;
  const list = (lines: string[]) => (lines.length === 0 ? '' : ` (${lines.slice(0, 4).join('; ')})`);
  return {
    tried: `${requests} requests at ${tried} of ${routeManifest().length} routes`,
    measured: `${leaks.length} foreign bytes${list(leaks)}; ${written.length} foreign writes${list(written)}; ${unlike.length} told from absent${list(unlike)}`,
    isKept: leaks.length + written.length + unlike.length === 0 && requests >= pick(120, 2000) && tried === routeManifest().length,
  };
});

it('shows each tenant its own canaries, so that their absence means something', async () => {
  const [tenant] = app.tenants;
  const own = canariesOf(tenant.ids, 1);
  const shown: string[] = [];
  for (const route of app.routes.filter(({ kind }) => kind === 'merchant')) {
    for (const call of route.calls(tenant.ids).filter(({ method }) => method === 'GET')) {
      const { body } = await app.send(route, call, { ...proofOf('merchant', tenant, call), query: asData(route) });
      shown.push(...own.filter((canary) => body.includes(canary)));
    }
  }
  expect(new Set(shown).size).toBeGreaterThan(1);
});
