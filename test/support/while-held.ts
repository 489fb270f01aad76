import pg from 'pg';

import { waitFor } from '#test/support/wait-for.ts';

interface Holding<T> {
  /** What another transaction has done and not committed. */
  hold: (holder: pg.PoolClient) => Promise<unknown>;
  /** What begins meanwhile. */
  work: () => Promise<T>;
  /** What the other transaction does once the work waits for it, before it commits. */
  last?: (holder: pg.PoolClient) => Promise<unknown>;
}

/** Has work begin while another transaction is under way, which is committed once the work waits for it, or has not. */
export async function whileHeld<T>(ownerUrl: string, { hold, work, last }: Holding<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  const holder = await pool.connect();
  try {
    await holder.query('BEGIN');
    await hold(holder);
    let hasEnded = false;
    const working = work().finally(() => (hasEnded = true));
    // Whoever asks for it below is told.
    working.catch(() => {});
    await waitFor('the work to wait, or to end', async () => {
      const { rowCount } = await pool.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
      return hasEnded || (rowCount ?? 0) > 0 || undefined;
    });
    await last?.(holder);
    await holder.query('COMMIT');
    return await working;
  } finally {
    holder.release();
    await pool.end();
  }
}

/** For `hold`: as everybody who changes a shop's data does first. */
export async function holdShopRow(holder: pg.PoolClient, { shopId }: { shopId: number }): Promise<void> {
  await holder.query('SELECT 1 FROM shops WHERE shop_id = $1 FOR NO KEY UPDATE', [shopId]);
}
