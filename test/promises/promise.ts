import { test } from 'vitest';
import { ROWS, type RowId } from './rows.ts';

export interface Attempt {
  size: 'small' | 'long';
  /** Of everything random in the run; printed with the result, and given again by `--seed`. */
  seed: number;
  /** The small run's figure or the long one's. */
  pick: <T>(small: T, long: T) => T;
}

export interface Finding {
  /** How much was tried, counted: `60,000 deliveries`. */
  tried: string;
  /** The figures that were measured, in the order of the row's pass figure. */
  measured: string;
  isKept: boolean;
}

/** One line of the table that `npm run test:long` prints. */
export interface PromiseLine extends Finding {
  id: RowId;
  part: string;
  seed: number;
  seconds: number;
}

declare module 'vitest' {
  interface TaskMeta {
    promise?: PromiseLine;
  }
}

const SMALL_TIMEOUT_MS = 180_000;
const LONG_TIMEOUT_MS = 45 * 60 * 1000;

/**
 * Registers the test of one row, or of a part of it. `npm test` runs it small, `npm run test:long` at full size; it
 * fails when the finding says that the promise was broken.
 */
export function promiseOf(id: RowId, part: string, run: (attempt: Attempt) => Promise<Finding>): void {
  const size = process.env['PROMISE_SIZE'] === 'long' ? 'long' : 'small';
  const timeout = size === 'long' ? LONG_TIMEOUT_MS : SMALL_TIMEOUT_MS;
  test(`${id} ${ROWS[id].risk}: ${part}`, { timeout }, async ({ task }) => {
    const seed = Number(process.env['PROMISE_SEED'] ?? 20261122);
    const startedAt = performance.now();
    const finding = await run({ size, seed, pick: (small, long) => (size === 'long' ? long : small) });
    const seconds = (performance.now() - startedAt) / 1000;
    task.meta.promise = { id, part, seed, seconds, ...finding };
    if (!finding.isKept) {
      throw new Error(`${id} is broken (seed ${seed}). Promised: ${ROWS[id].pass}. Tried: ${finding.tried}. Measured: ${finding.measured}.`);
    }
  });
}
