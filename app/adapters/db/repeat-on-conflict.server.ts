import { setTimeout as wait } from 'node:timers/promises';

import { systemRuntime } from '#app/runtime.server.ts';

const MAX_REPEATS = 5;
const LONGEST_PAUSE_MS = 50;

/**
 * Repeats a transaction that PostgreSQL rolled back to let another one through: a serialization failure (40001) or a
 * deadlock (40P01). Nothing of it holds then, so repeating is safe as long as `transaction` changes nothing else.
 */
export async function repeatOnConflict<T>(transaction: () => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (repeats >= MAX_REPEATS || !isConflict(error)) throw error;
      // Of different lengths, or the same two would meet again.
      await wait(systemRuntime.randomFraction() * LONGEST_PAUSE_MS * (repeats + 1));
    }
  }
}

// P2034 is Prisma's word for both, which it does not always find.
const CONFLICTS: ReadonlySet<unknown> = new Set(['40001', '40P01', 'P2034']);

/** Prisma wraps what the driver says in up to three layers. */
function isConflict(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false;
  const { code, originalCode, kind, cause, meta, driverAdapterError }: Record<string, unknown> = { ...error, cause: Reflect.get(error, 'cause') };
  if (CONFLICTS.has(code) || CONFLICTS.has(originalCode) || kind === 'TransactionWriteConflict') return true;
  return [cause, meta, driverAdapterError].some((inner) => isConflict(inner, depth + 1));
}
