import { randomBytes } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { parseEnv, readOwnerEnv } from '#app/env.server.ts';

const KEY = randomBytes(32).toString('base64');
const GOOD = {
  DATABASE_URL: 'postgresql://app:hunter2@localhost:5432/perennial',
  SHOPIFY_API_KEY: 'client-id',
  SHOPIFY_API_SECRET: 'client-secret',
  SHOPIFY_APP_URL: 'https://perennial.example.com',
  SCOPES: 'read_orders, read_customers,',
  ENCRYPTION_KEYS: `2:${KEY},1:${randomBytes(32).toString('base64')}`,
};

function complaint(source: Record<string, string | undefined>): string {
  try {
    parseEnv(source);
  } catch (error) {
    return String(error);
  }
  throw new Error('The environment was accepted.');
}

describe('the environment', () => {
  it('is read with its defaults', () => {
    expect(parseEnv(GOOD)).toMatchObject({ PORT: 3000, LOG_LEVEL: 'info', SCOPES: ['read_orders', 'read_customers'] });
    expect(parseEnv(GOOD).ENCRYPTION_KEYS.map(({ id, key }) => [id, key.length])).toEqual([['2', 32], ['1', 32]]);
  });

  it.each(Object.keys(GOOD))('is refused without %s, which it names', (name) => {
    expect(complaint({ ...GOOD, [name]: undefined })).toContain(`${name}: is missing`);
  });

  it.each([
    ['DATABASE_URL', 'mysql://root:hunter2@localhost/x'],
    ['DATABASE_URL', 'hunter2'],
    ['SHOPIFY_API_KEY', ''],
    ['SHOPIFY_API_SECRET', ''],
    ['SHOPIFY_APP_URL', 'ftp://hunter2.example.com'],
    ['PORT', 'hunter2'],
    ['PORT', '70000'],
    ['LOG_LEVEL', 'hunter2'],
    ['NODE_ENV', 'hunter2'],
    ['ENCRYPTION_KEYS', 'hunter2'],
    ['ENCRYPTION_KEYS', `1:${randomBytes(16).toString('base64')}`],
    ['ENCRYPTION_KEYS', `ID:${KEY}`],
    ['ENCRYPTION_KEYS', `${KEY}`],
    ['ENCRYPTION_KEYS', `1:${KEY},1:${randomBytes(32).toString('base64')}`],
  ])('is refused for a wrong %s, which it names without its value', (name, value) => {
    const said = complaint({ ...GOOD, [name]: value });
    expect(said).toContain(`${name}: `);
    for (const secret of [...Object.values(GOOD), 'hunter2', KEY]) expect(said).not.toContain(secret);
    if (value !== '') expect(said).not.toContain(value);
  });

  it('has no secret of before when that is empty: anybody could sign with it', () => {
    expect(parseEnv({ ...GOOD, SHOPIFY_API_SECRET_OLD: '' }).SHOPIFY_API_SECRET_OLD).toBeUndefined();
    expect(parseEnv({ ...GOOD, SHOPIFY_API_SECRET_OLD: 'before' }).SHOPIFY_API_SECRET_OLD).toBe('before');
  });

  it('is refused with a token of operators that can be guessed, and in production with a failpoint', () => {
    expect(complaint({ ...GOOD, OPERATOR_TOKEN: 'x'.repeat(23) })).toContain('OPERATOR_TOKEN: ');
    const planned = { ...GOOD, FAILPOINTS: 'token-before-refresh=kill' };
    expect(complaint(planned)).toContain('FAILPOINTS');
    expect(parseEnv({ ...planned, NODE_ENV: 'test' }).FAILPOINTS.size).toBe(1);
  });

  it('names everything that is wrong at once', () => {
    const said = complaint({});
    for (const name of Object.keys(GOOD)) expect(said).toContain(name);
  });
});

describe('the environment of a migration', () => {
  it('is the address of the owner and nothing else', () => {
    const address = { DATABASE_OWNER_URL: 'postgresql://owner:hunter2@localhost:5432/perennial' };
    expect(readOwnerEnv(address)).toEqual(address);
  });

  it.each([undefined, '', 'hunter2', 'mysql://root:hunter2@localhost/x'])('is refused with %s, which it does not repeat', (address) => {
    const read = () => readOwnerEnv({ DATABASE_OWNER_URL: address });
    expect(read).toThrow(address === undefined ? 'DATABASE_OWNER_URL: is missing' : 'DATABASE_OWNER_URL: ');
    expect(read).not.toThrow('hunter2');
  });
});
