import pg from 'pg';

import type { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';

const CONNECT_DEADLINE_MS = 10_000;

/** The process would find nobody buried and derive other codes and pseudonyms, so it must not start. */
export class HashKeyChangedError extends Error {
  override name = 'HashKeyChangedError';
}

// Of no shop.
const NO_SHOP_ID = 0;

/**
 * Compares the key that makes our hashes with the one that this database was begun with, and notes it in a new one.
 * Without HASH_KEY that is the oldest of ENCRYPTION_KEYS, and an operator who drops that one would otherwise learn of
 * it by redacted customers coming back. Throws HashKeyChangedError.
 */
export async function requireHashKey(connectionString: string, sealedBox: SealedBox): Promise<void> {
  const fingerprint = Buffer.from(sealedBox.keyedHash(NO_SHOP_ID, 'hash-key-fingerprint', 'perennial'));
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_DEADLINE_MS });
  await client.connect();
  try {
    await client.query('INSERT INTO hash_key_fingerprint (fingerprint) VALUES ($1) ON CONFLICT DO NOTHING', [fingerprint]);
    const { rows } = await client.query<{ fingerprint: Buffer }>('SELECT fingerprint FROM hash_key_fingerprint');
    if (rows[0]?.fingerprint.equals(fingerprint)) return;
  } finally {
    await client.end();
  }
  throw new HashKeyChangedError(
    'The key that hashes tombstones, pseudonyms and codes is not the one that this database was begun with: the oldest ' +
      'of ENCRYPTION_KEYS is gone, or HASH_KEY was set or changed. Put things back as they were. To drop an old ' +
      'encryption key, set HASH_KEY to what stands behind its colon first, and keep that for good.',
  );
}
