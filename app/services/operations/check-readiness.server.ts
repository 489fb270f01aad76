import type pg from 'pg';

import { isMigrated } from '#app/adapters/db/expected-migration.server.ts';
import type { Result } from '#app/domain/result.ts';

/** `database`: it does not answer. `migrations`: it lacks one that this build needs. */
export interface Unready {
  reason: 'database' | 'migrations';
}

const DEADLINE_MS = 2_000;

/** Whether this process should be sent work: the database answers and has what this build needs. */
export async function checkReadiness(pool: pg.Pool): Promise<Result<null, Unready>> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<'database'>((resolve) => {
    timer = setTimeout(() => resolve('database'), DEADLINE_MS);
  });
  const answer = isMigrated(pool).then<'ready' | Unready['reason'], Unready['reason']>(
    (isThere) => (isThere ? 'ready' : 'migrations'),
    () => 'database',
  );
  const found = await Promise.race([answer, tooLong]);
  clearTimeout(timer);
  return found === 'ready' ? { ok: true, value: null } : { ok: false, reason: found };
}
