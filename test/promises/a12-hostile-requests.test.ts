import { request as rawRequest } from 'node:http';

import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { isShopDomain } from '#app/domain/ids.ts';
import { parseMinorUnits } from '#app/domain/money/parse-minor-units.ts';
import { readOffersDraft, writeOffersDraft } from '#app/domain/offers/offers-draft.ts';
import type { RuleDraft } from '#app/domain/offers/offers-draft.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import { findStaffToken } from '#app/adapters/shopify/proofs/request-proof.ts';
import { verifyProxySignature } from '#app/adapters/shopify/proofs/proxy-signature.server.ts';
import { verifyBuyerToken, verifyStaffToken } from '#app/adapters/shopify/proofs/session-token.server.ts';
import { offering } from '#test/services/offers/offering.ts';
import type { RouteCall } from '#test/support/route-cases.ts';
import { asData, proofOf, startTenantApp, type Answer, type Sent, type TenantApp, type TriedRoute } from '#test/support/tenant-app.ts';
import { changedTables, hashRows } from '#test/support/tenants.ts';
import { promiseOf } from './promise.ts';

const PLANTED = 'planted-by-nobody';
const MAX_MS = 1000;
/** Of a small run: other work goes on beside it. */
const MAX_MS_AMONG_OTHERS = 4000;

let app: TenantApp;

beforeAll(async () => {
  app = await startTenantApp();
});
afterAll(() => app.stop());

interface Target {
  route: TriedRoute;
  call: RouteCall;
}

function targets(method: 'GET' | 'POST'): Target[] {
  const [{ ids }] = app.tenants;
  return app.routes.flatMap((route) => route.calls(ids).filter((call) => call.method === method).map((call) => ({ route, call })));
}

/** As whoever may, with something hostile beside it. */
async function timed({ route, call }: Target, sent: Sent): Promise<{ answer: Answer; ms: number }> {
  const proof = proofOf(route.kind, app.tenants[0], call);
  const startedAt = performance.now();
  const answer = await app.send(route, call, {
    ...sent,
    headers: { ...proof.headers, ...sent.headers },
    query: new URLSearchParams([...new URLSearchParams(proof.query), ...new URLSearchParams(sent.query), ...Object.entries(asData(route))]),
  });
  return { answer, ms: performance.now() - startedAt };
}

/** Texts that some parser somewhere has choked on. */
const HOSTILE = [
  '', ' ', '\u0000', 'a\u0000b', '\uD800', '\u202Egnp.exe', '__proto__', 'constructor', 'null', 'undefined', 'NaN', 'Infinity', '-0', '1e400', '0x10',
  '9'.repeat(400), '1.' + '0'.repeat(5000), '1'.repeat(5000) + 'x', "' OR 1=1 --", '"; DROP TABLE orders; --', '{{7*7}}', '${7*7}', '<script>1</script>',
  '../../etc/passwd', '%00', '%E0%A4%A', '[object Object]', '{"$gt":""}', 'a'.repeat(20_000), '\r\nSet-Cookie: a=b', '2026-02-30', '0000-00-00', '9999-12-31', '٣', '１５',
];

/** Names of what a form has no business to say. */
const EXTRA = [
  'shopId', 'shop_id', 'shop', 'domain', 'name', 'isAdmin', 'role', 'id', 'updatedAt', 'installedAt', 'installed_at', 'uninstalledAt', 'dataVersion', 'state',
  'percentBasisPoints', 'minimumSubtotalMinor', 'currency', 'planName', 'attempts', '__proto__', '__proto__[polluted]', '__proto__.polluted', 'constructor[prototype][polluted]',
  'constructor.prototype.polluted', 'prototype', 'toString', 'hasOwnProperty', 'where', 'data', '$where', '_method', '_data', 'index',
];

const ENCODINGS = ['form', 'multipart', 'json', 'text', 'none', 'broken multipart', 'no boundary', 'file', 'charset', 'deep json'] as const;

interface HostileForm {
  fields: [string, string][];
  encoding: (typeof ENCODINGS)[number];
}

