import { createHmac, generateKeyPairSync, randomUUID, sign as signWith } from 'node:crypto';

export type Claims = Record<string, unknown>;

export interface TokenMaker {
  clientId: string;
  secret: string;
  /** Of the shop that the token should speak for, and of one that is installed too. */
  domain: string;
  otherDomain: string;
  /** Whom a buyer's token names; left out for a guest's. */
  customerId?: number;
  nowSeconds: number;
}

const encode = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

interface Signing {
  header?: unknown;
  secret?: string;
  hash?: string;
}

/** Signed as Shopify signs it, or with one thing wrong; a claim that is `undefined` is left out. */
export function signToken(maker: TokenMaker, claims: unknown, { header = { alg: 'HS256', typ: 'JWT' }, secret = maker.secret, hash = 'sha256' }: Signing = {}): string {
  const body = `${encode(header)}.${encode(claims)}`;
  return `${body}.${createHmac(hash, secret).update(body).digest('base64url')}`;
}

export function staffClaims({ domain, clientId, nowSeconds }: TokenMaker, changes: Claims = {}): Claims {
  const dest = `https://${domain}`;
  const times = { exp: nowSeconds + 60, nbf: nowSeconds - 1, iat: nowSeconds - 1 };
  return { iss: `${dest}/admin`, dest, aud: clientId, sub: '4711', ...times, jti: randomUUID(), sid: 'f00', ...changes };
}

export function buyerClaims({ domain, clientId, customerId, nowSeconds }: TokenMaker, changes: Claims = {}): Claims {
  const times = { exp: nowSeconds + 300, nbf: nowSeconds - 1, iat: nowSeconds - 1 };
  const subject = customerId === undefined ? {} : { sub: `gid://shopify/Customer/${customerId}` };
  return { dest: domain, aud: clientId, ...times, jti: randomUUID(), ...subject, ...changes };
}

/** An Authorization header that must not let anybody in, by what is wrong with it. */
export type Forgery = { name: string; header: string; reason: string };

/** For each kind of token the same forgeries, and those that only one of them can have. */
export function forgeries(maker: TokenMaker, kind: 'staff' | 'buyer'): Forgery[] {
  const claimsOf = kind === 'staff' ? staffClaims : buyerClaims;
  const good = signToken(maker, claimsOf(maker));
  const bearer = (changes: Claims, signing?: Signing) => `Bearer ${signToken(maker, claimsOf(maker, changes), signing)}`;
  const byReason: Record<string, Record<string, string>> = {
    malformed: headersThatAreNone(good),
    algorithm: otherAlgorithms(maker, claimsOf(maker), bearer),
    signature: otherSignatures(maker, claimsOf(maker), good, bearer),
    claims: missingClaims(maker, bearer),
    audience: {
      'another audience': bearer({ aud: 'another-app' }),
      'an empty audience': bearer({ aud: '' }),
      'an audience that begins like ours': bearer({ aud: `${maker.clientId}x` }),
      'an audience with a space behind': bearer({ aud: `${maker.clientId} ` }),
    },
    expired: {
      'an end 11 seconds ago': bearer({ exp: maker.nowSeconds - 11, nbf: maker.nowSeconds - 71 }),
      'an end an hour ago': bearer({ exp: maker.nowSeconds - 3600, nbf: maker.nowSeconds - 3660 }),
      'an end in 1970': bearer({ exp: 60, nbf: 0 }),
    },
    'not-yet': {
      'a start in half a minute': bearer({ nbf: maker.nowSeconds + 30 }),
      'a start in an hour': bearer({ nbf: maker.nowSeconds + 3600, exp: maker.nowSeconds + 3660 }),
      'a time of issue to come': bearer({ iat: maker.nowSeconds + 60 }),
    },
    'too-long': { '16 KB of claims': bearer({ padding: 'x'.repeat(10 * 1024) }) },
    ...(kind === 'staff' ? staffOnly(maker, bearer) : buyerOnly(maker, bearer)),
  };
  return Object.entries(byReason).flatMap(([reason, cases]) => Object.entries(cases).map(([name, header]) => ({ name, header, reason })));
}

type Bearer = (changes: Claims, signing?: Signing) => string;

