import { afterAll, beforeAll, expect, it } from 'vitest';

import { changedTables, hashRows } from '#test/support/tenants.ts';
import { asData, startTenantApp, type Answer, type TenantApp, type TriedRoute } from '#test/support/tenant-app.ts';
import type { RouteCall } from '#test/support/route-cases.ts';
import { buyerClaims, forgeries, signToken, staffClaims, type Forgery } from '#test/support/token-matrix.ts';
import { promiseOf } from './promise.ts';

/** Each route in turn, beside other work. */
const EACH_ROUTE_MS = 90_000;

let app: TenantApp;

beforeAll(async () => {
  app = await startTenantApp();
});
afterAll(() => app.stop());

function routesOf(kind: 'merchant' | 'checkout'): { route: TriedRoute; call: RouteCall }[] {
  const [{ ids }] = app.tenants;
  return app.routes.filter((route) => route.kind === kind).flatMap((route) => route.calls(ids).map((call) => ({ route, call })));
}

/**
 * The forgeries as they are made at this second, by their places in the matrix: one that begins too early by seconds is
 * none any more once those have gone by.
 */
function forgeriesNow(kind: 'staff' | 'buyer'): (index: number) => Forgery {
  let [made, madeAtSeconds]: [Forgery[], number] = [[], 0];
  return (index) => {
    const maker = app.tenants[0].maker();
    if (maker.nowSeconds !== madeAtSeconds) [made, madeAtSeconds] = [forgeries(maker, kind), maker.nowSeconds];
    const one = made[index];
    if (!one) throw new Error(`there is no forgery ${index}`);
    return one;
  };
}

/** What the parameters of a document that the admin opens would be. */
function documentQuery(token: string): Record<string, string> {
  const { domain } = app.tenants[0].maker();
  const host = Buffer.from(`admin.shopify.com/store/${domain.split('.')[0]}`).toString('base64');
  return { embedded: '1', shop: domain, host, id_token: token };
}

/** Nothing was written, and Shopify was not asked. */
async function watchSideEffects(work: () => Promise<void>): Promise<string[]> {
  const before = await hashRows(app.owner);
  const asked = app.faulty.proxy.requests.length;
  await work();
  const calls = app.faulty.proxy.requests.length - asked;
  return [...changedTables(before, await hashRows(app.owner)), ...(calls === 0 ? [] : [`${calls} calls to Shopify`])];
}

async function reasonsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const { refusals } = await import('#app/access/refusals.server.ts');
  const countsNow = async () => new Map((await refusals.get()).values.map(({ labels, value }) => [`${labels.kind} ${labels.reason}`, value]));
  const before = await countsNow();
  await work();
  return [...(await countsNow())].filter(([key, value]) => value !== (before.get(key) ?? 0)).map(([key]) => key);
}

it('lets the true token of each kind in, also when a clock is off by 8 seconds', async () => {
  const [tenant] = app.tenants;
  for (const skewSeconds of [0, -8, 8]) {
    for (const [kind, claimsOf, seconds] of [['merchant', staffClaims, 60], ['checkout', buyerClaims, 300]] as const) {
      // How late or early is judged in one place for all routes of a kind.
      for (const { route, call } of routesOf(kind).filter((_, place) => skewSeconds === 0 || place % 8 === 0)) {
        const maker = tenant.maker();
        // Late: it ended 8 seconds ago. Early: it begins in 8 seconds.
        const startSeconds = maker.nowSeconds + skewSeconds - (skewSeconds < 0 ? seconds : 0);
        const times = { nbf: startSeconds, iat: startSeconds, exp: startSeconds + seconds };
        const header = `Bearer ${signToken(maker, claimsOf(maker, times))}`;
        const { status } = await app.send(route, call, { headers: { Authorization: header }, query: asData(route) });
        expect(call.answers ?? [200, 404], `${call.method} ${call.path} ${JSON.stringify(call.form ?? {})}: is the call in test/support/route-cases.ts as the route is now?`).toContain(status);
      }
    }
  }
}, EACH_ROUTE_MS);

promiseOf('A1', 'in the header, each forgery at each route', async ({ pick }) => {
  const maker = app.tenants[0].maker();
  const wrong: string[] = [];
  let tried = 0;
  const effects = await watchSideEffects(async () => {
    for (const [kind, tokenKind] of [['merchant', 'staff'], ['checkout', 'buyer']] as const) {
      const nth = forgeriesNow(tokenKind);
      for (const index of forgeries(maker, tokenKind).keys()) {
        const { name, header, reason } = nth(index);
        const reasons = await reasonsDuring(async () => {
          const answers = await Promise.all(
            // Small: each forgery at a quarter of the routes, and each route has its turn.
            routesOf(kind).filter((_, place) => pick((place + index) % 6 === 0, true)).map(async ({ route, call }) => {
              const answer = await app.send(route, call, { headers: { Authorization: header }, query: asData(route) });
              tried += 1;
              return { answer, at: `${call.method} ${call.path}` };
            }),
          );
          for (const { answer, at } of answers) if (answer.status !== 401) wrong.push(`${name} at ${at}: ${answer.status}`);
        });
        if (reasons.join() !== `${tokenKind} ${reason}`) wrong.push(`${name}: refused as ${reasons.join()} and not as ${reason}`);
      }
    }
  });
  const cases = forgeries(maker, 'staff').length + forgeries(maker, 'buyer').length;
  return {
    tried: `${cases} forgeries, ${tried} requests`,
    measured: `${wrong.length} not 401 or for another reason${firstOf(wrong)}; side effects: ${effects.join(', ') || 'none'}`,
    isKept: wrong.length === 0 && effects.length === 0 && cases >= 80 && tried > cases,
  };
});

