import type pg from 'pg';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { z } from 'zod';

import { log } from '#app/logging/log.server.ts';
import type { Runtime } from '#app/runtime.server.ts';

/** So many requests of one caller in so long a window, which begins with the first of them. */
export interface Allowance {
  name: string;
  points: number;
  perSeconds: number;
}

/** `limit`: the name of the first allowance that had nothing left. */
export type Consumed = { ok: true } | { ok: false; limit: string; retryAfterSeconds: number };

/** One allowance that a request is taken from, and of whom. */
export interface Charge {
  limit: string;
  caller: string;
}

export interface RateLimits {
  /** Takes one request from each of these allowances, each once. Always answers soon, and never throws. */
  consume: (charges: readonly Charge[]) => Promise<Consumed>;
}

export interface RateLimiter {
  /** Takes one request from the caller's allowance. Always answers soon, and never throws. */
  consume: (caller: string) => Promise<Consumed>;
}

/** Far longer than a busy database takes for one row. */
export const STORE_DEADLINE_MS = 1_000;
/** So long a store that failed is left alone, so that its trouble costs one request in many the deadline. */
const STORE_REST_MS = 2_000;
/** How often a process clears away what ended an hour ago. */
const CHARGES_A_CLEARING = 5_000;
const MOST_REFUSALS = 10_000;

type Deps = { pool: pg.Pool } & Pick<Runtime, 'monotonicMs' | 'wait'>;

export function createRateLimiter(allowance: Allowance, deps: Deps): RateLimiter {
  const limits = createRateLimits([allowance], deps);
  return { consume: (caller) => limits.consume([{ limit: allowance.name, caller }]) };
}

/**
 * Counts in PostgreSQL, so that all processes share one allowance, in one statement for all that a request is taken from.
 * Whoever was refused is refused by this process from memory until their window ends: a flood costs the database nothing,
 * and nothing of what others share. While the database does not answer, each process lets in half of the allowance, what
 * it has let in before included: never open, and two processes together keep the promise.
 */
export function createRateLimits(allowances: readonly Allowance[], { pool, monotonicMs, wait }: Deps, chargesAClearing = CHARGES_A_CLEARING): RateLimits {
  const known = new Map(
    allowances.map(({ name, points, perSeconds }) => {
      const alone = new RateLimiterMemory({ keyPrefix: name, points: Math.max(1, Math.floor(points / 2)), duration: perSeconds });
      return [name, { points, perSeconds, alone }];
    }),
  );
  const store = new Store(pool, (limit) => known.get(limit)?.perSeconds ?? 0, chargesAClearing);
  const refusals = new Refusals(monotonicMs);
  let restsUntilMs = 0;
  const consumeAlone = async (charges: readonly Charge[]): Promise<Consumed> => {
    for (const { limit, caller } of charges) {
      const retryAfterSeconds = await refusedAlone(known.get(limit)?.alone, caller);
      if (retryAfterSeconds !== null) return { ok: false, limit, retryAfterSeconds };
    }
    return { ok: true };
  };
  return {
    async consume(charges) {
      for (const { limit, caller } of charges) {
        const retryAfterSeconds = refusals.leftSeconds(keyOf({ limit, caller }));
        if (retryAfterSeconds !== null) return { ok: false, limit, retryAfterSeconds };
      }
      if (monotonicMs() < restsUntilMs) return consumeAlone(charges);
      const deadline = wait(STORE_DEADLINE_MS).then(afterArrivals);
      const counted = await Promise.race([store.count(charges).catch(asError), deadline]);
      if (counted !== undefined && !(counted instanceof Error)) {
        const refused = charges
          .map((charge) => ({ ...charge, ...(counted.get(keyOf(charge)) ?? { used: 0, leftMs: 0 }) }))
          .filter(({ limit, used }) => used > (known.get(limit)?.points ?? 0));
        for (const { leftMs, ...charge } of refused) refusals.note(keyOf(charge), leftMs);
        const [first] = refused;
        if (first !== undefined) return { ok: false, limit: first.limit, retryAfterSeconds: secondsOf(first.leftMs) };
        await consumeAlone(charges);
        return { ok: true };
      }
      restsUntilMs = monotonicMs() + STORE_REST_MS;
      log.warn({ err: counted }, 'the store of the rate limits does not answer: half is let in');
      return consumeAlone(charges);
    },
  };
}

