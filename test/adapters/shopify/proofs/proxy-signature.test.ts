import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { verifyProxySignature } from '#app/adapters/shopify/proofs/proxy-signature.server.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const NOW_SECONDS = NOW.getTime() / 1000;
const SECRETS = ['the present secret', 'the secret before'];
const BASE = [['shop', 'one.myshopify.com'], ['path_prefix', '/apps/perennial'], ['timestamp', String(NOW_SECONDS)], ['logged_in_customer_id', '7']] as const;

/** As Shopify signs: names in their order, nothing between one and the next. */
function signed(pairs: readonly (readonly [string, string])[], secret = SECRETS[0] ?? ''): URLSearchParams {
  const parameters = new URLSearchParams(pairs.map(([name, value]) => [name, value]));
  const names = [...new Set(parameters.keys())].sort();
  const text = names.map((name) => `${name}=${parameters.getAll(name).join(',')}`).join('');
  parameters.append('signature', createHmac('sha256', secret).update(text).digest('hex'));
  return parameters;
}

const changed = (change: Readonly<Record<string, string>>): [string, string][] => BASE.map(([name, value]) => [name, change[name] ?? value]);

function judged(parameters: URLSearchParams): unknown {
  const proved = verifyProxySignature(parameters, { clientId: 'client', clientSecrets: SECRETS, now: NOW });
  return proved.ok ? proved.value : proved.reason;
}

describe('what the app proxy signs', () => {
  const SHOPPER = { kind: 'proxy', shopDomain: 'one.myshopify.com', customerId: 7n };

  it('says which shop and which shopper it is of', () => {
    expect(judged(signed(BASE))).toEqual(SHOPPER);
    expect(judged(signed(changed({ logged_in_customer_id: '' })))).toEqual({ ...SHOPPER, customerId: null });
    expect(judged(signed(BASE.slice(0, 3)))).toEqual({ ...SHOPPER, customerId: null });
    expect(judged(signed([...BASE, ['lang', 'de'], ['lang', 'fr']]))).toEqual(SHOPPER);
    expect(judged(signed(BASE, 'the secret before'))).toEqual(SHOPPER);
  });

  it.each(['0', '-7', '7.0', '07', 'seven', '9223372036854775808', '99999999999999999999'])('is of nobody who is %s', (id) => {
    expect(judged(signed(changed({ logged_in_customer_id: id })))).toBe('subject');
  });

  it('takes the largest id that there is', () => {
    expect(judged(signed(changed({ logged_in_customer_id: '9223372036854775807' })))).toMatchObject({ customerId: 2n ** 63n - 1n });
  });

  it('is refused without a signature, with one of another shape, and with another', () => {
    expect(judged(new URLSearchParams(changed({})))).toBe('missing');
    const good = signed(BASE);
    for (const shape of ['', 'x', `${good.get('signature')}0`, (good.get('signature') ?? '').toUpperCase()]) {
      const other = new URLSearchParams(good);
      other.set('signature', shape);
      expect(judged(other), shape).toBe('malformed');
    }
    expect(judged(signed(BASE, 'the secret of another app'))).toBe('signature');
    const moved = new URLSearchParams(good);
    moved.set('shop', 'two.myshopify.com');
    expect(judged(moved)).toBe('signature');
  });

  it.each(['shop', 'timestamp', 'path_prefix', 'logged_in_customer_id'])('has %s once', (name) => {
    const value = BASE.find(([known]) => known === name)?.[1] ?? '';
    expect(judged(signed([...BASE, [name, value]]))).toBe('malformed');
  });

  it('has one signature', () => {
    const twice = signed(BASE);
    twice.append('signature', twice.get('signature') ?? '');
    expect(judged(twice)).toBe('malformed');
  });

  it('cannot be cut in another place, by which a visitor would be a customer', () => {
    expect(judged(signed([...BASE.slice(0, 3), ['a', 'logged_in_customer_id=8'], BASE[3]]))).toBe('malformed');
    expect(judged(signed([...BASE.slice(0, 3), ['logged_in_customer_id=8a', 'x'], BASE[3]]))).toBe('malformed');
  });

  it('is of a shop’s own domain', () => {
    expect(judged(signed(changed({ shop: 'one.example.com' })))).toBe('shop');
    expect(judged(signed(BASE.slice(1)))).toBe('shop');
  });

  it('is ninety seconds old at most, and as far ahead', () => {
    const at = (seconds: number) => judged(signed(changed({ timestamp: String(NOW_SECONDS + seconds) })));
    expect([at(-90), at(90)]).toEqual([SHOPPER, SHOPPER]);
    expect([at(-91), at(91)]).toEqual(['expired', 'not-yet']);
    expect(judged(signed(changed({ timestamp: 'now' })))).toBe('claims');
    expect(judged(signed(changed({ timestamp: '' })))).toBe('claims');
    expect(judged(signed(BASE.filter(([name]) => name !== 'timestamp')))).toBe('claims');
  });
});
