import pg from 'pg';

import { createRateLimiter } from '#app/adapters/rate-limit/rate-limiter.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';

/*
 * A process of its own that asks as fast as it can, for the tests of the rate limits: PLAN is
 * `{ name, points, perSeconds, callers, attempts }`, and what was let in is printed as `{"caller": count}`.
 */
const plan: { name: string; points: number; perSeconds: number; callers: string[]; attempts: number } = JSON.parse(process.argv[2] ?? '{}');
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 4 });
const limiter = createRateLimiter(plan, { pool, ...systemRuntime });
const accepted: Record<string, number> = {};
const queue = Array.from({ length: plan.attempts }, () => plan.callers).flat();
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (let caller = queue.pop(); caller !== undefined; caller = queue.pop()) {
      if ((await limiter.consume(caller)).ok) accepted[caller] = (accepted[caller] ?? 0) + 1;
    }
  }),
);
await pool.end();
console.log(JSON.stringify(accepted));
process.exit(0);
