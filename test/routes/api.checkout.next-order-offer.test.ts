import { createHmac, generateKeyPairSync, randomUUID, sign as signWith } from 'node:crypto';

import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import { DEFAULT_OFFER_SETTINGS } from '#app/domain/offers/offer-settings.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { insertCustomer, insertOrder } from '#test/services/offers/offer-orders.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, TEST_APP } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';

const STORE = syntheticStore(6);
const OTHER = syntheticStore(6, { shop: { id: 2, domain: 'other.myshopify.com' } });
const DOMAIN = STORE.shop.domain;
const ORDER = 7001;
const ON = { ...DEFAULT_OFFER_SETTINGS, isEnabled: true };

type Claims = Record<string, unknown>;

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let other: ShopContext;

function claimsOf(changes: Claims = {}): Claims {
  const now = Math.floor(Date.now() / 1000);
  const claims: Claims = { dest: DOMAIN, aud: TEST_APP.clientId, exp: now + 300, nbf: now, iat: now, jti: randomUUID(), ...changes };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function sign(claims: unknown, { header = { alg: 'HS256', typ: 'JWT' }, secret = TEST_APP.clientSecret, hash = 'sha256' }: {
  header?: Claims;
  secret?: string;
  hash?: string;
} = {}): string {
  const body = `${encode(header)}.${encode(claims)}`;
  return `${body}.${createHmac(hash, secret).update(body).digest('base64url')}`;
}

interface Ask {
  orderId?: string;
  authorization?: string | null;
  method?: string;
  query?: string;
}

async function ask({ orderId = `gid://shopify/OrderIdentity/${ORDER}`, authorization, method = 'GET', query }: Ask = {}) {
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

async function offerOf(question: Ask = {}): Promise<NextOrderOffer> {
  const response = await ask(question);
  expect(response.status).toBe(200);
  return response.json();
}

async function issueAll(of: ShopContext = context): Promise<void> {
  const { issueOfferCodes } = await import('#app/services/offers/issue-offer-codes.server.ts');
  await issueOfferCodes(of);
}

async function save(settings: unknown, of: ShopContext = context): Promise<void> {
  const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
  const saved = await saveOfferSettings(of, settings);
  expect(saved.ok).toBe(true);
}

async function count(table: 'offer_codes' | 'offer_discounts'): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
  return rows[0]?.count ?? -1;
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, OTHER] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(DOMAIN);
  other = await app.install(OTHER.shop.domain);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

beforeEach(async () => {
  await owner.query('DELETE FROM offer_discounts; DELETE FROM orders; DELETE FROM customers');
  await save(ON);
  await save(ON, other);
  await insertOrder(owner, context.shop.shopId, { orderId: ORDER, customerId: 100 });
});

describe('the session token of the thank-you page', () => {
  const now = Math.floor(Date.now() / 1000);
  const bearer = (claims: Claims, options?: Parameters<typeof sign>[1]) => `Bearer ${sign(claimsOf(claims), options)}`;
  const good = sign(claimsOf());
  const [goodHeader = '', goodBody = '', goodSignature = ''] = good.split('.');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsaInput = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claimsOf())}`;
  const shop = DOMAIN.split('.')[0] ?? '';

  const refused: Record<string, string | null> = {
    'no header': null,
    'an empty header': '',
    'a header without a token': 'Bearer ',
    'another scheme': `Basic ${good}`,
    'a bare token': good,
    'two tokens': `Bearer ${good}, Bearer ${good}`,
    'a token of two parts': `Bearer ${goodHeader}.${goodBody}`,
    'a token of four parts': `Bearer ${good}.x`,
    'no JSON in it': `Bearer ${Buffer.from('x').toString('base64url')}.${goodBody}.${goodSignature}`,
    'an empty signature': `Bearer ${goodHeader}.${goodBody}.`,
    'a signature with one bit changed': `Bearer ${goodHeader}.${goodBody}.${goodSignature.startsWith('A') ? 'B' : 'A'}${goodSignature.slice(1)}`,
    'a cut signature': `Bearer ${goodHeader}.${goodBody}.${goodSignature.slice(0, 20)}`,
    'the signature of another token': `Bearer ${sign(claimsOf({ sub: 'gid://shopify/Customer/100' })).split('.').slice(0, 2).join('.')}.${goodSignature}`,
    'the secret of another app': bearer({}, { secret: 'another-secret' }),
    'an empty secret': bearer({}, { secret: '' }),
    'the client id as the secret': bearer({}, { secret: TEST_APP.clientId }),
    'alg none': `Bearer ${encode({ alg: 'none' })}.${goodBody}.`,
    'alg none with a signature': bearer({}, { header: { alg: 'none', typ: 'JWT' } }),
    'alg None': bearer({}, { header: { alg: 'None', typ: 'JWT' } }),
    'no alg': bearer({}, { header: { typ: 'JWT' } }),
    'alg HS384': bearer({}, { header: { alg: 'HS384' }, hash: 'sha384' }),
    'alg HS512': bearer({}, { header: { alg: 'HS512' }, hash: 'sha512' }),
    'alg RS256 by a key of its own': `Bearer ${rsaInput}.${signWith('sha256', Buffer.from(rsaInput), rsa.privateKey).toString('base64url')}`,
    'alg RS256 over an HMAC': bearer({}, { header: { alg: 'RS256', typ: 'JWT' } }),
    'a critical extension': bearer({}, { header: { alg: 'HS256', crit: ['b64'], b64: false } }),
    'an end that has passed': bearer({ exp: now - 11, nbf: now - 311 }),
    'a start to come': bearer({ nbf: now + 60 }),
    'no end': bearer({ exp: undefined }),
    'no start': bearer({ nbf: undefined }),
    'no audience': bearer({ aud: undefined }),
    'no dest': bearer({ dest: undefined }),
    'no jti': bearer({ jti: undefined }),
    'an end in words': bearer({ exp: 'tomorrow' }),
    'another audience': bearer({ aud: 'another-app' }),
    'a list of audiences': bearer({ aud: [TEST_APP.clientId] }),
    'a list with ours and another': bearer({ aud: [TEST_APP.clientId, 'another-app'] }),
    'a shop that never installed': bearer({ dest: 'stranger.myshopify.com' }),
    'a dest outside of Shopify': bearer({ dest: 'example.com' }),
    'a dest with a port': bearer({ dest: `${DOMAIN}:443` }),
    'a dest with a path': bearer({ dest: `${DOMAIN}/admin` }),
    'a dest with a user': bearer({ dest: `evil@${DOMAIN}` }),
    'a dest with plain http': bearer({ dest: `http://${DOMAIN}` }),
    'a dest with a slash at its end': bearer({ dest: `https://${DOMAIN}/` }),
    'a dest in capitals': bearer({ dest: DOMAIN.toUpperCase() }),
    'a dest in letters that look alike': bearer({ dest: `${shop.replace('s', 'ѕ')}.myshopify.com` }),
    'a dest that ends elsewhere': bearer({ dest: `${DOMAIN}.example.com` }),
    'a dest with a line break': bearer({ dest: `${DOMAIN}\n` }),
    'a dest of two shops': bearer({ dest: [DOMAIN, OTHER.shop.domain] }),
    'an issuer of another shop': bearer({ iss: `https://${OTHER.shop.domain}` }),
    'a customer in another shape': bearer({ sub: 'gid://shopify/Customer/abc' }),
    'an order as the customer': bearer({ sub: `gid://shopify/Order/${ORDER}` }),
    'a numeric customer': bearer({ sub: 100 }),
    'the admin: issuer, scheme and staff': bearer({
      iss: `https://${DOMAIN}/admin`, dest: `https://${DOMAIN}`, sub: '1', sid: 'abc',
    }),
    'the admin: only the issuer': bearer({ iss: `https://${DOMAIN}/admin` }),
    'the admin: only the staff member': bearer({ sub: '42' }),
    'the admin: only the session': bearer({ sid: 'abc' }),
    'the admin with the scheme': bearer({ dest: `https://${DOMAIN}`, sub: '42' }),
    '16 KB of claims': bearer({ padding: 'x'.repeat(16 * 1024) }),
  };

  it.each(Object.entries(refused))('is refused with %s', async (_name, authorization) => {
    const response = await ask({ authorization });
    expect([response.status, await response.json()]).toEqual([401, { error: 'unauthorized' }]);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(await count('offer_codes')).toBe(0);
  });

  it('is not read from the address', async () => {
    const query = `orderId=${ORDER}&token=${good}&id_token=${good}&session=${good}`;
    expect((await ask({ authorization: null, query })).status).toBe(401);
  });

  const accepted: Record<string, Claims> = {
    'of a guest': {},
    'of the customer of the order': { sub: 'gid://shopify/Customer/100' },
    'with a clock that is 9 seconds behind': { exp: now - 5, nbf: now - 305 },
    'with a clock that is 9 seconds ahead': { nbf: now + 8 },
    'with the domain as an address': { dest: `https://${DOMAIN}` },
    'with an issuer that we do not know': { iss: 'https://shopify.com/checkout' },
  };

  it.each(Object.entries(accepted))('lets a buyer in %s', async (_name, claims) => {
    expect(await offerOf({ authorization: bearer(claims) })).toMatchObject({ state: 'pending' });
  });

  it('lets nobody in for a shop that uninstalled', async () => {
    await owner.query('UPDATE shops SET uninstalled_at = now() WHERE shop_id = $1', [context.shop.shopId]);
    const response = await ask();
    await owner.query('UPDATE shops SET uninstalled_at = NULL');
    expect(response.status).toBe(401);
  });
});

