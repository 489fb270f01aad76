import { pool } from '#app/db.server.ts';
import { log } from '#app/logging/log.server.ts';
import { checkReadiness } from '#app/services/operations/check-readiness.server.ts';

const WORDS = { database: 'the database does not answer', migrations: 'the database lacks a migration: npm run migrate' };

export async function answerReadiness(): Promise<Response> {
  const readiness = await checkReadiness(pool);
  if (readiness.ok) return new Response('ok');
  log.error({ reason: readiness.reason }, 'not ready');
  return new Response(WORDS[readiness.reason], { status: 503 });
}
