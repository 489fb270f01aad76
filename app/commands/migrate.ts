import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';

import pg from 'pg';

import { environmentOfChild, readOwnerEnv } from '#app/env.server.ts';

// Migrations run as the owner of the tables, whom web and worker must not be.
const ownerUrl = requireOwnerUrl();

// Each attempt waits for a lock for a second at most (prisma.config.ts), so traffic that is in the way goes on, and what
// is only passing is gone after a few.
const MAX_ATTEMPTS = 20;
const PAUSE_MS = 2_000;

const prismaCli = createRequire(import.meta.url).resolve('prisma/build/index.js');
for (let attempt = 1; ; attempt += 1) {
  await forgetFailedAttempts(ownerUrl);
  const result = spawnSync(process.execPath, [prismaCli, 'migrate', 'deploy'], {
    env: environmentOfChild({ CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' }),
    encoding: 'utf8',
  });
  if (result.status === 0) {
    console.log(result.stdout.includes('No pending migrations') ? 'Nothing to migrate.' : 'Migrated.');
    break;
  }
  const said = `${result.stdout}${result.stderr}`;
  if (!said.includes('due to lock timeout') || attempt === MAX_ATTEMPTS) {
    console.error(`The migration failed, and nothing of it was kept.\n${said}`);
    process.exit(1);
  }
  console.log(`A lock is held by somebody else. Again in ${PAUSE_MS / 1000} s (${attempt} of ${MAX_ATTEMPTS}).`);
  await wait(PAUSE_MS);
}

function requireOwnerUrl(): string {
  try {
    return readOwnerEnv().DATABASE_OWNER_URL;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

/**
 * Prisma refuses to go on after a migration that failed, since it may have been half done. Ours are sent whole, so one
 * that failed left nothing and can be tried again. While somebody else migrates, its open attempt is left alone.
 */
async function forgetFailedAttempts(connectionString: string): Promise<void> {
  const PRISMA_MIGRATE_LOCK = 72_707_369;
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ known: boolean; free: boolean }>(
      "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS known, pg_try_advisory_lock($1) AS free",
      [PRISMA_MIGRATE_LOCK],
    );
    if (!rows[0]?.known || !rows[0].free) return;
    await client.query(
      'UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL',
    );
  } finally {
    // The lock goes with the connection.
    await client.end();
  }
}
