import type pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

import { log } from '#app/logging/log.server.ts';
import type { Runtime } from '#app/runtime.server.ts';

/** So many requests of one caller in so long a window, which begins with the first of them. */
export interface Allowance {
  name: string;
  points: number;
  perSeconds: number;
}

export type Consumed = { ok: true } | { ok: false; retryAfterSeconds: number };

export interface RateLimiter {
  /** Takes one request from the caller's allowance. Always answers soon, and never throws. */
  consume: (caller: string) => Promise<Consumed>;
  /** For how long this process knows that the caller has nothing left; null where it would have to ask. */
  refusedForSeconds: (caller: string) => number | null;
}

/** Far longer than a busy database takes for one row. */
export const STORE_DEADLINE_MS = 1_000;
/** So long a store that failed is left alone, so that its trouble costs one request in many the deadline. */
const STORE_REST_MS = 2_000;

/**
 * Counts in PostgreSQL, so that all processes share one allowance. While that does not answer, each process lets in
 * half of the allowance, what it has let in before included: never open, and two processes together keep the promise.
 */
export function createRateLimiter(
  { name, points, perSeconds }: Allowance,
  { pool, monotonicMs, wait }: { pool: pg.Pool } & Pick<Runtime, 'monotonicMs' | 'wait'>,
): RateLimiter {
  const shared = new RateLimiterPostgres({
    storeClient: pool,
    tableName: 'rate_limits',
    tableCreated: true,
    keyPrefix: name,
    points,
    duration: perSeconds,
    // Who has used all up is refused from memory: a flood costs the database nothing.
    inMemoryBlockOnConsumed: points,
  });
  const alone = new RateLimiterMemory({ keyPrefix: name, points: Math.max(1, Math.floor(points / 2)), duration: perSeconds });
  let restsUntilMs = 0;
  const refusals = new Refusals(monotonicMs);
  return {
    refusedForSeconds: (caller) => refusals.leftSeconds(caller),
    async consume(caller) {
      if (monotonicMs() < restsUntilMs) return outcomeOf(alone.consume(caller));
      const deadline = wait(STORE_DEADLINE_MS).then(afterArrivals);
      const inTime = await Promise.race([outcomeOf(shared.consume(caller)).catch(asError), deadline]);
      if (inTime !== undefined && !(inTime instanceof Error)) {
        if (inTime.ok) await outcomeOf(alone.consume(caller));
        else refusals.note(caller, inTime.retryAfterSeconds);
        return inTime;
      }
      restsUntilMs = monotonicMs() + STORE_REST_MS;
      log.warn({ err: inTime, limit: name }, 'the store of the rate limits does not answer: half is let in');
      return outcomeOf(alone.consume(caller));
    },
  };
}

const MOST_REFUSALS = 10_000;

/** Who was refused by this process, for as long as they have nothing left. */
class Refusals {
  readonly #untilMs = new Map<string, number>();
  readonly #monotonicMs: () => number;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  note(caller: string, seconds: number): void {
    const [oldest] = this.#untilMs.keys();
    if (oldest !== undefined && this.#untilMs.size >= MOST_REFUSALS) this.#untilMs.delete(oldest);
    this.#untilMs.set(caller, this.#monotonicMs() + seconds * 1000);
  }

  leftSeconds(caller: string): number | null {
    const untilMs = this.#untilMs.get(caller);
    if (untilMs === undefined) return null;
    const leftMs = untilMs - this.#monotonicMs();
    if (leftMs > 0) return Math.ceil(leftMs / 1000);
    this.#untilMs.delete(caller);
    return null;
  }
}

/** The library rejects with an outcome where there is nothing left, and with an error where it could not count. */
async function outcomeOf(consuming: Promise<RateLimiterRes>): Promise<Consumed> {
  try {
    await consuming;
    return { ok: true };
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) };
  }
}

/** A process that was busy for longer than the deadline may have the answer lying there, unread. */
function afterArrivals(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('the store of the rate limits failed', { cause: thrown });
}