function hostileForms(own: Record<string, string>): fc.Arbitrary<HostileForm> {
  const text = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...HOSTILE) }, { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) });
  const ownNames = Object.keys(own);
  const field = ownNames.length === 0 ? fc.constant<[string, string]>(['x', 'y']) : fc.tuple(fc.constantFrom(...ownNames), text);
  const extra = fc.tuple(fc.constantFrom(...EXTRA), fc.oneof(fc.constant(PLANTED), fc.constant(String(app.tenants[1].ids.shopId)), text));
  return fc.record({
    // What was there, some of it changed, gone or twice, and what nobody asked for.
    fields: fc
      .tuple(fc.subarray(Object.entries(own)), fc.array(field, { maxLength: 2 }), fc.array(extra, { minLength: 1, maxLength: 4 }))
      .map(([kept, changed, added]) => [...kept, ...changed, ...added]),
    encoding: fc.oneof({ weight: 6, arbitrary: fc.constant('form' as const) }, { weight: 5, arbitrary: fc.constantFrom(...ENCODINGS) }),
  });
}

/** What an action takes as JSON, as the fields that something hostile is put into. */
function textsOf(json: Record<string, unknown> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, String(value)]));
}

function encoded({ fields, encoding }: HostileForm): Sent {
  const as = (type: string, body: string): Sent => ({ body, headers: { 'Content-Type': type } });
  const form = new FormData();
  const object = JSON.stringify(Object.fromEntries(fields));
  for (const [name, value] of fields) form.append(name, value);
  switch (encoding) {
    case 'form':
      return { body: new URLSearchParams(fields) };
    case 'multipart':
      return { body: form };
    case 'file':
      form.append(fields[0]?.[0] ?? 'x', new File([PLANTED], '../../x.svg'));
      return { body: form };
    case 'json':
      return as('application/json', object);
    case 'deep json':
      return as('application/json', '['.repeat(20_000));
    case 'text':
      return as('text/plain', object);
    case 'none':
      return as('', object);
    case 'charset':
      return as('application/x-www-form-urlencoded; charset=utf-16', new URLSearchParams(fields).toString());
    case 'no boundary':
      return as('multipart/form-data', 'x');
    case 'broken multipart':
      return as('multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="intent"\r\n\r\nresta');
  }
}

/** What a shop is, and no form may change. */
async function whatShopsAre(): Promise<unknown[]> {
  const { rows } = await app.owner.query<Record<string, unknown>>('SELECT shop_id, domain, name, currency, iana_time_zone, plan_name, installed_at, uninstalled_at FROM shops ORDER BY 1');
  return rows;
}

/** Rows of any table that hold the text. */
async function rowsWith(text: string): Promise<string[]> {
  const { rows: tables } = await app.owner.query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'");
  const union = tables.map(({ name }) => `SELECT '${name}' AS name FROM ${name} t WHERE t::text LIKE '%${text}%'`).join(' UNION ALL ');
  const { rows } = await app.owner.query<{ name: string }>(union);
  return rows.map(({ name }) => name);
}

