import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { verifyProxySignature } from '#app/adapters/shopify/proofs/proxy-signature.server.ts';
import { verifyBuyerToken, verifyStaffToken } from '#app/adapters/shopify/proofs/session-token.server.ts';
import type { RouteCall, RouteKind } from '#test/support/route-cases.ts';
import { asData, signedProxyQuery, signedWebhook, startTenantApp, type Sent, type TenantApp, type TriedRoute } from '#test/support/tenant-app.ts';
import { changedTables, hashRows } from '#test/support/tenants.ts';
import { buyerClaims, signToken, staffClaims, type TokenMaker } from '#test/support/token-matrix.ts';
import { signProxyParameters } from '#test/simulator/app-proxy.ts';
import { promiseOf } from './promise.ts';

/** Each route in turn, beside other work. */
const EACH_ROUTE_MS = 90_000;

let app: TenantApp;

beforeAll(async () => {
  app = await startTenantApp();
});
afterAll(() => app.stop());

type Bearer = 'staff' | 'guest' | 'customer' | 'proxy' | 'webhook' | 'operator';

/** All that somebody can hold who is let in somewhere else. */
function proofs(maker: TokenMaker, call: RouteCall): Record<Bearer, Sent> {
  const bearer = (claims: object) => ({ headers: { Authorization: `Bearer ${signToken(maker, claims)}` } });
  return {
    staff: bearer(staffClaims(maker)),
    guest: bearer(buyerClaims(maker, { sub: undefined })),
    customer: bearer(buyerClaims(maker, { sub: 'gid://shopify/Customer/7001000002' })),
    proxy: { query: signedProxyQuery(maker, new URL(call.path, 'http://x').searchParams) },
    webhook: signedWebhook(maker, '{}'),
    operator: { headers: { Authorization: 'Bearer an-operator-token-of-a-test' } },
  };
}

/** Which of them a route takes, what it says to the others, and by which of our rules. */
const RULES: Record<Exclude<RouteKind, 'public'>, { takes: Bearer[]; status: number[]; reasons: Partial<Record<Bearer, string>> }> = {
  merchant: {
    takes: ['staff'],
    status: [401],
    reasons: { guest: 'staff other-kind', customer: 'staff other-kind', proxy: 'staff other-kind', webhook: 'staff other-kind', operator: 'staff malformed' },
  },
  checkout: {
    takes: ['guest', 'customer'],
    status: [401],
    reasons: { staff: 'buyer other-kind', proxy: 'buyer other-kind', webhook: 'buyer other-kind', operator: 'buyer malformed' },
  },
  proxy: {
    takes: ['proxy'],
    status: [400],
    reasons: { staff: 'proxy missing', guest: 'proxy missing', customer: 'proxy missing', webhook: 'proxy missing', operator: 'proxy missing' },
  },
  webhook: { takes: ['webhook'], status: [400, 401], reasons: {} },
  operator: { takes: ['operator'], status: [401, 404], reasons: {} },
};

function isGuarded(route: TriedRoute): route is TriedRoute & { kind: Exclude<RouteKind, 'public'> } {
  return route.kind !== 'public';
}

promiseOf('A2', 'what lets somebody in at one kind of route, at all the others', async () => {
  const { refusals } = await import('#app/access/refusals.server.ts');
  const counts = async () => new Map((await refusals.get()).values.map(({ labels, value }) => [`${labels.kind} ${labels.reason}`, value]));
  const [tenant] = app.tenants;
  const wrong: string[] = [];
  let tried = 0;
  const rows = await hashRows(app.owner);
  const asked = app.faulty.proxy.requests.length;
  for (const route of app.routes.filter(isGuarded)) {
    const rule = RULES[route.kind];
    for (const call of route.calls(tenant.ids)) {
      for (const [holder, sent] of Object.entries(proofs(tenant.maker(), call)) as [Bearer, Sent][]) {
        if (rule.takes.includes(holder)) continue;
        const before = await counts();
        const query = new URLSearchParams([...Object.entries(asData(route)), ...new URLSearchParams(sent.query)]);
        const { status } = await app.send(route, call, { ...sent, query });
        const noted = [...(await counts())].filter(([key, value]) => value !== (before.get(key) ?? 0)).map(([key]) => key).join();
        tried += 1;
        const at = `${holder} at ${call.method} ${call.path}`;
        if (!rule.status.includes(status)) wrong.push(`${at}: ${status}`);
        else if (noted !== (rule.reasons[holder] ?? '')) wrong.push(`${at}: refused as "${noted}"`);
      }
    }
  }
  const changed = changedTables(rows, await hashRows(app.owner));
  const calls = app.faulty.proxy.requests.length - asked;
  return {
    tried: `${tried} requests at ${app.routes.filter(isGuarded).length} routes`,
    measured: `${wrong.length} let in or refused by chance${wrong.length === 0 ? '' : ` (${wrong.slice(0, 5).join('; ')})`}; ${changed.length} tables changed, ${calls} calls to Shopify`,
    isKept: wrong.length === 0 && changed.length === 0 && calls === 0 && tried >= 50,
  };
});