function headersThatAreNone(good: string): Record<string, string> {
  const [header = '', payload = '', signature = ''] = good.split('.');
  return {
    'an empty header': '',
    'a header without a token': 'Bearer ',
    'another scheme': `Basic ${good}`,
    'a bare token': good,
    'two tokens': `Bearer ${good}, Bearer ${good}`,
    'a token of two parts': `Bearer ${header}.${payload}`,
    'a token of four parts': `Bearer ${good}.x`,
    'a token of five parts': `Bearer ${good}.x.y`,
    'an empty signature': `Bearer ${header}.${payload}.`,
    'an empty payload': `Bearer ${header}..${signature}`,
    'a header that is no JSON': `Bearer ${encode('x')}.${payload}.${signature}`,
    'a header that is a list': `Bearer ${encode([])}.${payload}.${signature}`,
    'another type of token': `Bearer ${encode({ alg: 'HS256', typ: 'JWE' })}.${payload}.${signature}`,
    'alg none without a signature': `Bearer ${encode({ alg: 'none' })}.${payload}.`,
    'a space inside': `Bearer ${header}. ${payload}.${signature}`,
    'letters of ordinary base64': `Bearer ${header}.${payload}.${signature.slice(0, -1)}=`,
    'no alg': `Bearer ${encode({ typ: 'JWT' })}.${payload}.${signature}`,
    'a critical extension': `Bearer ${encode({ alg: 'HS256', crit: ['b64'], b64: false })}.${payload}.${signature}`,
  };
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

function otherAlgorithms({ secret }: TokenMaker, claims: Claims, bearer: Bearer): Record<string, string> {
  const rsaInput = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  const ecInput = `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(claims)}`;
  const ecSignature = signWith('sha256', Buffer.from(ecInput), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
  const publicKey = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    'alg none with a signature': bearer({}, { header: { alg: 'none', typ: 'JWT' } }),
    'alg None': bearer({}, { header: { alg: 'None' } }),
    'alg hs256': bearer({}, { header: { alg: 'hs256' } }),
    'alg HS384': bearer({}, { header: { alg: 'HS384' }, hash: 'sha384' }),
    'alg HS512': bearer({}, { header: { alg: 'HS512' }, hash: 'sha512' }),
    'alg RS256 by a key of its own': `Bearer ${rsaInput}.${signWith('sha256', Buffer.from(rsaInput), rsa.privateKey).toString('base64url')}`,
    'alg RS256 over an HMAC': bearer({}, { header: { alg: 'RS256', typ: 'JWT' } }),
    'alg RS256 over an HMAC by its public key': bearer({}, { header: { alg: 'RS256', typ: 'JWT' }, secret: publicKey }),
    'alg RS256 with a key in its header': bearer({}, { header: { alg: 'RS256', jwk: rsa.publicKey.export({ format: 'jwk' }) } }),
    'alg ES256 by a key of its own': `Bearer ${ecInput}.${ecSignature.toString('base64url')}`,
    'alg PBES2': bearer({}, { header: { alg: 'PBES2-HS256+A128KW', p2c: 1_000_000_000 }, secret }),
  };
}

function otherSignatures(maker: TokenMaker, claims: Claims, good: string, bearer: Bearer): Record<string, string> {
  const [header = '', payload = '', signature = ''] = good.split('.');
  const flipped = (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
  // The last letter holds four bits of the signature and two that no decoder reads.
  const lastLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = lastLetters.indexOf(signature.slice(-1));
  return {
    'a signature with one bit changed': `Bearer ${header}.${payload}.${flipped(signature)}`,
    'a signature spelled another way': `Bearer ${header}.${payload}.${signature.slice(0, -1)}${lastLetters.charAt(last ^ 1)}`,
    'a cut signature': `Bearer ${header}.${payload}.${signature.slice(0, 20)}`,
    'a signature and more': `Bearer ${good}AAAA`,
    'the signature in hex': `Bearer ${header}.${payload}.${Buffer.from(signature, 'base64url').toString('hex')}`,
    'other claims under the signature': `Bearer ${header}.${encode({ ...claims, sub: '1' })}.${signature}`,
    'another header over the signature': `Bearer ${encode({ typ: 'JWT', alg: 'HS256' })}.${payload}.${signature}`,
    'the secret of another app': bearer({}, { secret: 'the secret of another app' }),
    'an empty secret': bearer({}, { secret: '' }),
    'the client id as the secret': bearer({}, { secret: maker.clientId }),
    'the secret in hex': bearer({}, { secret: Buffer.from(maker.secret).toString('hex') }),
  };
}

function missingClaims({ clientId, nowSeconds }: TokenMaker, bearer: Bearer): Record<string, string> {
  const without = Object.fromEntries(
    ['exp', 'nbf', 'iat', 'aud', 'dest', 'jti'].map((claim) => [`no ${claim}`, bearer({ [claim]: undefined })]),
  );
  return {
    ...without,
    'an empty jti': bearer({ jti: '' }),
    'an end in words': bearer({ exp: 'tomorrow' }),
    'an end in a text': bearer({ exp: String(nowSeconds + 60) }),
    'an end before its start': bearer({ exp: nowSeconds - 5, nbf: nowSeconds - 1 }),
    'a list of audiences': bearer({ aud: [clientId] }),
    'a list with ours and another': bearer({ aud: ['another-app', clientId] }),
    'a dest of two shops': bearer({ dest: ['a.myshopify.com', 'b.myshopify.com'] }),
    'a dest that is an object': bearer({ dest: { toString: 'x' } }),
  };
}

function staffOnly({ domain, otherDomain }: TokenMaker, bearer: Bearer): Record<string, Record<string, string>> {
  const shop = (dest: string) => bearer({ dest, iss: `${dest}/admin` });
  return {
    shop: {
      'a dest with a port': shop(`https://${domain}:443`),
      'a dest with a user': shop(`https://evil@${domain}`),
      'a dest with a path': shop(`https://${domain}/x`),
      'a dest with a slash at its end': shop(`https://${domain}/`),
      'a dest with a query': shop(`https://${domain}?a`),
      'a dest with a fragment': shop(`https://${domain}#a`),
      'a dest with plain http': shop(`http://${domain}`),
      'a dest in capitals': shop(`https://${domain.toUpperCase()}`),
      'a dest in letters that look alike': shop(`https://${domain.replace(/[aeo]/, 'а')}`),
      'a dest in punycode outside': shop('https://xn--example-9ua.com'),
      'a dest that ends elsewhere': shop(`https://${domain}.example.com`),
      'a dest that begins elsewhere': shop(`https://example.com#.${domain}`),
      'a dest with a line break': shop(`https://${domain}\n`),
      'a dest under a shop': shop(`https://sub.${domain}`),
      'the admin as the dest': shop('https://admin.shopify.com'),
      'an empty dest': shop(''),
    },
    issuer: {
      'a dest of another shop': bearer({ dest: `https://${otherDomain}` }),
      'an issuer of another shop': bearer({ iss: `https://${otherDomain}/admin` }),
      'no issuer': bearer({ iss: undefined }),
      'an issuer without a path': bearer({ iss: `https://${domain}` }),
      'an issuer with a slash more': bearer({ iss: `https://${domain}/admin/` }),
      'an issuer with plain http': bearer({ iss: `http://${domain}/admin` }),
    },
    subject: {
      'an empty sub': bearer({ sub: '' }),
      'a sub in letters': bearer({ sub: 'admin' }),
      'a negative sub': bearer({ sub: '-1' }),
      'a sub of nobody': bearer({ sub: '0' }),
      'a sub with spaces': bearer({ sub: ' 1' }),
    },
    'other-kind': {
      'no sub': bearer({ sub: undefined }),
      'a customer as the sub': bearer({ sub: 'gid://shopify/Customer/1' }),
      'a bare domain as the dest': bearer({ dest: domain }),
      'a bare domain as dest and issuer': bearer({ dest: domain, iss: `${domain}/admin` }),
    },
  };
}

function buyerOnly({ domain, otherDomain }: TokenMaker, bearer: Bearer): Record<string, Record<string, string>> {
  return {
    shop: {
      'a dest with a port': bearer({ dest: `${domain}:443` }),
      'a dest with a user': bearer({ dest: `evil@${domain}` }),
      'a dest with a path': bearer({ dest: `${domain}/x` }),
      'a dest with plain http': bearer({ dest: `http://${domain}` }),
      'a dest in capitals': bearer({ dest: domain.toUpperCase() }),
      'a dest that ends elsewhere': bearer({ dest: `${domain}.example.com` }),
      'a dest with a line break': bearer({ dest: `${domain}\n` }),
      'an empty dest': bearer({ dest: '' }),
    },
    issuer: {
      'an issuer of another shop': bearer({ iss: `https://${otherDomain}` }),
      'an issuer of another shop in capitals': bearer({ iss: `https://${otherDomain.toUpperCase()}` }),
    },
    subject: {
      'a customer in another shape': bearer({ sub: 'gid://shopify/Customer/x' }),
      'an order as the customer': bearer({ sub: 'gid://shopify/Order/1' }),
      'a customer beyond 63 bits': bearer({ sub: 'gid://shopify/Customer/9223372036854775808' }),
    },
    'other-kind': {
      'a member of staff': bearer({ dest: `https://${domain}`, iss: `https://${domain}/admin`, sub: '1', sid: 'x' }),
      'an issuer of the admin': bearer({ iss: `https://${domain}/admin` }),
      'a session of the admin': bearer({ sid: 'x' }),
      'a number as the customer': bearer({ sub: '1' }),
      'a dest as the admin writes it': bearer({ dest: `https://${domain}` }),
    },
  };
}