promiseOf('A12', 'hostile forms at each action', async ({ size, seed, pick }) => {
  const [, second, third] = app.tenants;
  const hashesOfOthers = async () => [await hashRows(app.owner, second.ids.shopId), await hashRows(app.owner, third.ids.shopId)];
  const [shopsBefore, othersBefore] = [await whatShopsAre(), await hashesOfOthers()];
  const failed: string[] = [];
  let [requests, slowestMs] = [0, 0];
  const actions = targets('POST');
  for (const [place, target] of actions.entries()) {
    const own = target.call.form ?? textsOf(target.call.json);
    // Small: each action has a third of the encodings, and each encoding a third of the actions.
    const eachEncoding = ENCODINGS.filter((_, index) => pick((index + place) % 5 === 0, true)).map((encoding): HostileForm => ({ fields: Object.entries(own), encoding }));
    // PostgreSQL keeps no NUL, and no text is longer than what a column or an index takes.
    const eachField = Object.keys(own).flatMap((name) =>
      ['a\u0000b', 'x'.repeat(20_000)].map((text): HostileForm => ({ fields: Object.entries({ ...own, [name]: text }), encoding: 'form' })),
    );
    for (const hostile of [...eachEncoding, ...eachField, ...fc.sample(hostileForms(own), { seed, numRuns: pick(2, 200) })]) {
      const { answer, ms } = await timed(target, encoded(hostile));
      requests += 1;
      slowestMs = Math.max(slowestMs, ms);
      if (answer.status >= 500) failed.push(`${target.call.path}: ${answer.status} for ${hostile.encoding} ${JSON.stringify(hostile.fields).slice(0, 200)}`);
    }
  }
  const stored = await rowsWith(PLANTED);
  const foreign = (await hashesOfOthers()).flatMap((after, index) => changedTables(othersBefore[index] ?? {}, after));
  const isPolluted = Reflect.get({}, 'polluted') !== undefined;
  const isSame = JSON.stringify(shopsBefore) === JSON.stringify(await whatShopsAre());
  const isQuick = slowestMs <= (size === 'long' ? MAX_MS : MAX_MS_AMONG_OTHERS);
  return {
    tried: `${requests} forms at ${actions.length} actions`,
    measured: `${failed.length} answers of 5xx${failed.length === 0 ? '' : ` (${failed.slice(0, 4).join('; ')})`}; ${stored.length + foreign.length} fields stored that nobody asked for; prototype ${isPolluted ? 'POLLUTED' : 'clean'}; slowest ${slowestMs.toFixed(0)} ms`,
    isKept: failed.length === 0 && stored.length === 0 && foreign.length === 0 && isSame && !isPolluted && isQuick,
  };
});

const PARAMETERS = ['asOf', 'orderId', 'shop', 'host', 'run', 'request', 'id', 'cursor', 'after', 'page', 'locale', 'embedded', 'hmac', 'session', 'timestamp', 'index', '_data', '__proto__', 'constructor[prototype][polluted]'];

promiseOf('A12', 'hostile parameters at each loader, once and twice', async ({ size, seed, pick }) => {
  const loaders = targets('GET');
  const failed: string[] = [];
  let [requests, slowestMs] = [0, 0];
  const hostile = fc.array(fc.tuple(fc.constantFrom(...PARAMETERS), fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 60 }))), { minLength: 1, maxLength: 4 });
  for (const target of loaders) {
    for (const pairs of fc.sample(hostile, { seed, numRuns: pick(2, 200) })) {
      // A browser's address has its limits, and so has our server's head.
      const query = new URLSearchParams(pairs.map(([name, value]) => [name, value.slice(0, 4000)]));
      const { answer, ms } = await timed(target, { query });
      requests += 1;
      slowestMs = Math.max(slowestMs, ms);
      if (answer.status >= 500) failed.push(`${target.call.path}?${query}`.slice(0, 200) + `: ${answer.status}`);
    }
  }
  return {
    tried: `${requests} requests at ${loaders.length} loaders`,
    measured: `${failed.length} answers of 5xx${failed.length === 0 ? '' : ` (${failed.slice(0, 4).join('; ')})`}; slowest ${slowestMs.toFixed(0)} ms`,
    isKept: failed.length === 0 && Reflect.get({}, 'polluted') === undefined && slowestMs <= (size === 'long' ? MAX_MS : MAX_MS_AMONG_OTHERS),
  };
});

const ELSEWHERE = 'evil.example';

