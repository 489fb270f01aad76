import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

import { noteLook, noteTurn } from '#app/adapters/metrics/metrics.server.ts';
import { observeProcess } from '#app/adapters/metrics/observe-process.server.ts';
import { requireHashKey } from '#app/adapters/db/require-hash-key.server.ts';
import { requireTenantRole } from '#app/adapters/db/require-tenant-role.server.ts';
import { loadWaitingWork } from '#app/adapters/db/shop-registry.server.ts';
import { shopContext } from '#app/context.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { env } from '#app/env.server.ts';
import { HANDLERS } from '#app/jobs/handlers.server.ts';
import { WorkLoop, type WorkItem } from '#app/jobs/work-loop.server.ts';
import { startWorkerListener } from '#app/jobs/worker-listener.server.ts';
import { log } from '#app/logging/log.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import { removeStaleImportFolders } from '#app/services/sync/import/remove-stale-import-folders.server.ts';

const loop = new WorkLoop({
  pool,
  monotonicMs: systemRuntime.monotonicMs,
  loadWork: async () => {
    const work = await loadWaitingWork(prisma, systemRuntime.now());
    noteLook('done');
    return work;
  },
  handle: takeTurn,
  onError: (item, error) => {
    if (item === null) noteLook('failed');
    log.error({ shopId: item?.shopId, work: item?.work, err: error }, item === null ? 'a look for work failed' : 'work failed');
  },
});

async function takeTurn(item: WorkItem): Promise<{ pauseMs: number }> {
  const startedMs = systemRuntime.monotonicMs();
  const seconds = () => (systemRuntime.monotonicMs() - startedMs) / 1000;
  try {
    const turn = await HANDLERS[item.work](shopContext(item));
    noteTurn(item.work, 'done', seconds());
    return turn;
  } catch (error) {
    noteTurn(item.work, 'failed', seconds());
    throw error;
  }
}

const CLOSE_DEADLINE_MS = 1_000;
const LEFT_FILES_EVERY_MS = 60 * 60 * 1000;

async function stop(): Promise<void> {
  const startedMs = systemRuntime.monotonicMs();
  await loop.stop();
  log.info({ drainedMs: Math.round(systemRuntime.monotonicMs() - startedMs) }, 'worker has stopped');
  // Work that was cut still holds connections; PostgreSQL rolls it back when they go with the process.
  const closed = prisma.$disconnect().then(() => pool.end());
  await Promise.race([closed, wait(CLOSE_DEADLINE_MS)]);
  process.exit(0);
}

/** At the start and ever after: a worker that is started again at once finds its own files too young to be nobody's. */
async function removeLeftFiles(): Promise<void> {
  try {
    const removed = await removeStaleImportFolders(tmpdir(), systemRuntime.now());
    if (removed > 0) log.info({ removed }, 'removed files of pulls that were cut off');
  } catch (error) {
    log.warn({ err: error }, 'files of pulls that were cut off may be left');
  }
}

process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());

await requireTenantRole(env.DATABASE_URL);
await requireHashKey(env.DATABASE_URL, sealedBox);
await removeLeftFiles();
setInterval(() => void removeLeftFiles(), LEFT_FILES_EVERY_MS).unref();
observeProcess();
loop.start();
if (env.WORKER_PORT !== undefined) await startWorkerListener({ port: env.WORKER_PORT, loop, pool, runtime: systemRuntime });
log.info('worker is looking for work');
