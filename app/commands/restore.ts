// Restores a backup into an empty, migrated database, and buries again whoever was redacted since.
//
//   npm run restore -- FILE --into NAME --tombstones FILE    NAME is the database that DATABASE_OWNER_URL and
//                                                            DATABASE_URL both name, so that a slip restores nothing
//   npm run restore -- FILE --into NAME --without-tombstones by those of the backup alone: whoever was redacted after
//                                                            it comes back, and has to be redacted by hand
//
// Web and worker must not run. Nothing is sent to anybody: a code that waited is looked up at Shopify before it is
// sent, imports and comparisons begin anew. The whole drill, step by step: RUNBOOK.md beside this file.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { shopContext } from '#app/context.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { env } from '#app/env.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import { restoreBackup } from '#app/services/operations/restore-backup.server.ts';
import { replayTombstones } from '#app/services/privacy/replay-tombstones.server.ts';
import { readTombstoneLines } from '#app/services/privacy/tombstone-lines.server.ts';

const USAGE = 'Usage: npm run restore -- FILE --into NAME (--tombstones FILE | --without-tombstones)';
const count = new Intl.NumberFormat('en');

function readWords(): { file: string; into: string; tombstones: string | null } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { into: { type: 'string' }, tombstones: { type: 'string' }, 'without-tombstones': { type: 'boolean' } },
  });
  const [file, ...more] = positionals;
  const isDecided = (values.tombstones === undefined) === (values['without-tombstones'] === true);
  if (file === undefined || more.length > 0 || values.into === undefined || !isDecided) throw new Error(USAGE);
  return { file, into: values.into, tombstones: values.tombstones ?? null };
}

/** Both addresses, so that what the owner fills is what the app then buries in. */
function requireTarget(name: string): string {
  const ownerUrl = env.DATABASE_OWNER_URL;
  if (!ownerUrl) throw new Error('DATABASE_OWNER_URL is missing: the address of the database as the owner of its tables.');
  for (const [variable, url] of [['DATABASE_OWNER_URL', ownerUrl], ['DATABASE_URL', env.DATABASE_URL]] as const) {
    if (new URL(url).pathname !== `/${name}`) throw new Error(`${variable} does not name the database ${name}.`);
  }
  return ownerUrl;
}

async function restore(): Promise<void> {
  const { file, into, tombstones } = readWords();
  const ownerUrl = requireTarget(into);
  const lines = tombstones === null ? null : (await readFile(tombstones, 'utf8')).split('\n');
  // Before the database is touched: half a file would leave somebody unburied.
  if (lines !== null) await readTombstoneLines(lines);
  const startedMs = systemRuntime.monotonicMs();
  const restored = await restoreBackup({ ownerUrl, keys: env.ENCRYPTION_KEYS }, file);
  console.log(`${count.format(restored.rows)} rows of ${restored.tables} tables, as of ${restored.asOf}, compared row by row.`);
  const report = await replayTombstones({ prisma, sealedBox, contextOf: shopContext }, lines);
  for (const [what, number] of Object.entries(report)) console.log(`${what}: ${count.format(Number(number))}`);
  console.log(`Restored in ${((systemRuntime.monotonicMs() - startedMs) / 1000).toFixed(1)} s. Next: npm run check, then start web and worker.`);
}

try {
  await restore();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await prisma.$disconnect();
  await pool.end();
}