/** Each would lead to another site, if anything in our answer were made of it. */
function baits(): URLSearchParams[] {
  const { domain } = app.tenants[0].ids;
  const host = (text: string) => Buffer.from(text).toString('base64');
  const home = { embedded: '1', shop: domain, host: host(`admin.shopify.com/store/${domain.split('.')[0]}`) };
  const addresses = [`https://${ELSEWHERE}`, `//${ELSEWHERE}`, `/\\${ELSEWHERE}`, `/${'%2F'}${ELSEWHERE}`, `javascript:alert('${ELSEWHERE}')`, `https:${ELSEWHERE}`, `https://${domain}@${ELSEWHERE}`];
  const named = ['returnTo', 'return_to', 'redirect', 'redirect_uri', 'next', 'url', 'continue', 'shopify-reload', 'exitIframe', 'redirectUri', 'callback'];
  return [
    ...named.flatMap((name) => addresses.flatMap((address) => [new URLSearchParams({ [name]: address }), new URLSearchParams({ ...home, [name]: address })])),
    ...[ELSEWHERE, `${ELSEWHERE}/`, `${domain}.${ELSEWHERE}`, `${domain}/..//${ELSEWHERE}`, `${domain}#@${ELSEWHERE}`, `${domain}\n${ELSEWHERE}`].flatMap((one) => [
      new URLSearchParams({ ...home, shop: one }),
      new URLSearchParams({ ...home, host: host(one) }),
      new URLSearchParams({ shop: one, host: host(one) }),
    ]),
    // Another merchant's own storefront is elsewhere, too.
    ...['evil-example-shop.myshopify.com/x', 'evil-example-shop.myshopify.com/admin', 'admin.shopify.com@evil-example-shop.myshopify.com/admin'].flatMap((one) => [
      new URLSearchParams({ shop: domain, host: host(one) }),
      new URLSearchParams({ ...home, host: host(one) }),
    ]),
  ];
}

promiseOf('A12', 'addresses that would lead elsewhere', async ({ pick }) => {
  // React warns of attributes that Polaris gives its links, in development.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const all = baits();
  const wrong: string[] = [];
  let requests = 0;
  for (const { route, call } of targets('GET')) {
    for (const query of all.filter((_, index) => pick(index % 24 === requests % 24 || route.id === 'routes/auth.$' || route.id === 'routes/app', true))) {
      const { status, headers, body } = await app.send(route, call, { query });
      requests += 1;
      const leads = leadsElsewhere(headers['location'] ?? null) || /window\.open|http-equiv="refresh"/.test(body) || (/<script|href=/.test(body) && body.includes(ELSEWHERE));
      if (leads || status >= 500) wrong.push(`${call.path}?${query}: ${status} ${headers['location'] ?? ''}`.slice(0, 300));
    }
  }
  return {
    tried: `${requests} requests`,
    measured: `${wrong.length} that lead elsewhere or fail${wrong.length === 0 ? '' : ` (${wrong.slice(0, 6).join('; ')})`}`,
    isKept: wrong.length === 0,
  };
});

/** Ours, or the admin's page of the shop that asked. */
function leadsElsewhere(location: string | null): boolean {
  if (location === null) return false;
  if (/^\/(?![/\\])/.test(location)) return false;
  return !location.startsWith('https://admin.shopify.com/store/') && !location.startsWith(`https://${app.tenants[0].ids.domain}/admin/`);
}

promiseOf('A12', 'bodies of 5 MB and more', async ({ size, pick }) => {
  const wrong: string[] = [];
  const actions = targets('POST');
  let [requests, slowestMs] = [0, 0];
  for (const target of actions) {
    for (const bytes of pick([5 * 1024 * 1024], [1024 * 1024 + 1, 5 * 1024 * 1024, 20 * 1024 * 1024])) {
      for (const isCounted of [true, false]) {
        const { status, ms } = await sendLong(target, bytes, isCounted);
        requests += 1;
        slowestMs = Math.max(slowestMs, ms);
        if (status !== 413) wrong.push(`${target.call.path}: ${status} for ${bytes} bytes${isCounted ? '' : ' of no said length'}`);
      }
    }
  }
  return {
    tried: `${requests} bodies at ${actions.length} actions`,
    measured: `${wrong.length} not 413${wrong.length === 0 ? '' : ` (${wrong.slice(0, 4).join('; ')})`}; slowest ${slowestMs.toFixed(0)} ms`,
    isKept: wrong.length === 0 && slowestMs <= (size === 'long' ? MAX_MS : MAX_MS_AMONG_OTHERS),
  };
});

