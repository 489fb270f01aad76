import type pg from 'pg';

/** The newest of prisma/migrations that this build knows; a test compares them. */
export const NEWEST_MIGRATION = '20261123140000_shop_opened_at';

/** Newer ones may be there too: the previous build runs beside the next while a release goes out. */
export async function isMigrated(pool: pg.Pool): Promise<boolean> {
  const { rowCount } = await pool.query(
    'SELECT 1 FROM _prisma_migrations WHERE migration_name = $1 AND finished_at IS NOT NULL AND rolled_back_at IS NULL',
    [NEWEST_MIGRATION],
  );
  return rowCount === 1;
}
