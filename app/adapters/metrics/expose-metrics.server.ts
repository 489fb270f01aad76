import type pg from 'pg';
import { register, type Gauge } from 'prom-client';

import { gauge } from '#app/adapters/metrics/metrics.server.ts';
import { loadOperationsGauges, type OperationsGauge } from '#app/adapters/db/operations-gauges.server.ts';
import type { Runtime } from '#app/runtime.server.ts';

interface Sources extends Pick<Runtime, 'now' | 'monotonicMs'> {
  pool: pg.Pool;
}

// Several Prometheus servers may ask, and a database that was too slow to answer is not asked again at once.
const GAUGES_KEPT_MS = 30_000;
// Prometheus gives up after ten seconds, and the rest of the figures is worth having without these.
const GAUGES_DEADLINE_MS = 3_000;
const UP_DEADLINE_MS = 3_000;

const GAUGES: Readonly<Record<string, string>> = {
  webhooks: 'Webhooks in the inbox that are not handled.',
  webhook_oldest_waiting_seconds: 'Age of the oldest webhook that waits.',
  imports: 'Imports that are unfinished or failed.',
  offer_codes: 'Codes that Shopify does not have.',
  segment_writes: 'Segments being written to Shopify, and runs of the last two days that failed.',
  reconciliations: 'Comparisons with Shopify of the last two days.',
  differences_unrepaired: 'Orders and customers that differed in the last comparison of a shop and were not mended.',
  reconcile_overdue_shops: 'Shops whose comparison is more than six hours late.',
  installed_shops: 'Shops that the app is installed in.',
};

/** Adds the figures that are read from the pool and the database. Twice is once. */
export function exposeDatabaseMetrics({ pool, now, monotonicMs }: Sources): void {
  gauge('perennial_pool_connections', 'Database connections of this process.', ['state'], (target) => {
    target.set({ state: 'used' }, pool.totalCount - pool.idleCount);
    target.set({ state: 'idle' }, pool.idleCount);
  });
  gauge('perennial_pool_waiting', 'Pieces of work that wait for a connection.', [], (target) => target.set(pool.waitingCount));

  let kept: { untilMs: number; rows: Promise<OperationsGauge[] | null> } | undefined;
  const load = (): Promise<OperationsGauge[] | null> => {
    if (kept && kept.untilMs > monotonicMs()) return kept.rows;
    const rows = within(GAUGES_DEADLINE_MS, loadOperationsGauges(pool, now()));
    kept = { untilMs: monotonicMs() + GAUGES_KEPT_MS, rows };
    return rows;
  };
  gauge('perennial_database_up', 'Whether the database answers this process.', [], async (target) => {
    target.set((await within(UP_DEADLINE_MS, pool.query('SELECT 1'))) === null ? 0 : 1);
  });
  for (const [name, help] of Object.entries(GAUGES)) {
    gauge(`perennial_${name}`, help, ['state'], async (target) => setAll(target, name, (await load()) ?? []));
  }
}

function setAll(target: Gauge<'state'>, name: string, rows: readonly OperationsGauge[]): void {
  target.reset();
  for (const row of rows) {
    if (row.gauge === name) target.set(row.label === '' ? {} : { state: row.label }, row.value);
  }
}

/** Null when it fails or takes too long. */
async function within<T>(deadlineMs: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), deadlineMs);
  });
  return Promise.race([work.catch(() => null), tooLong]).finally(() => clearTimeout(timer));
}

export async function renderMetrics(): Promise<{ text: string; contentType: string }> {
  return { text: await register.metrics(), contentType: register.contentType };
}