describe('what a browser may do', () => {
  it('lets any origin ask with a token, and keeps the answer nowhere', async () => {
    const preflight = await ask({ method: 'OPTIONS', authorization: null });
    expect(preflight.status).toBe(204);
    const answer = await ask();
    for (const { headers } of [preflight, answer]) {
      expect(headers.get('Access-Control-Allow-Origin')).toBe('*');
      expect(headers.get('Access-Control-Allow-Headers')).toBe('Authorization, Content-Type');
      expect(headers.get('Access-Control-Allow-Credentials')).toBeNull();
      expect(headers.get('Cache-Control')).toBe('no-store');
    }
  });

  it.each([
    ['none', ''],
    ['an empty one', 'orderId='],
    ['another kind of thing', 'orderId=gid://shopify/Customer/7'],
    ['a negative one', 'orderId=-7'],
    ['one beyond 64 bits', 'orderId=9223372036854775808'],
    ['two', 'orderId=7001&orderId=7002'],
    ['SQL', "orderId=7001' OR 1=1"],
  ])('refuses %s as the order id', async (_name, query) => {
    expect((await ask({ query })).status).toBe(400);
  });

  it.each([`gid://shopify/OrderIdentity/${ORDER}`, `gid://shopify/Order/${ORDER}`, String(ORDER)])('takes %s', async (orderId) => {
    await offerOf({ orderId });
    expect(await count('offer_codes')).toBe(1);
  });

  it('answers 503 and no more when the database is out of reach', async () => {
    await owner.query('ALTER TABLE orders RENAME TO orders_away');
    const response = await ask().finally(() => owner.query('ALTER TABLE orders_away RENAME TO orders'));
    expect([response.status, await response.json()]).toEqual([503, { error: 'unavailable' }]);
  });
});

