import { describe, expect, it } from 'vitest';

import type { ProofSettings } from '#app/adapters/shopify/proofs/proof.ts';
import { findBuyerToken, findStaffToken } from '#app/adapters/shopify/proofs/request-proof.ts';
import { verifyBuyerToken, verifyStaffToken } from '#app/adapters/shopify/proofs/session-token.server.ts';
import { signWithPresent } from '#app/adapters/shopify/proofs/signed-claims.server.ts';
import { buyerClaims, forgeries, signToken, staffClaims, type Claims, type TokenMaker } from '#test/support/token-matrix.ts';

const NOW = new Date('2026-11-22T12:00:00.400Z');
const MAKER: TokenMaker = {
  ...{ clientId: 'client', secret: 'the present secret', domain: 'one.myshopify.com', otherDomain: 'two.myshopify.com' },
  ...{ customerId: 7, nowSeconds: Math.floor(NOW.getTime() / 1000) },
};
const SETTINGS: ProofSettings = { clientId: 'client', clientSecrets: ['the present secret', 'the secret before'], now: NOW };
const ADDRESS = 'https://app.example.com/app';

const requestWith = (headers: Record<string, string>, address = ADDRESS, method = 'GET') => new Request(address, { headers, method });

/** Of a header as it comes: the kind of caller and who, or the rule that refused. */
function judged(kind: 'staff' | 'buyer', header: string): unknown {
  const request = requestWith({ Authorization: header });
  const found = kind === 'staff' ? findStaffToken(request) : findBuyerToken(request);
  if (!found.ok || found.value === null) return found.ok ? 'nothing' : found.reason;
  const proved = kind === 'staff' ? verifyStaffToken(found.value.token, SETTINGS) : verifyBuyerToken(found.value.token, SETTINGS);
  return proved.ok ? proved.value : proved.reason;
}

const staff = (changes: Claims = {}, secret = MAKER.secret) => judged('staff', `Bearer ${signToken(MAKER, staffClaims(MAKER, changes), { secret })}`);
const buyer = (changes: Claims = {}) => judged('buyer', `Bearer ${signToken(MAKER, buyerClaims(MAKER, changes))}`);

describe('a session token', () => {
  it.each(['staff', 'buyer'] as const)('of a %s lets nobody in when anything of it is wrong, and says what', (kind) => {
    const judgements = forgeries(MAKER, kind).map(({ name, header, reason }) => [name, reason, judged(kind, header)]);
    expect(judgements.filter(([, reason, found]) => reason !== found)).toEqual([]);
    expect(judgements.length).toBeGreaterThan(60);
  });

  it('says who it is of', () => {
    expect(staff()).toEqual({ kind: 'staff', shopDomain: MAKER.domain, staffId: '4711' });
    expect(buyer()).toEqual({ kind: 'buyer', shopDomain: MAKER.domain, customerId: 7n });
    expect(buyer({ sub: undefined })).toEqual({ kind: 'buyer', shopDomain: MAKER.domain, customerId: null });
    expect(buyer({ iss: `https://${MAKER.domain}/checkout` })).toMatchObject({ kind: 'buyer' });
    expect(buyer({ sub: 'gid://shopify/Order/7' })).toBe('subject');
    expect(buyer({ iss: `https://${MAKER.otherDomain}/checkout` })).toBe('issuer');
  });

  it.each<[string, Claims]>([
    ['an issuer of the admin', { iss: `https://${MAKER.domain}/admin` }],
    ['an address as its shop', { dest: `https://${MAKER.domain}` }],
    ['a session of staff', { sid: 'f00' }],
    ['a number as its subject', { sub: '4711' }],
  ])('with %s is not a buyer’s', (_mark, changes) => {
    expect(buyer(changes)).toBe('other-kind');
  });

  it.each<[string, Claims]>([
    ['a bare domain as its shop', { dest: MAKER.domain }],
    ['no subject', { sub: undefined }],
    ['a customer as its subject', { sub: 'gid://shopify/Customer/7' }],
  ])('with %s is not of staff', (_mark, changes) => {
    expect(staff(changes)).toBe('other-kind');
  });

  it('is good under the secret that is on its way out', () => {
    expect(staff({}, 'the secret before')).toMatchObject({ kind: 'staff' });
    expect(staff({}, 'the secret before that')).toBe('signature');
  });

  it('holds to the second, with ten seconds for clocks that differ', () => {
    const { nowSeconds } = MAKER;
    const at = (exp: number, nbf: number, iat = nbf) => staff({ exp: nowSeconds + exp, nbf: nowSeconds + nbf, iat: nowSeconds + iat });
    expect(at(-9, -60)).toMatchObject({ kind: 'staff' });
    expect(at(-10, -60)).toBe('expired');
    expect(at(60, 10)).toMatchObject({ kind: 'staff' });
    expect(at(60, 11)).toBe('not-yet');
    expect(at(60, 0, 11)).toBe('not-yet');
    expect(at(60, 0, 10)).toMatchObject({ kind: 'staff' });
    expect(at(0, 0)).toBe('claims');
    expect(at(1, 0)).toMatchObject({ kind: 'staff' });
  });

  it('may be 8 KB long and no letter more', () => {
    const token = signToken(MAKER, staffClaims(MAKER));
    const verdictOf = (length: number) => {
      const proved = verifyStaffToken(token + 'A'.repeat(length - token.length), SETTINGS);
      return proved.ok ? 'good' : proved.reason;
    };
    expect([verdictOf(8_192), verdictOf(8_193)]).toEqual(['signature', 'too-long']);
  });

  it('is signed anew with the present secret, and is otherwise the same', () => {
    const claims = staffClaims(MAKER);
    expect(signWithPresent(signToken(MAKER, claims, { secret: 'the secret before' }), SETTINGS.clientSecrets)).toBe(signToken(MAKER, claims));
  });
});

