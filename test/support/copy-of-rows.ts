import type pg from 'pg';

/** Every row of every table of ours, as a backup would hold it. */
export interface CopyOfRows {
  tables: { name: string; rows: string }[];
}

const OUR_TABLES = `SELECT c.oid::regclass::text AS name FROM pg_class c
  WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> '_prisma_migrations' ORDER BY 1`;

export async function copyRowsOf(owner: pg.Client): Promise<CopyOfRows> {
  const { rows: names } = await owner.query<{ name: string }>(OUR_TABLES);
  const tables: CopyOfRows['tables'] = [];
  for (const { name } of names) {
    const { rows } = await owner.query<{ rows: string }>(`SELECT coalesce(jsonb_agg(t), '[]')::text AS rows FROM ${name} t`);
    tables.push({ name, rows: rows[0]?.rows ?? '[]' });
  }
  return { tables };
}

/** Puts the copy in place of what is there. Sequences go on, as they do when a backup is restored into a live cluster. */
export async function restoreRows(owner: pg.Client, copy: CopyOfRows): Promise<void> {
  await owner.query('BEGIN');
  // The copy was whole, so no key of it needs to be checked, in whatever order the tables come.
  await owner.query("SET LOCAL session_replication_role = 'replica'");
  await owner.query(`TRUNCATE ${copy.tables.map(({ name }) => name).join(', ')}`);
  for (const { name, rows } of copy.tables) {
    await owner.query(`INSERT INTO ${name} SELECT * FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb)`, [rows]);
  }
  await owner.query('COMMIT');
}