describe('the offer of an order', () => {
  it('is pending until the worker has been, and then ready with its terms', async () => {
    await save({ ...ON, minimumSubtotalMinor: 2500, validDays: 10, percentBasisPoints: 1250 });
    expect(await offerOf()).toEqual({ state: 'pending', retryAfterMs: 400, isPromised: true });
    expect(await offerOf()).toEqual({ state: 'pending', retryAfterMs: 400, isPromised: true });
    await issueAll();
    expect(await offerOf()).toEqual({
      state: 'ready',
      code: expect.stringMatching(/^BACK-[A-HJ-NP-Z2-9]{8}$/),
      percentBasisPoints: 1250,
      minimumSubtotal: { amountMinor: 2500, currency: 'EUR', decimals: 2 },
      endsAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:59:59Z$/),
      isPersonal: true,
    });
  });

  it('asks for no minimum that was meant in a currency which the shop has left', async () => {
    await owner.query("UPDATE shops SET currency = 'EUR'");
    await save({ ...ON, minimumSubtotalMinor: 2500 });
    await owner.query("UPDATE shops SET currency = 'JPY'");
    await offerOf();
    await issueAll();
    const offer = await offerOf();
    await owner.query("UPDATE shops SET currency = 'EUR'");
    expect(offer).toMatchObject({ state: 'ready', minimumSubtotal: null });
  });

  it('is one, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => offerOf()));
    expect(new Set(answers.map((answer) => answer.state))).toEqual(new Set(['pending']));
    expect([await count('offer_codes'), await count('offer_discounts')]).toEqual([1, 1]);
    await issueAll();
    const ready = await Promise.all(Array.from({ length: 50 }, () => offerOf()));
    expect(new Set(ready.map((answer) => (answer.state === 'ready' ? answer.code : answer.state))).size).toBe(1);
  });

  it('stays the same after the terms change, and after the offer is switched off', async () => {
    await offerOf();
    await issueAll();
    const before = await offerOf();
    await save({ ...ON, percentBasisPoints: 5000, audience: 'every-order' });
    expect(await offerOf()).toEqual(before);
    await save({ ...ON, isEnabled: false });
    expect(await offerOf()).toEqual(before);
    expect(await count('offer_codes')).toBe(1);
  });

  it('is pending, and nothing is written, while the order is not known', async () => {
    expect(await offerOf({ orderId: '7999' })).toEqual({ state: 'pending', retryAfterMs: 600 });
    expect(await count('offer_codes')).toBe(0);
  });

  it('is none at once while it is switched off, for an order that is not known too', async () => {
    await save({ ...ON, isEnabled: false });
    expect(await offerOf({ orderId: '7999' })).toEqual({ state: 'none' });
  });

  it('of another shop looks like an order that is not known', async () => {
    const token = `Bearer ${sign(claimsOf({ dest: OTHER.shop.domain }))}`;
    expect(await offerOf({ authorization: token })).toEqual(await offerOf({ authorization: token, orderId: '7999' }));
    expect(await count('offer_codes')).toBe(0);
  });

  it('is kept from a customer whose order it is not', async () => {
    await offerOf();
    await issueAll();
    const stranger = `Bearer ${sign(claimsOf({ sub: 'gid://shopify/Customer/101' }))}`;
    expect(await offerOf({ authorization: stranger })).toEqual({ state: 'none' });
  });

  it('of a guest is kept from whoever is signed in', async () => {
    await insertOrder(owner, context.shop.shopId, { orderId: 7002 });
    const stranger = `Bearer ${sign(claimsOf({ sub: 'gid://shopify/Customer/101' }))}`;
    expect(await offerOf({ orderId: '7002', authorization: stranger })).toEqual({ state: 'none' });
  });

  it.each([
    ['is switched off', { settings: { ...ON, isEnabled: false } }],
    ['meets a test order', { order: { isTest: true } }],
    ['meets a cancelled order', { order: { cancelledAt: new Date() } }],
    ['meets an order of the day before yesterday', { order: { createdAt: new Date(Date.now() - 2 * 86_400_000) } }],
  ])('is none when it %s', async (_name, { settings = ON, order = {} }: { settings?: unknown; order?: object }) => {
    await save(settings);
    await insertOrder(owner, context.shop.shopId, { orderId: 7003, ...order });
    expect(await offerOf({ orderId: '7003' })).toEqual({ state: 'none' });
    expect(await count('offer_codes')).toBe(0);
  });

  it('is none for a second order where first orders get one, and a code where every order does', async () => {
    await insertOrder(owner, context.shop.shopId, { orderId: 7004, customerId: 100 });
    expect(await offerOf({ orderId: '7004' })).toEqual({ state: 'none' });
    await save({ ...ON, audience: 'every-order' });
    expect(await offerOf({ orderId: '7004' })).toMatchObject({ state: 'pending' });
  });

  it('is none when Shopify counts orders that we may not see', async () => {
    await insertCustomer(owner, context.shop.shopId, { customerId: 100, numberOfOrders: 3, updatedAt: new Date() });
    expect(await offerOf()).toEqual({ state: 'none' });
  });

  it.each([
    ['a guest’s order', { orderId: 7005 }],
    ['an order of a customer who is not signed in', { orderId: 7006, customerId: 100 }],
  ])('is none a day later for %s', async (_name, order) => {
    const question = { orderId: String(order.orderId) };
    await insertOrder(owner, context.shop.shopId, order);
    await save({ ...ON, audience: 'every-order' });
    await offerOf(question);
    await issueAll();
    expect(await offerOf(question)).toMatchObject({ state: 'ready' });
    await owner.query("UPDATE orders SET created_at = now() - interval '25 hours'");
    expect(await offerOf(question)).toEqual({ state: 'none' });
  });

  it('stays the same a day later for the customer who is signed in', async () => {
    await offerOf();
    await issueAll();
    const before = await offerOf();
    await owner.query("UPDATE orders SET created_at = now() - interval '25 hours'");
    const customer = `Bearer ${sign(claimsOf({ sub: 'gid://shopify/Customer/100' }))}`;
    expect(before).toMatchObject({ state: 'ready' });
    expect(await offerOf({ authorization: customer })).toEqual(before);
  });

  it('is none once its code has run out', async () => {
    await offerOf();
    await issueAll();
    await owner.query("UPDATE offer_discounts SET ends_at = now() - interval '1 second'");
    expect(await offerOf()).toEqual({ state: 'none' });
  });
});