describe('where a token stands', () => {
  const HEADER = { Authorization: 'Bearer a.b.c' };
  const reasonOf = (found: { ok: boolean; reason?: string; value?: unknown }) => (found.ok ? found.value : found.reason);
  const SIGNATURE = 'a'.repeat(64);

  it('is the header, for both', () => {
    const found = { token: 'a.b.c', place: 'header' };
    expect([findStaffToken(requestWith(HEADER)), findBuyerToken(requestWith(HEADER))].map(reasonOf)).toEqual([found, found]);
    expect(reasonOf(findBuyerToken(requestWith({})))).toBe('missing');
    expect(reasonOf(findBuyerToken(requestWith({}, `${ADDRESS}?id_token=a.b.c`)))).toBe('missing');
  });

  it('is the address for a document that the admin opens, and for nothing else', () => {
    const address = `${ADDRESS}?id_token=a.b.c`;
    expect(reasonOf(findStaffToken(requestWith({}, address)))).toEqual({ token: 'a.b.c', place: 'address' });
    expect(reasonOf(findStaffToken(requestWith(HEADER, `${ADDRESS}?id_token=x`)))).toMatchObject({ token: 'a.b.c', place: 'header' });
    expect(reasonOf(findStaffToken(requestWith({}, `${address}&id_token=d`)))).toBe('misplaced');
    expect(reasonOf(findStaffToken(requestWith({ 'Sec-Fetch-Dest': 'empty' }, address)))).toBe('misplaced');
    expect(reasonOf(findStaffToken(requestWith({}, address, 'POST')))).toBe('misplaced');
  });

  it('may be nowhere in a document’s address, which the library then fetches one for', () => {
    expect(reasonOf(findStaffToken(requestWith({})))).toBeNull();
    expect(reasonOf(findStaffToken(requestWith({ 'Sec-Fetch-Dest': 'empty' })))).toBe('missing');
    expect(reasonOf(findStaffToken(requestWith({}, ADDRESS, 'POST')))).toBe('missing');
  });

  it.each([findStaffToken, findBuyerToken])('is not looked for beside the proof of another caller', (find) => {
    expect(reasonOf(find(requestWith(HEADER, `${ADDRESS}?signature=${SIGNATURE}`)))).toBe('other-kind');
    expect(reasonOf(find(requestWith(HEADER, `${ADDRESS}?signature=x&signature=${SIGNATURE}`)))).toBe('other-kind');
    expect(reasonOf(find(requestWith({ ...HEADER, 'X-Shopify-Hmac-Sha256': 'x' })))).toBe('other-kind');
    expect(reasonOf(find(requestWith(HEADER, `${ADDRESS}?signature=of-a-petition`)))).toMatchObject({ token: 'a.b.c' });
  });
});
