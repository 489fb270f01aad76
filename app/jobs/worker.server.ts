import { loadWaitingWork } from '#app/adapters/db/shop-registry.server.ts';
import { shopContext } from '#app/context.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { HANDLERS } from '#app/jobs/handlers.server.ts';
import { WorkLoop } from '#app/jobs/work-loop.server.ts';
import { log } from '#app/log.server.ts';

const loop = new WorkLoop({
  pool,
  loadWork: () => loadWaitingWork(prisma, new Date()),
  handle: (item) => HANDLERS[item.work](shopContext(item)),
  onError: (item, error) => log.error({ shopId: item?.shopId, work: item?.work, err: error }, 'work failed'),
});

async function stop(): Promise<void> {
  await loop.stop();
  await prisma.$disconnect();
  await pool.end();
  process.exit(0);
}

// An idle connection that PostgreSQL drops is replaced at the next query; unheard, it would end the process.
pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());

loop.start();
log.info('worker is looking for work');
