import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { pathWithoutValues } from '#app/logging/path-without-values.ts';
import { describeError, OWN_ERRORS, scrubText } from '#app/logging/describe-error.server.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

const written = (error: unknown) => JSON.stringify(describeError(error));

/** Runs it and gives what it throws. */
function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('what is written down of an error', () => {
  it('is its place in the code, without the message that a stack begins with', () => {
    const { stack } = describeError(new Error('first line\nsecond line'));
    expect(stack).toMatch(/^\s+at /);
    expect(stack).toContain('describe-error.test.ts');
    expect(stack).not.toContain('line');
  });

  it.each<[string, () => unknown]>([
    ['JSON that breaks off', () => JSON.parse('{"email":kanarie@example.com')],
    ['a schema', () => z.object({ kanarie: z.number() }).parse({ kanarie: 'kanarie@example.com' })],
    ['a number', () => BigInt('kanarie')],
  ])('is not what %s quotes', (_what, work) => {
    const error = thrownBy(work);
    expect(String(error)).toContain('kanarie');
    expect(written(error)).not.toContain('kanarie');
    expect(written(new Error('outer', { cause: error }))).not.toContain('kanarie');
  });

  it('is the code of PostgreSQL, which Prisma has one or two levels down', () => {
    const direct = Object.assign(new Error('invalid input syntax for type integer: "kanarie"'), { name: 'error', code: '22P02' });
    expect(describeError(direct)).toMatchObject({ name: 'error', code: '22P02' });
    expect(written(direct)).not.toContain('kanarie');
    const raw = { name: 'PrismaClientKnownRequestError', code: 'P2010', meta: { code: '22P02', message: 'kanarie' } };
    expect(describeError(Object.assign(new Error('kanarie'), raw))).toMatchObject({ code: 'P2010 22P02' });
    const adapter = { driverAdapterError: { cause: { originalCode: '23505', originalMessage: 'kanarie' } } };
    expect(describeError(Object.assign(new Error('kanarie'), { ...raw, meta: adapter }))).toMatchObject({ code: 'P2010 23505' });
    expect(written(Object.assign(new Error('kanarie'), { ...raw, meta: adapter }))).not.toContain('kanarie');
  });

  it('is the message of an error of ours', () => {
    const error = Object.assign(new Error('synthetic.myshopify.com answered 503'), { name: 'ShopifyUnavailableError' });
    expect(describeError(error).message).toBe('synthetic.myshopify.com answered 503');
  });

  it('ends where causes go round', () => {
    const error = new Error('round');
    error.cause = error;
    expect(written(error).length).toBeLessThan(20_000);
  });

  it('knows every class of errors in app/', () => {
    const files = readdirSync(join(PROJECT_DIR, 'app'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.tsx?$/.test(name) && !name.startsWith('generated'),
    );
    const names = files.flatMap((name) =>
      [...readFileSync(join(PROJECT_DIR, 'app', name), 'utf8').matchAll(/override name(?:: string)? = '(\w+)'/g)].map(([, found]) => found),
    );
    // Of the domain, which no vendor's words reach.
    expect([...new Set(names)].filter((name) => name !== undefined && !OWN_ERRORS.includes(name))).toEqual([]);
    expect(OWN_ERRORS.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('a text of somebody else', () => {
  it.each([
    ['a token of Shopify', 'token shpat_0123456789abcdef is bad', 'token … is bad'],
    ['a session token', 'got eyJhbGciOi.eyJpc3MiOi.c2ln here', 'got … here'],
    ['a header', 'Authorization: Bearer abc.def refused', 'Authorization: … refused'],
    ['an e-mail', 'no customer kanarie+x@example.co.uk here', 'no customer … here'],
    ['a phone', 'call +49 30 1234567 now', 'call … now'],
    ['what is quoted', 'invalid input "Kanarie Nord" and `x`', 'invalid input … and …'],
    ['a key', `key ${'a1'.repeat(16)} leaked`, 'key … leaked'],
  ])('is written without %s', (_what, text, scrubbed) => {
    expect(scrubText(text)).toBe(scrubbed);
  });

  it('keeps words, apostrophes, ids and domains', () => {
    const text = "Shopify's bulk operation 1234567890 of synthetic.myshopify.com wasn't done at line 3";
    expect(scrubText(text)).toBe(text);
  });
});

it('an address is written down without what was asked for', () => {
  expect(pathWithoutValues('/app/customers/4711', { customerId: '4711' })).toBe('/app/customers/:customerId');
  expect(pathWithoutValues('/app/customers/kanarie%40example.com', { customerId: 'kanarie@example.com' })).toBe('/app/customers/:customerId');
  expect(pathWithoutValues('/app/offers', {})).toBe('/app/offers');
});
