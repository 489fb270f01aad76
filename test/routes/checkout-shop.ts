import { createHmac, randomUUID } from 'node:crypto';

import pg from 'pg';
import { expect } from 'vitest';

import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import { ANYBODY } from '#app/domain/offers/offer-rule.ts';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { insertOrder } from '#test/services/offers/offer-orders.ts';
import { aRule, offering } from '#test/services/offers/offering.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, TEST_APP } from '#test/support/app-under-test.ts';
import { waitFor } from '#test/support/wait-for.ts';

const STORE = syntheticStore(6);
const OTHER = syntheticStore(6, { shop: { id: 2, domain: 'other.myshopify.com' } });
export const DOMAIN = STORE.shop.domain;
export const OTHER_DOMAIN = OTHER.shop.domain;
export const ORDER = 7001;
/** First orders get 15 % for 30 days, but for what is changed. */
export function firstOrders(changes: Partial<OfferRule> = {}): OfferSettings {
  return offering([aRule({ conditions: { ...ANYBODY, orders: 'first' }, ...changes })]);
}

export const ON = firstOrders();
export const EVERY_ORDER = offering();

export type Claims = Record<string, unknown>;

/** Of a guest on the thank-you page; a change to undefined takes a claim away. */
export function claimsOf(changes: Claims = {}): Claims {
  const now = Math.floor(Date.now() / 1000);
  const claims: Claims = { dest: DOMAIN, aud: TEST_APP.clientId, exp: now + 300, nbf: now, iat: now, jti: randomUUID(), ...changes };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

export const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function sign(claims: unknown, { header = { alg: 'HS256', typ: 'JWT' }, secret = TEST_APP.clientSecret, hash = 'sha256' }: {
  header?: Claims;
  secret?: string;
  hash?: string;
} = {}): string {
  const body = `${encode(header)}.${encode(claims)}`;
  return `${body}.${createHmac(hash, secret).update(body).digest('base64url')}`;
}

export interface Ask {
  orderId?: string;
  authorization?: string | null;
  method?: string;
  query?: string;
}

export async function ask({ orderId = `gid://shopify/OrderIdentity/${ORDER}`, authorization, method = 'GET', query }: Ask = {}) {
  const { loader } = await import('#app/routes/api.checkout.next-order-offer.ts');
  const header = authorization === undefined ? `Bearer ${sign(claimsOf())}` : authorization;
  const search = query ?? `orderId=${encodeURIComponent(orderId)}`;
  const request = new Request(`https://perennial.example.com/api/checkout/next-order-offer?${search}`, {
    method,
    // As a bot would call itself: nobody is turned away for that.
    headers: { 'User-Agent': 'HeadlessChrome', ...(header === null ? {} : { Authorization: header }) },
  });
  return loader({ request, params: {}, context: {} });
}

/** As the block asks: again, where the machine had too much else to do for an answer in time. */
export async function offerOf(question: Ask = {}): Promise<NextOrderOffer> {
  const answer = async () => {
    const response = await ask(question);
    return response.status === 503 ? undefined : response;
  };
  const response = await waitFor('an answer', answer, { timeoutMs: 30_000 });
  expect(response.status).toBe(200);
  return response.json();
}

export interface CheckoutShop {
  owner: pg.Client;
  context: ShopContext;
  /** Of another shop that is installed too. */
  other: ShopContext;
  save(settings: unknown, of?: ShopContext): Promise<void>;
  issueAll(of?: ShopContext): Promise<void>;
  count(table: 'offer_codes' | 'offer_discounts'): Promise<number>;
  /** No code, one order of one customer, the offer on. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export async function openCheckoutShop(): Promise<CheckoutShop> {
  const app = await startAppUnderTest({ store: [STORE, OTHER] });
  const owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  const context = await app.install(DOMAIN);
  const shopify = app.running.simulator.requireStore(DOMAIN);
  const other = await app.install(OTHER_DOMAIN);
  const save = async (settings: unknown, of = context) => {
    const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
    expect((await saveOfferSettings(of, settings)).ok).toBe(true);
  };
  return {
    owner,
    context,
    other,
    save,
    async issueAll(of = context) {
      const { issueOfferCodes } = await import('#app/services/offers/issue-offer-codes.server.ts');
      await issueOfferCodes(of);
    },
    async count(table) {
      const { rows } = await owner.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
      return rows[0]?.count ?? -1;
    },
    async reset() {
      // Shopify keeps codes for ever, and an order's is the same each time.
      for (const discount of [...shopify.discounts.values()]) shopify.restore('discount', { ...discount, deletedAt: new Date().toISOString() });
      await owner.query('DELETE FROM offer_discounts; DELETE FROM offer_credits; DELETE FROM offer_decisions; DELETE FROM orders; DELETE FROM customers');
      await save(ON);
      await save(ON, other);
      await insertOrder(owner, context.shop.shopId, { orderId: ORDER, customerId: 100 });
    },
    async stop() {
      await owner.end();
      await app.stop();
    },
  };
}
