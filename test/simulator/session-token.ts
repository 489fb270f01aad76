import { createHmac, timingSafeEqual } from 'node:crypto';

/** Claims of a session token that the admin or an extension presents. Times are seconds since 1970. */
export interface SessionTokenClaims {
  dest: string;
  aud: string;
  exp: number;
  nbf: number;
  sub: string | null;
  sid: string | null;
}

export interface SessionTokenExpectation {
  clientId: string;
  clientSecret: string;
  nowSeconds: number;
}

/** Null unless the token is HS256 by the app's secret, for this app, and in its time (ten seconds of leeway). */
export function verifySessionToken(token: string, expected: SessionTokenExpectation): SessionTokenClaims | null {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return null;
  const wanted = createHmac('sha256', expected.clientSecret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  const head = decode(header);
  const claims = decode(payload);
  if (head === null || claims === null || Reflect.get(head, 'alg') !== 'HS256') return null;
  const read = readClaims(claims);
  const leewaySeconds = 10;
  if (read === null || read.aud !== expected.clientId) return null;
  if (read.exp + leewaySeconds < expected.nowSeconds || read.nbf - leewaySeconds > expected.nowSeconds) return null;
  return read;
}

/** `https://a.myshopify.com` and `a.myshopify.com` are both in use as `dest`. */
export function shopOfDest(dest: string): string {
  return dest.replace(/^https:\/\//, '').replace(/\/.*$/, '');
}

/** A token as the admin signs it. `extra` overrides any claim, which is how tests make bad ones. */
export function signSessionToken(claims: Record<string, unknown>, clientSecret: string): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${body}.${createHmac('sha256', clientSecret).update(body).digest('base64url')}`;
}

function decode(part: string): object | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function readClaims(claims: object): SessionTokenClaims | null {
  const text = (name: string): string | null => {
    const value: unknown = Reflect.get(claims, name);
    return typeof value === 'string' ? value : null;
  };
  const seconds = (name: string): number | null => {
    const value: unknown = Reflect.get(claims, name);
    return typeof value === 'number' ? value : null;
  };
  const dest = text('dest');
  const aud = text('aud');
  const exp = seconds('exp');
  if (dest === null || aud === null || exp === null) return null;
  return { dest, aud, exp, nbf: seconds('nbf') ?? 0, sub: text('sub'), sid: text('sid') };
}