function keyOf({ limit, caller }: Charge): string {
  return `${limit}:${caller}`;
}

function secondsOf(leftMs: number): number {
  return Math.max(1, Math.ceil(leftMs / 1000));
}

const rowSchema = z.object({ key: z.string(), points: z.number().int(), left_ms: z.string().transform(Number) });

/** The counters of all processes, by the database's clock alone. */
class Store {
  readonly #pool: pg.Pool;
  readonly #perSecondsOf: (limit: string) => number;
  readonly #chargesAClearing: number;
  #charges = 0;

  constructor(pool: pg.Pool, perSecondsOf: (limit: string) => number, chargesAClearing: number) {
    this.#chargesAClearing = chargesAClearing;
    this.#pool = pool;
    this.#perSecondsOf = perSecondsOf;
  }

  async count(charges: readonly Charge[]): Promise<Map<string, { used: number; leftMs: number }>> {
    const keys = charges.map(keyOf);
    const { rows } = await this.#pool.query({ name: 'charge-limits', text: CHARGE, values: [keys, charges.map(({ limit }) => this.#perSecondsOf(limit) * 1000)] });
    this.#charges += 1;
    if (this.#charges % this.#chargesAClearing === 0) await this.#pool.query(CLEAR);
    return new Map(
      rows.map((raw) => {
        const { key, points, left_ms: leftMs } = rowSchema.parse(raw);
        return [key, { used: points, leftMs }];
      }),
    );
  }
}

const NOW_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** In one order for all, so that two requests of the same callers wait for each other and never in a ring. */
const CHARGE = `
  INSERT INTO rate_limits AS l (key, points, expire)
  SELECT c.key, 1, ${NOW_MS} + c.window_ms FROM unnest($1::text[], $2::bigint[]) c (key, window_ms) ORDER BY c.key
  ON CONFLICT (key) DO UPDATE SET points = CASE WHEN l.expire <= ${NOW_MS} THEN 1 ELSE l.points + 1 END,
    expire = CASE WHEN l.expire <= ${NOW_MS} THEN excluded.expire ELSE l.expire END
  RETURNING key, points, expire - ${NOW_MS} AS left_ms`;

/** Index: rate_limits_expire. */
const CLEAR = `DELETE FROM rate_limits WHERE expire < ${NOW_MS} - 3600000`;

/** Who was refused by this process, for as long as they have nothing left. */
class Refusals {
  readonly #untilMs = new Map<string, number>();
  readonly #monotonicMs: () => number;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  note(key: string, leftMs: number): void {
    const [oldest] = this.#untilMs.keys();
    if (oldest !== undefined && this.#untilMs.size >= MOST_REFUSALS) this.#untilMs.delete(oldest);
    this.#untilMs.set(key, this.#monotonicMs() + leftMs);
  }

  leftSeconds(key: string): number | null {
    const untilMs = this.#untilMs.get(key);
    if (untilMs === undefined) return null;
    const leftMs = untilMs - this.#monotonicMs();
    if (leftMs > 0) return secondsOf(leftMs);
    this.#untilMs.delete(key);
    return null;
  }
}

/** The library rejects with an outcome where there is nothing left, and with an error where it could not count. */
async function refusedAlone(limiter: RateLimiterMemory | undefined, caller: string): Promise<number | null> {
  try {
    await limiter?.consume(caller);
    return null;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return secondsOf(refusal.msBeforeNext);
  }
}

/** A process that was busy for longer than the deadline may have the answer lying there, unread. */
function afterArrivals(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('the store of the rate limits failed', { cause: thrown });
}
