import type { IncomingMessage } from 'node:http';

import type pg from 'pg';

import { clientAddress } from '#app/adapters/http/client-address.server.ts';
import { EXTENSION_HEADERS } from '#app/adapters/http/extension-headers.ts';
import { noteRateLimited } from '#app/adapters/metrics/metrics.server.ts';
import { createRateLimits } from '#app/adapters/rate-limit/rate-limiter.server.ts';
import type { Allowance } from '#app/adapters/rate-limit/rate-limiter.server.ts';
import { verifyProxySignature } from '#app/adapters/shopify/proofs/proxy-signature.server.ts';
import { findBuyerToken, findStaffToken } from '#app/adapters/shopify/proofs/request-proof.ts';
import { verifyBuyerToken, verifyStaffToken } from '#app/adapters/shopify/proofs/session-token.server.ts';
import { env } from '#app/env.server.ts';
import { proofSettings } from '#app/access/proof-settings.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';

const LIMIT_NAMES = ['buyer', 'buyer-address', 'buyer-shop', 'proxy-customer', 'proxy-shop', 'staff-shop', 'stranger', 'forger'] as const;
type LimitName = (typeof LIMIT_NAMES)[number];

/**
 * Far above what anybody does who means well, and far below what one process answers. The block on the thank-you page
 * asks about 25 times for an order; behind one address there may be a whole mobile network.
 */
export const LIMITS: Readonly<Record<LimitName, Omit<Allowance, 'name'>>> = {
  buyer: { points: 120, perSeconds: 60 },
  'buyer-address': { points: 3_000, perSeconds: 60 },
  // A thousand thank-you pages within ten seconds, each asking for its code and its points until they are there.
  'buyer-shop': { points: 18_000, perSeconds: 60 },
  'proxy-customer': { points: 120, perSeconds: 60 },
  'proxy-shop': { points: 6_000, perSeconds: 60 },
  'staff-shop': { points: 6_000, perSeconds: 60 },
  stranger: { points: 1_200, perSeconds: 60 },
  forger: { points: 60, perSeconds: 60 },
};

/** One allowance that a request is taken from, and of whom. */
type Charge = [limit: LimitName, caller: string];

export interface RequestLimits {
  /** What answers in place of the app, null where the caller has something left. */
  refuse: (request: IncomingMessage, asWeb: Request) => Promise<Response | null>;
  /**
   * The same for a webhook or a workflow's action, once it is known whether Shopify has signed it. What it signed has no ceiling: it is as many
   * as the shop has changes, each is one small row, and after eight refusals Shopify takes the subscription away.
   */
  refuseForger: (request: IncomingMessage, asWeb: Request, answer: Response) => Promise<Response | null>;
  /** Whether what is asked may be looked up while `refuse` counts it. */
  isAskedAhead: (asWeb: Request) => boolean;
}

/**
 * What pages of an order or an account ask as they open: `GET`s that write nothing before they are let in, but that a
 * customer was seen signed in.
 */
const ASKED_AHEAD: ReadonlySet<string> = new Set(['/api/checkout/next-order-offer', '/api/shopper/loyalty', '/api/shopper/order']);

/** For load balancers, which ask from one address for everybody. */
const UNLIMITED: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz']);

export function createRequestLimits(pool: pg.Pool, limits = LIMITS): RequestLimits {
  const allowances = LIMIT_NAMES.map((name) => ({ name, ...limits[name] }));
  const shared = createRateLimits(allowances, { pool, ...systemRuntime });
  const charge = async (charges: readonly Charge[], isForExtension: boolean): Promise<Response | null> => {
    const consumed = await shared.consume(charges.map(([limit, caller]) => ({ limit, caller: hashOf(caller) })));
    if (consumed.ok) return null;
    noteRateLimited(consumed.limit);
    return tooMany(consumed.retryAfterSeconds, isForExtension);
  };
  return {
    async refuse(request, asWeb) {
      const path = pathAsRouted(asWeb);
      // The body is the proof, and is not read yet: see refuseForger.
      if (UNLIMITED.has(path) || isProvedByBody(path)) return null;
      const address = clientAddress(request, env.TRUSTED_PROXY_HOPS);
      return charge(chargesOf(asWeb, address), path.startsWith('/api/'));
    },
    isAskedAhead: (asWeb) => asWeb.method === 'GET' && ASKED_AHEAD.has(pathAsRouted(asWeb)),
    async refuseForger(request, asWeb, answer) {
      if (answer.status !== 401 || !isProvedByBody(pathAsRouted(asWeb))) return null;
      return charge([['forger', clientAddress(request, env.TRUSTED_PROXY_HOPS)]], false);
    },
  };
}

/** The router reads `/API/` and `/%61pi/` as `/api/`. */
function pathAsRouted({ url }: Request): string {
  return decodeURI(new URL(url).pathname).toLowerCase();
}

/** What Shopify itself sends, from few addresses for all shops: webhooks, and the actions of workflows. */
function isProvedByBody(path: string): boolean {
  return path.startsWith('/webhooks/') || path.startsWith('/flow/');
}

/** A proof names the shop that pays for the request; without one, it is the address. */
function chargesOf(request: Request, address: string): Charge[] {
  const path = pathAsRouted(request);
  const { searchParams } = new URL(request.url);
  // The blocks in Shopify's admin bring what a page of the app does.
  if (path.startsWith('/api/') && !path.startsWith('/api/admin/')) {
    const found = findBuyerToken(request);
    if (!found.ok) return [['stranger', address]];
    const buyer = verifyBuyerToken(found.value.token, proofSettings());
    if (!buyer.ok) return [['stranger', address]];
    const { shopDomain, customerId } = buyer.value;
    const people = customerId === null ? guestOf(found.value.token, searchParams) : [`customer ${customerId}`];
    const charges = people.map((person): Charge => ['buyer', `${shopDomain} ${person}`]);
    return [...charges, ['buyer-address', address], ['buyer-shop', shopDomain]];
  }
  if (path.startsWith('/proxy/')) {
    const proxy = verifyProxySignature(searchParams, proofSettings());
    if (!proxy.ok) return [['stranger', address]];
    const { shopDomain, customerId } = proxy.value;
    const ofShop: Charge[] = [['proxy-shop', shopDomain]];
    return customerId === null ? ofShop : [['proxy-customer', `${shopDomain} ${customerId}`], ...ofShop];
  }
  const found = findStaffToken(request);
  const staff = found.ok && found.value !== null ? verifyStaffToken(found.value.token, proofSettings()) : null;
  return staff?.ok ? [['staff-shop', staff.value.shopDomain]] : [['stranger', address]];
}

/** The token names no guest, and the order is what the caller writes: both are charged, so that neither can be changed to go on. */
function guestOf(token: string, searchParams: URLSearchParams): string[] {
  const orderId = searchParams.get('orderId');
  return [`token ${token}`, ...(orderId === null ? [] : [`order ${orderId}`])];
}

/** Whoever reads the table learns no address and no customer from it. Of no shop, because an address has none. */
function hashOf(caller: string): string {
  return Buffer.from(sealedBox.keyedHash(0, 'rate-limits', caller)).toString('base64url');
}

function tooMany(retryAfterSeconds: number, isForExtension: boolean): Response {
  const headers = { 'Retry-After': String(retryAfterSeconds), 'Cache-Control': 'no-store' };
  if (isForExtension) return Response.json({ error: 'too-many' }, { status: 429, headers: { ...EXTENSION_HEADERS, ...headers } });
  return new Response(`Too many requests: ask again in ${retryAfterSeconds} s`, {
    status: 429,
    headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8' },
  });
}
