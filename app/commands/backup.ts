// Backs up the database into one encrypted file, or writes the tombstones that a restore has to be given.
//
//   npm run backup -- FILE                    every table in one snapshot, as DATABASE_OWNER_URL, while all goes on
//   npm run backup -- --tombstones FILE       who must not come back; names nobody. Keep it apart, newer than the backup
//
// The file is sealed under the first of ENCRYPTION_KEYS: without that key it is worth nothing, so keep the keys where
// the file is not. FILE must not exist yet. How to restore: RUNBOOK.md beside this file.
import { open } from 'node:fs/promises';

import { pool, prisma } from '#app/db.server.ts';
import { env } from '#app/env.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import { backUp } from '#app/services/operations/back-up.server.ts';
import { exportTombstones } from '#app/services/privacy/export-tombstones.server.ts';

const count = new Intl.NumberFormat('en');

async function writeTombstones(path: string): Promise<string> {
  const file = await open(path, 'wx', 0o600);
  try {
    const lines = await exportTombstones({ prisma, sealedBox }, async (line) => void (await file.write(`${line}\n`)));
    await file.sync();
    return `${count.format(lines)} lines of tombstones.`;
  } finally {
    await file.close();
  }
}

async function writeBackup(path: string): Promise<string> {
  const [key] = env.ENCRYPTION_KEYS;
  if (!env.DATABASE_OWNER_URL) throw new Error('DATABASE_OWNER_URL is missing: the address of the database as the owner of its tables.');
  if (!key) throw new Error('ENCRYPTION_KEYS has no key.');
  const startedMs = systemRuntime.monotonicMs();
  const made = await backUp({ ownerUrl: env.DATABASE_OWNER_URL, key, runtime: systemRuntime }, path);
  const seconds = (systemRuntime.monotonicMs() - startedMs) / 1000;
  const size = `${count.format(made.rows)} rows of ${made.tables} tables, ${(made.bytes / 1e6).toFixed(1)} MB`;
  return `${size}, as of ${made.asOf}, in ${seconds.toFixed(1)} s, under key ${key.id}.`;
}

try {
  const [first, second, ...more] = process.argv.slice(2);
  if (first === undefined || more.length > 0 || (first === '--tombstones') !== (second !== undefined)) {
    throw new Error('Usage: npm run backup -- FILE, or npm run backup -- --tombstones FILE');
  }
  console.log(second === undefined ? await writeBackup(first) : await writeTombstones(second));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await prisma.$disconnect();
  await pool.end();
}