it('takes each proof at the routes that it is for', async () => {
  const [tenant] = app.tenants;
  for (const route of app.routes.filter(isGuarded)) {
    const rule = RULES[route.kind];
    for (const call of route.calls(tenant.ids)) {
      for (const holder of rule.takes.filter((one) => one !== 'operator')) {
        const sent = proofs(tenant.maker(), call)[holder];
        const query = new URLSearchParams([...Object.entries(asData(route)), ...new URLSearchParams(sent.query)]);
        const { status } = await app.send(route, call, { ...sent, query });
        // A topic that the address is not for is refused after its signature was good.
        expect(rule.status.filter((one) => route.kind !== 'webhook' || one !== 400), `${holder} at ${call.method} ${call.path}`).not.toContain(status);
      }
    }
  }
}, EACH_ROUTE_MS);

const ENDS = { now: new Date('2026-11-22T00:00:00Z'), clientId: 'client', clientSecrets: ['new secret', 'old secret'] };
const maker = (): TokenMaker => ({ clientId: 'client', secret: 'new secret', domain: 'alder.myshopify.com', otherDomain: 'birch.myshopify.com', nowSeconds: ENDS.now.getTime() / 1000 });

it('tells staff from buyers by any one mark', () => {
  const staff = staffClaims(maker());
  const buyer = buyerClaims(maker(), { sub: 'gid://shopify/Customer/7' });
  // From a token of staff one claim after the other becomes that of a buyer, and the other way round.
  for (const claim of ['dest', 'sub']) {
    expect(verifyStaffToken(signToken(maker(), { ...staff, [claim]: buyer[claim] }), ENDS), claim).toEqual({ ok: false, reason: 'other-kind' });
  }
  for (const claim of ['dest', 'iss', 'sub', 'sid']) {
    expect(verifyBuyerToken(signToken(maker(), { ...buyer, [claim]: staff[claim] }), ENDS), claim).toEqual({ ok: false, reason: 'other-kind' });
  }
  expect(verifyStaffToken(signToken(maker(), buyer), ENDS)).toEqual({ ok: false, reason: 'other-kind' });
  expect(verifyBuyerToken(signToken(maker(), staff), ENDS)).toEqual({ ok: false, reason: 'other-kind' });
});

it('knows whom a token speaks for', () => {
  expect(verifyStaffToken(signToken(maker(), staffClaims(maker())), ENDS)).toEqual({
    ok: true,
    value: { kind: 'staff', shopDomain: 'alder.myshopify.com', staffId: '4711' },
  });
  expect(verifyBuyerToken(signToken(maker(), buyerClaims(maker(), { sub: 'gid://shopify/Customer/7' })), ENDS)).toEqual({
    ok: true,
    value: { kind: 'buyer', shopDomain: 'alder.myshopify.com', customerId: 7n },
  });
  expect(verifyBuyerToken(signToken(maker(), buyerClaims(maker(), { iss: 'https://shopify.com/checkout' })), ENDS)).toMatchObject({ ok: true, value: { customerId: null } });
});

it('takes the secret before this one while it is being changed, and none else', () => {
  const signed = (secret: string) => verifyStaffToken(signToken(maker(), staffClaims(maker()), { secret }), ENDS);
  expect(signed('old secret')).toMatchObject({ ok: true });
  expect(signed('older secret')).toEqual({ ok: false, reason: 'signature' });
});

