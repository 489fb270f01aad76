import { once } from 'node:events';

import pg from 'pg';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';

import type { DumpBegin, DumpFrame, DumpManifest, DumpTable } from '#app/adapters/backup/dump-frames.server.ts';
import { listTables, PLAIN_TEXT_SETTINGS, rowsOf } from '#app/adapters/backup/dump-database.server.ts';
import { RowDigest } from '#app/adapters/backup/row-digest.server.ts';
import { BackupFileError } from '#app/adapters/backup/sealed-file.server.ts';
import { SETTLE_STATEMENTS } from '#app/adapters/backup/settle-statements.ts';

/** The database is not one that may be filled: not empty, or of another version. */
export class UnfitTargetError extends Error {
  override name = 'UnfitTargetError';
}

export interface Restored {
  asOf: string;
  tables: number;
  rows: number;
}

/** A start of any process writes it, so an empty database may have it. */
const FINGERPRINT_TABLE = 'hash_key_fingerprint';

/**
 * Fills an empty, migrated database from a dump, reads every row back and compares it, then settles what must not
 * happen twice. One transaction: when anything is wrong, nothing was done.
 */
export async function restoreDatabase(ownerUrl: string, frames: AsyncIterable<DumpFrame>): Promise<Restored> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(PLAIN_TEXT_SETTINGS);
    await client.query('BEGIN');
    const tables = await listTables(client);
    const forced = await unforceRowSecurity(client);
    await requireEmpty(client, tables);
    // Rows come as they were, with the version that they were written in.
    await switchTriggers(client, tables, 'DISABLE');
    const { begin, filled, manifest } = await fill(client, frames);
    await switchTriggers(client, tables, 'ENABLE');
    await compare(client, filled, manifest);
    await setSequences(client, manifest);
    for (const statement of SETTLE_STATEMENTS) await client.query(statement);
    for (const table of forced) await client.query(`ALTER TABLE ${pg.escapeIdentifier(table)} FORCE ROW LEVEL SECURITY`);
    await client.query('COMMIT');
    await client.query('ANALYZE');
    return { asOf: begin.asOf, tables: filled.length, rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0) };
  } finally {
    // Without a COMMIT, the end of the connection takes everything back.
    await client.end();
  }
}

/** Holds the owner back as well, and COPY would refuse; until this transaction ends, nobody else gets to these tables. */
async function unforceRowSecurity(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ table: string }>(
    `SELECT relname::text AS table FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relforcerowsecurity`,
  );
  for (const { table } of rows) await client.query(`ALTER TABLE ${pg.escapeIdentifier(table)} NO FORCE ROW LEVEL SECURITY`);
  return rows.map(({ table }) => table);
}

async function switchTriggers(client: pg.Client, tables: readonly DumpTable[], to: 'ENABLE' | 'DISABLE'): Promise<void> {
  for (const { table } of tables) await client.query(`ALTER TABLE ${pg.escapeIdentifier(table)} ${to} TRIGGER USER`);
}

async function requireEmpty(client: pg.Client, tables: readonly DumpTable[]): Promise<void> {
  for (const { table } of tables) {
    if (table === FINGERPRINT_TABLE) continue;
    const { rowCount } = await client.query(`SELECT 1 FROM ${pg.escapeIdentifier(table)} LIMIT 1`);
    if (rowCount !== 0) throw new UnfitTargetError(`${table} has rows: a backup is restored into an empty database only.`);
  }
}

interface Filled {
  begin: DumpBegin;
  filled: DumpTable[];
  manifest: DumpManifest;
}

async function fill(client: pg.Client, frames: AsyncIterable<DumpFrame>): Promise<Filled> {
  let begin: DumpBegin | undefined;
  let manifest: DumpManifest | undefined;
  let target: CopyStreamQuery | undefined;
  const filled: DumpTable[] = [];
  for await (const frame of frames) {
    switch (frame.is) {
      case 'begin':
        begin = frame.value;
        await requireMigrations(client, begin);
        break;
      case 'table':
        await endCopy(target);
        target = await beginCopy(client, frame.value);
        filled.push(frame.value);
        break;
      case 'rows':
        if (!target) throw new BackupFileError('The backup has rows of no table.');
        if (target.errored) throw target.errored;
        // An error of the database comes as an event of the stream, with which this wait ends.
        if (!target.write(frame.value)) await once(target, 'drain');
        break;
      case 'manifest':
        await endCopy(target);
        target = undefined;
        manifest = frame.value;
    }
  }
  if (!begin || !manifest) throw new BackupFileError('The backup has no beginning or no end.');
  return { begin, filled, manifest };
}

async function beginCopy(client: pg.Client, { table, columns }: DumpTable): Promise<CopyStreamQuery> {
  if (table === FINGERPRINT_TABLE) await client.query(`DELETE FROM ${FINGERPRINT_TABLE}`);
  const names = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  const target = client.query(copyFrom(`COPY ${pg.escapeIdentifier(table)} (${names}) FROM STDIN`));
  // Looked at before the next piece; unheard, the event would end the process.
  target.on('error', () => {});
  return target;
}

async function endCopy(target: CopyStreamQuery | undefined): Promise<void> {
  if (!target) return;
  if (target.errored) throw target.errored;
  const finished = once(target, 'finish');
  target.end();
  await finished;
}

async function requireMigrations(client: pg.Client, { migrations }: DumpBegin): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const there = new Set(rows.map(({ name }) => name));
  const missing = migrations.find((name) => !there.has(name));
  if (missing !== undefined) throw new UnfitTargetError(`The database lacks the migration ${missing}: migrate it with the version that made the backup, or a later one.`);
}

/** Against the hashes that were made of the source's rows, so that whatever happened on the way is seen. */
async function compare(client: pg.Client, filled: readonly DumpTable[], manifest: DumpManifest): Promise<void> {
  if (filled.length !== manifest.tables.length) throw new BackupFileError('The backup has other tables than its manifest says.');
  for (const table of filled) {
    const expected = manifest.tables.find((entry) => entry.table === table.table);
    const digest = new RowDigest();
    for await (const rows of rowsOf(client, table)) digest.add(rows);
    const found = digest.finish();
    if (found.rows === expected?.rows && found.digest === expected.digest) continue;
    throw new BackupFileError(`${table.table} came out with ${found.rows} rows instead of ${expected?.rows ?? 0}, or with other ones.`);
  }
}

/** Never below what is in use: a number that the source had given away and lost is given away no second time either. */
async function setSequences(client: pg.Client, { sequences }: DumpManifest): Promise<void> {
  for (const { table, column, last } of sequences) {
    const [tableName, columnName] = [pg.escapeIdentifier(table), pg.escapeIdentifier(column)];
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), greatest($3::bigint, 1, (SELECT max(${columnName}) FROM ${tableName})))`,
      [tableName, column, last],
    );
  }
}
