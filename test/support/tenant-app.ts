import { createHmac, randomUUID } from 'node:crypto';

import type pg from 'pg';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { signProxyParameters } from '#test/simulator/app-proxy.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { BROWSER_AGENT, TEST_APP } from './app-under-test.ts';
import { startAppServer } from './app-server.ts';
import { startFaultyApp, type FaultyApp } from './faulty-app.ts';
import { ROUTE_CASES, type RouteCall, type RouteCase } from './route-cases.ts';
import { routeManifest, type RouteEntry } from './route-manifest.ts';
import { fillTenant, type TenantIds } from './tenants.ts';
import { buyerClaims, signToken, staffClaims, type TokenMaker } from './token-matrix.ts';

export interface Tenant {
  context: ShopContext;
  ids: TenantIds;
  maker: () => TokenMaker;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Sent {
  headers?: Record<string, string>;
  /** Instead of the form. */
  body?: BodyInit;
  /** Put behind the address. */
  query?: Record<string, string> | URLSearchParams;
}

/** A route with the facts of the manifest and how it is called. */
export type TriedRoute = RouteEntry & RouteCase;

export interface TenantApp {
  /** Of the app's listener. */
  url: string;
  faulty: FaultyApp;
  owner: pg.Client;
  tenants: readonly [Tenant, Tenant, Tenant];
  routes: TriedRoute[];
  /** One call of a route over HTTP, as nobody unless `sent` says otherwise. */
  send(route: TriedRoute, call: RouteCall, sent?: Sent): Promise<Answer>;
  stop(): Promise<void>;
}

const DOMAINS = ['alder.myshopify.com', 'canary-birch.myshopify.com', 'canary-cedar.myshopify.com'];

/** Who the tokens speak for owns each of the shops, so that nothing is refused for want of a permission. */
const STAFF = [{ id: 4711, firstName: 'Alder', lastName: 'Owner', email: 'owner@example.com', isOwner: true, isCollaborator: false }];

/** The app behind its own listener, with three installed shops full of data. */
export async function startTenantApp(): Promise<TenantApp> {
  const faulty = await startFaultyApp(DOMAINS.map((domain, index) => syntheticStore(2, { shop: { id: index + 1, domain, staff: STAFF } })));
  const server = await startAppServer();
  const tenantOf = async (number: number): Promise<Tenant> => {
    const [domain = '', otherDomain = ''] = [DOMAINS[number], DOMAINS[(number + 1) % 3]];
    // An id that is not part of some other number by chance.
    await faulty.owner.query("SELECT setval('shops_shop_id_seq', $1)", [734_000 + number * 1_111]);
    const context = await faulty.app.install(domain);
    const ids = await fillTenant(faulty.owner, context, number + 1);
    const maker = () => ({
      clientId: TEST_APP.clientId,
      secret: TEST_APP.clientSecret,
      domain,
      otherDomain,
      customerId: ids.customerId,
      nowSeconds: Math.floor(context.now().getTime() / 1000),
    });
    return { context, ids, maker };
  };
  const tenants = [await tenantOf(0), await tenantOf(1), await tenantOf(2)] as const;
  const routes = routeManifest().flatMap((entry) => {
    const known = ROUTE_CASES[entry.id];
    return known ? [{ ...entry, ...known }] : [];
  });
  return {
    url: server.url,
    faulty,
    owner: faulty.owner,
    tenants,
    routes,
    send: (route, call, sent) => send(server.url, route, call, sent),
    stop: async () => {
      await server.close();
      await faulty.stop();
    },
  };
}

async function send(origin: string, route: TriedRoute, call: RouteCall, { headers = {}, body, query = {} }: Sent = {}): Promise<Answer> {
  const url = new URL(call.path, origin);
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.append(name, value);
  const isJson = body === undefined && call.json !== undefined;
  const form = call.form === undefined ? undefined : new URLSearchParams(call.form);
  const content = isJson ? JSON.stringify({ ...call.json, ...call.form }) : (body ?? form);
  const response = await fetch(url, {
    method: call.method,
    redirect: 'manual',
    headers: { 'User-Agent': BROWSER_AGENT, ...(isJson ? { 'Content-Type': 'application/json' } : {}), ...headers },
    ...(call.method === 'POST' ? { body: content ?? '{}' } : {}),
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

/** Remix' way to ask a page for its data alone; a route without a page has nothing else. */
export function asData(route: TriedRoute): Record<string, string> {
  return route.hasPage ? { _data: route.id } : {};
}

/** What proves to a route of this kind that `tenant` asks; undefined where nobody has to prove anything. */
export function proofOf(kind: RouteCase['kind'], tenant: Tenant, call: RouteCall): Sent {
  const maker = tenant.maker();
  const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
  switch (kind) {
    case 'merchant':
      return bearer(signToken(maker, staffClaims(maker)));
    case 'checkout':
      return bearer(signToken(maker, buyerClaims(maker)));
    case 'proxy':
      return { query: signedProxyQuery(maker, new URL(call.path, 'http://x').searchParams, tenant.ids.customerId) };
    case 'webhook':
      return signedWebhook(maker, '{}');
    default:
      return {};
  }
}

/** @param customerId who is signed in at the storefront; null for nobody */
export function signedProxyQuery(maker: TokenMaker, own: URLSearchParams, customerId: number | null = null): Record<string, string> {
  const signedIn = { logged_in_customer_id: customerId === null ? '' : String(customerId) };
  const added = { shop: maker.domain, path_prefix: '/apps/perennial', timestamp: String(maker.nowSeconds), ...signedIn };
  const signature = signProxyParameters(new URLSearchParams([...own, ...Object.entries(added)]), maker.secret);
  return { ...added, signature };
}

export function signedWebhook(maker: TokenMaker, body: string): Sent & { headers: Record<string, string> } {
  return {
    body,
    headers: {
      'Content-Type': 'application/json',
      'X-Shopify-Topic': 'orders/create',
      'X-Shopify-Shop-Domain': maker.domain,
      'X-Shopify-API-Version': '2026-10',
      'X-Shopify-Webhook-Id': randomUUID(),
      'X-Shopify-Hmac-Sha256': createHmac('sha256', maker.secret).update(body).digest('base64'),
    },
  };
}