async function sendLong(target: Target, bytes: number, isCounted: boolean): Promise<{ status: number; ms: number }> {
  const proof = proofOf(target.route.kind, app.tenants[0], target.call);
  const url = new URL(target.call.path, app.url);
  for (const [name, value] of new URLSearchParams(proof.query)) url.searchParams.append(name, value);
  const startedAt = performance.now();
  const status = await new Promise<number>((resolve, reject) => {
    const headers = { ...proof.headers, 'Content-Type': 'application/x-www-form-urlencoded', ...(isCounted ? { 'Content-Length': String(bytes) } : {}) };
    const outgoing = rawRequest(url, { method: 'POST', headers }, (incoming) => {
      incoming.resume();
      incoming.once('end', () => resolve(incoming.statusCode ?? 0));
    });
    outgoing.once('error', reject);
    const piece = Buffer.alloc(64 * 1024, 'a');
    for (let sent = 0; sent < bytes; sent += piece.length) outgoing.write(piece.subarray(0, Math.min(piece.length, bytes - sent)));
    outgoing.end();
  });
  return { status, ms: performance.now() - startedAt };
}

it('answers methods and addresses that no browser sends with no failure of its own', async () => {
  const statusOf = (method: string, path: string) =>
    new Promise<number>((resolve, reject) => {
      const outgoing = rawRequest(app.url, { method, path, headers: { 'User-Agent': 'Mozilla/5.0' } }, (incoming) => {
        incoming.resume();
        incoming.once('end', () => resolve(incoming.statusCode ?? 0));
      });
      outgoing.once('error', reject);
      outgoing.end();
    });
  const paths = ['/', '/app', '/app/offers', '/app/imports', '/api/checkout/next-order-offer', '/proxy/x', '/webhooks/orders', '/healthz', '/nowhere'];
  for (const method of ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY']) {
    for (const path of paths) expect(await statusOf(method, path), `${method} ${path}`).toBeLessThan(500);
  }
  const odd = ['//evil.example/', '/\\evil.example', '/%00', '/%E0%A4%A', '/app/%2e%2e/%2e%2e/x', '/app/..%2f..', '/app;a=b', 'http://evil.example/app', '/app?%', `/${'a/'.repeat(3000)}`, '/app/?_data=routes%2Fnone', '/app?_data=root', '/?index&_data=__proto__', '/app?_data=routes/app.offers', '/.env', '/app/offers.data', '/__manifest?p=/app'];
  for (const path of odd) expect(await statusOf('GET', path), path).toBeLessThan(500);
});

it('reads hostile texts in no time', async () => {
  const settings = { clientId: 'c', clientSecrets: ['s'], now: new Date(0) };
  const draft = writeOffersDraft(offering(), 'EUR');
  const readRule = (change: Partial<RuleDraft>) => readOffersDraft({ ...draft, rules: draft.rules.map((rule) => ({ ...rule, ...change })) }, 'EUR');
  const parsers: Record<string, (text: string) => unknown> = {
    'the offer’s percent': (text) => readRule({ percent: text }),
    'the offer’s days': (text) => readRule({ days: text }),
    'the offer’s minimum': (text) => readRule({ minimum: text }),
    'an amount': (text) => parseMinorUnits(text, 'EUR'),
    'a day': parseDay,
    'a shop’s domain': isShopDomain,
    'a staff token': (text) => verifyStaffToken(text.slice(0, 8000), settings),
    'a buyer’s token': (text) => verifyBuyerToken(text.slice(0, 8000), settings),
    'a header': (text) => findStaffToken(new Request('http://x/', { headers: { Authorization: `Bearer ${text.replace(/[^\x20-\x7e]/g, 'x')}` } })),
    'a signature': (text) => verifyProxySignature(new URLSearchParams({ signature: text, shop: text, timestamp: text }), settings),
  };
  const size = 100_000;
  const texts = ['1', '.', '-', 'a', ' ', '\n', '0.', 'a-', 'a.', '.a', '1,', '%', 'Bearer ', '=&', '\u3000'].flatMap((piece) => {
    const long = piece.repeat(size / piece.length);
    return [long, `${long}!`, `1${long}`, `https://${long}`, `${long}.myshopify.com`];
  });
  for (const [name, parse] of Object.entries(parsers)) {
    const startedAt = performance.now();
    for (const text of texts) await parse(text);
    // A square of the length would be hours; a hundredth of a second for each leaves room for a busy machine.
    expect(performance.now() - startedAt, name).toBeLessThan(texts.length * 20);
  }
});