promiseOf('A1', 'in the address of a document', async ({ pick }) => {
  const maker = app.tenants[0].maker();
  const pages = routesOf('merchant').filter(({ route, call }) => route.hasPage && call.method === 'GET');
  const nth = forgeriesNow('staff');
  const matrix = [...forgeries(maker, 'staff').entries()].filter(([, { header }]) => /^Bearer \S+$/.test(header));
  const wrong: string[] = [];
  let tried = 0;
  let bounced = 0;
  const effects = await watchSideEffects(async () => {
    for (const { route, call } of pick(pages.slice(0, 1), pages)) {
      for (const [index] of matrix) {
        const { name, header, reason } = nth(index);
        const answer = await app.send(route, call, { query: documentQuery(header.slice('Bearer '.length)) });
        tried += 1;
        // A frame that is loaded again brings the token that it once had. It is shown nothing and sent for another.
        const isBounced = reason === 'expired' && isBounce(answer);
        if (isBounced) bounced += 1;
        else if (answer.status !== 401) wrong.push(`${name} at ${call.path}: ${answer.status}`);
      }
    }
  });
  return {
    tried: `${matrix.length} forgeries, ${tried} documents`,
    measured: `${wrong.length} let in${firstOf(wrong)}; ${bounced} late ones sent for another token; side effects: ${effects.join(', ') || 'none'}`,
    isKept: wrong.length === 0 && effects.length === 0 && tried >= 40,
  };
});

promiseOf('A1', 'a true token where Shopify puts none', async ({ pick }) => {
  const [tenant, other] = app.tenants;
  const maker = tenant.maker();
  const token = signToken(maker, staffClaims(maker));
  const wrong: string[] = [];
  let tried = 0;
  const effects = await watchSideEffects(async () => {
    for (const [nth, { route, call }] of routesOf('merchant').entries()) {
      const places: Record<string, Parameters<TenantApp['send']>[2]> = {
        'the address of a request for data': { query: { ...documentQuery(token), _data: route.id } },
        'the address of what a script fetches': { query: documentQuery(token), headers: { 'Sec-Fetch-Dest': 'empty' } },
        'the address, twice': { query: new URLSearchParams([...Object.entries(documentQuery(token)), ['id_token', token]]) },
        'the address, of a document of another shop': { query: { ...documentQuery(token), shop: other.ids.domain } },
        'the header, at an address of another shop': { query: { shop: other.ids.domain }, headers: { Authorization: `Bearer ${token}` } },
        'the address beside a forged header': { query: documentQuery(token), headers: { Authorization: 'Bearer a.b.c' } },
        'a cookie': { query: { _data: route.id }, headers: { Cookie: `id_token=${token}; session=${token}` } },
        'another header': { query: { _data: route.id }, headers: { 'X-Authorization': `Bearer ${token}`, 'X-Session-Token': token } },
        'another parameter': { query: { _data: route.id, token, session_token: token, access_token: token } },
        'the proxied address': { query: { signature: '0'.repeat(64) }, headers: { Authorization: `Bearer ${token}` } },
      };
      // Small: each place at a quarter of the routes.
      for (const [place, sent] of Object.entries(places).filter((_, index) => pick((nth + index) % 4 === 0, true))) {
        tried += 1;
        const { status } = await app.send(route, call, sent);
        if (status !== 401) wrong.push(`${place} at ${call.method} ${call.path}: ${status}`);
      }
    }
  });
  return {
    tried: `${tried} requests`,
    measured: `${wrong.length} not 401${firstOf(wrong)}; side effects: ${effects.join(', ') || 'none'}`,
    isKept: wrong.length === 0 && effects.length === 0,
  };
});

it('sends a document without a token for one, and changes nothing', async () => {
  const effects = await watchSideEffects(async () => {
    for (const { route, call } of routesOf('merchant').filter(({ route: { hasPage }, call: { method } }) => hasPage && method === 'GET')) {
      const { id_token: _token, ...query } = documentQuery('');
      expect(isBounce(await app.send(route, call, { query })), call.path).toBe(true);
      const bare = await app.send(route, call);
      expect([bare.status, bare.headers['location']], call.path).toEqual([302, '/auth/login']);
    }
  });
  expect(effects).toEqual([]);
});

function isBounce({ status, headers }: Answer): boolean {
  return status === 302 && headers['location']?.startsWith('/auth/session-token?') === true && !headers['location'].includes('id_token');
}

function firstOf(wrong: readonly string[]): string {
  return wrong.length === 0 ? '' : ` (${wrong.slice(0, 5).join('; ')})`;
}
