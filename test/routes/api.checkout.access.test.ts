import { generateKeyPairSync, sign as signWith } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { ask, claimsOf, DOMAIN, encode, offerOf, openCheckoutShop, ORDER, OTHER_DOMAIN, sign } from './checkout-shop.ts';
import type { CheckoutShop, Claims } from './checkout-shop.ts';
import { TEST_APP } from '#test/support/app-under-test.ts';

let checkout: CheckoutShop;

beforeAll(async () => {
  checkout = await openCheckoutShop();
});
beforeEach(() => checkout.reset());
afterAll(() => checkout.stop());

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
    'a start to come': bearer({ nbf: now + 3_600 }),
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
    'a dest as the admin writes it': bearer({ dest: `https://${DOMAIN}` }),
    'no time of issue': bearer({ iat: undefined }),
    'a time of issue to come': bearer({ iat: now + 3_600 }),
    'a dest with plain http': bearer({ dest: `http://${DOMAIN}` }),
    'a dest with a slash at its end': bearer({ dest: `https://${DOMAIN}/` }),
    'a dest in capitals': bearer({ dest: DOMAIN.toUpperCase() }),
    'a dest in letters that look alike': bearer({ dest: `${shop.replace('s', 'ѕ')}.myshopify.com` }),
    'a dest that ends elsewhere': bearer({ dest: `${DOMAIN}.example.com` }),
    'a dest with a line break': bearer({ dest: `${DOMAIN}\n` }),
    'a dest of two shops': bearer({ dest: [DOMAIN, OTHER_DOMAIN] }),
    'an issuer of another shop': bearer({ iss: `https://${OTHER_DOMAIN}` }),
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
    expect(await checkout.count('offer_codes')).toBe(0);
  });

  it('is not read from the address', async () => {
    const query = `orderId=${ORDER}&token=${good}&id_token=${good}&session=${good}`;
    expect((await ask({ authorization: null, query })).status).toBe(401);
  });

  // Of the moment at which they are signed: all the cases before these take longer than a clock may be off.
  const accepted: Record<string, (signedAt: number) => Claims> = {
    'of a guest': () => ({}),
    'of the customer of the order': () => ({ sub: 'gid://shopify/Customer/100' }),
    'with a clock that is 5 seconds behind': (signedAt) => ({ exp: signedAt - 5, nbf: signedAt - 305 }),
    'with a clock that is 8 seconds ahead': (signedAt) => ({ nbf: signedAt + 8 }),
    'with an issuer that we do not know': () => ({ iss: 'https://shopify.com/checkout' }),
  };

  it.each(Object.entries(accepted))('lets a buyer in %s', async (_name, claimsAt) => {
    expect(await offerOf({ authorization: bearer(claimsAt(Math.floor(Date.now() / 1000))) })).toMatchObject({ state: 'pending' });
  });

  it('finds a shop that was forgotten and came back under another number within seconds', async () => {
    const { findKnownShop } = await import('#app/access/known-shops.server.ts');
    const { systemRuntime } = await import('#app/runtime.server.ts');
    const { shopId } = checkout.context.shop;
    expect(await findKnownShop(DOMAIN)).toMatchObject({ shopId });
    await checkout.owner.query("UPDATE shops SET domain = 'former.myshopify.com' WHERE shop_id = $1", [shopId]);
    await checkout.owner.query('INSERT INTO shops (shop_id, domain) VALUES (77777, $1)', [DOMAIN]);
    const laterMs = performance.now() + 6_000;
    const clock = vi.spyOn(systemRuntime, 'monotonicMs').mockReturnValue(laterMs);
    const found = await findKnownShop(DOMAIN);
    clock.mockReturnValue(laterMs + 6_000);
    await checkout.owner.query('DELETE FROM shops WHERE shop_id = 77777');
    await checkout.owner.query('UPDATE shops SET domain = $1 WHERE shop_id = $2', [DOMAIN, shopId]);
    expect(await findKnownShop(DOMAIN)).toMatchObject({ shopId });
    clock.mockRestore();
    expect(found).toMatchObject({ shopId: 77777 });
  });

  it('lets nobody in for a shop that uninstalled', async () => {
    await checkout.owner.query('UPDATE shops SET uninstalled_at = now() WHERE shop_id = $1', [checkout.context.shop.shopId]);
    const response = await ask();
    await checkout.owner.query('UPDATE shops SET uninstalled_at = NULL');
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
    expect(await checkout.count('offer_codes')).toBe(1);
  });

  it('answers 503 and no more when the database is out of reach', async () => {
    await checkout.owner.query('ALTER TABLE orders RENAME TO orders_away');
    const response = await ask().finally(() => checkout.owner.query('ALTER TABLE orders_away RENAME TO orders'));
    expect([response.status, await response.json()]).toEqual([503, { error: 'unavailable' }]);
  });
});
