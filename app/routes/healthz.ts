import { prisma } from '#app/db.server.ts';
import { log } from '#app/log.server.ts';

const TIMEOUT_MS = 2_000;

/** 200 while the database answers: for the load balancer, which knows nothing else about us. */
export async function loader(): Promise<Response> {
  const database = prisma.$queryRaw`SELECT 1`.then(() => true);
  const isReady = await Promise.race([database, after(TIMEOUT_MS)]).catch((error: unknown) => {
    log.error({ err: error }, 'the database does not answer');
    return false;
  });
  return new Response(isReady ? 'ok' : 'the database does not answer', { status: isReady ? 200 : 503 });
}

function after(timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => setTimeout(() => resolve(false), timeoutMs).unref());
}
