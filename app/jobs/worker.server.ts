import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

import { requireHashKey } from '#app/adapters/db/require-hash-key.server.ts';
import { requireTenantRole } from '#app/adapters/db/require-tenant-role.server.ts';
import { loadWaitingWork } from '#app/adapters/db/shop-registry.server.ts';
import { shopContext } from '#app/context.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { env } from '#app/env.server.ts';
import { HANDLERS } from '#app/jobs/handlers.server.ts';
import { WorkLoop } from '#app/jobs/work-loop.server.ts';
import { log } from '#app/log.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import { removeStaleImportFolders } from '#app/services/sync/import/remove-stale-import-folders.server.ts';

const loop = new WorkLoop({
  pool,
  monotonicMs: systemRuntime.monotonicMs,
  loadWork: () => loadWaitingWork(prisma, systemRuntime.now()),
  handle: (item) => HANDLERS[item.work](shopContext(item)),
  onError: (item, error) => log.error({ shopId: item?.shopId, work: item?.work, err: error }, 'work failed'),
});

const CLOSE_DEADLINE_MS = 1_000;

async function stop(): Promise<void> {
  await loop.stop();
  // Work that was cut still holds connections; PostgreSQL rolls it back when they go with the process.
  const closed = prisma.$disconnect().then(() => pool.end());
  await Promise.race([closed, wait(CLOSE_DEADLINE_MS)]);
  process.exit(0);
}

process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());

await requireTenantRole(env.DATABASE_URL);
await requireHashKey(env.DATABASE_URL, sealedBox);
try {
  const removed = await removeStaleImportFolders(tmpdir(), systemRuntime.now());
  if (removed > 0) log.info({ removed }, 'removed files of pulls that were cut off');
} catch (error) {
  log.warn({ err: error }, 'files of pulls that were cut off may be left');
}
loop.start();
log.info('worker is looking for work');