it.each<[string, (query: URLSearchParams) => void, string]>([
  ['nothing signed', (query) => query.delete('signature'), 'missing'],
  ['a parameter more', (query) => query.append('x', '1'), 'signature'],
  ['another customer', (query) => query.set('logged_in_customer_id', '7'), 'signature'],
  ['a second shop', (query) => query.append('shop', 'birch.myshopify.com'), 'malformed'],
  ['a second time', (query) => query.append('timestamp', '1'), 'malformed'],
  ['a signature in capitals', (query) => query.set('signature', query.get('signature')?.toUpperCase() ?? ''), 'malformed'],
  ['a cut signature', (query) => query.set('signature', query.get('signature')?.slice(2) ?? ''), 'malformed'],
  // Nothing parts the parameters in what is signed: `shop=a` and `timestamp=1` could be read as one value.
  ['two parameters read as one', (query) => { query.set('shop', `${query.get('shop')}timestamp=${query.get('timestamp')}`); query.delete('timestamp'); }, 'claims'],
])('refuses the app proxy with %s', (_name, change, reason) => {
  const own = { id: randomUUID() };
  const query = new URLSearchParams({ ...own, ...signedProxyQuery(maker(), new URLSearchParams(own)) });
  expect(verifyProxySignature(query, ENDS).ok).toBe(true);
  change(query);
  expect(verifyProxySignature(query, ENDS)).toEqual({ ok: false, reason });
});

it('refuses a text that was signed for a visitor and is cut anew to name a customer, or another shop', () => {
  const cut = (own: Record<string, string>, anew: (added: Record<string, string>) => Record<string, string>) => {
    const { signature = '', ...added } = signedProxyQuery(maker(), new URLSearchParams(own));
    const query = new URLSearchParams({ ...anew(added), signature });
    const textOf = (parameters: URLSearchParams) => [...parameters].filter(([name]) => name !== 'signature').map(([name, value]) => `${name}=${value}`).sort().join('');
    // The very text that Shopify signed: by the signature alone it would pass.
    expect(textOf(query)).toBe(textOf(new URLSearchParams({ ...own, ...added })));
    return verifyProxySignature(query, ENDS);
  };
  const asCustomer = cut({ a: 'x', 'logged_in_customer_id=77m': 'v' }, ({ logged_in_customer_id: _empty, ...added }) => ({
    ...{ a: 'xlogged_in_customer_id=', logged_in_customer_id: '77', m: 'v' },
    ...added,
  }));
  const asOtherShop = cut({ 'shop=birch.myshopify.comt': 'v' }, ({ shop = '', path_prefix: prefix = '', ...added }) => ({
    ...{ path_prefix: `${prefix}shop=${shop}`, shop: 'birch.myshopify.com', t: 'v' },
    ...added,
  }));
  expect([asCustomer, asOtherShop]).toEqual(Array.from({ length: 2 }, () => ({ ok: false, reason: 'malformed' })));
});

it.each([['', null], ['7', 7n], ['0', 'subject'], ['7x', 'subject'], ['-7', 'subject'], ['9223372036854775808', 'subject']])(
  'reads %j as who is signed in at the storefront',
  (text, read) => {
    const query = new URLSearchParams({ shop: maker().domain, path_prefix: '/apps/x', timestamp: String(maker().nowSeconds), logged_in_customer_id: text });
    query.set('signature', signProxyParameters(query, maker().secret));
    const verdict = verifyProxySignature(query, ENDS);
    expect(verdict.ok ? verdict.value.customerId : verdict.reason).toBe(read);
  },
);

it.each([[-91, 'not-yet'], [91, 'expired'], [89, null], [-89, null]])('lets a signature of the app proxy be %s seconds old', (ageSeconds, reason) => {
  const late = { ...maker(), nowSeconds: maker().nowSeconds - ageSeconds };
  const verdict = verifyProxySignature(new URLSearchParams(signedProxyQuery(late, new URLSearchParams())), ENDS);
  expect(verdict.ok ? null : verdict.reason).toBe(reason);
});
