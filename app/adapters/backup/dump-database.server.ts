import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

import type { DumpFrame, DumpManifest, DumpTable } from '#app/adapters/backup/dump-frames.server.ts';
import { RowDigest } from '#app/adapters/backup/row-digest.server.ts';

/** Prisma's own list goes with the schema, and the counters of the rate limiter are of the moment. */
export const NOT_BACKED_UP = ['_prisma_migrations', 'rate_limits'];

/** The same text for the same value, whatever a role or a database has as its settings. */
export const PLAIN_TEXT_SETTINGS = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET bytea_output = 'hex'; SET client_encoding = 'UTF8'";

/** Whoever reads must see every row, and PostgreSQL would leave out the others without a word. */
export class BlindOwnerError extends Error {
  override name = 'BlindOwnerError';
}

/**
 * Every table in one snapshot, as the owner, while everything else goes on. Only reads.
 */
export async function* dumpDatabase(ownerUrl: string): AsyncGenerator<DumpFrame> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(PLAIN_TEXT_SETTINGS);
    // With this, a table of which row-level security would hide rows is an error.
    await client.query('SET row_security = off');
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    yield { is: 'begin', value: await describeSnapshot(client) };
    const tables: DumpManifest['tables'] = [];
    for (const table of await listTables(client)) {
      yield { is: 'table', value: table };
      const digest = new RowDigest();
      for await (const rows of rowsOf(client, table)) {
        digest.add(rows);
        yield { is: 'rows', value: rows };
      }
      tables.push({ table: table.table, ...digest.finish() });
    }
    yield { is: 'manifest', value: { tables, sequences: await readSequences(client) } };
    await client.query('COMMIT');
  } catch (error) {
    if (!isHiddenByPolicy(error)) throw error;
    throw new BlindOwnerError(
      'DATABASE_OWNER_URL logs in as a role from whom row-level security hides rows. As an administrator: ALTER ROLE … BYPASSRLS.',
      { cause: error },
    );
  } finally {
    await client.end();
  }
}

export async function* rowsOf(client: pg.Client, { table, columns }: DumpTable): AsyncGenerator<Buffer> {
  const names = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  for await (const piece of client.query(copyTo(`COPY ${pg.escapeIdentifier(table)} (${names}) TO STDOUT`))) {
    if (!Buffer.isBuffer(piece)) throw new Error('COPY gave something other than bytes');
    yield piece;
  }
}

async function describeSnapshot(client: pg.Client): Promise<{ asOf: string; migrations: string[] }> {
  const { rows } = await client.query<{ asOf: Date; migrations: string[] }>(
    `SELECT now() AS "asOf", array(SELECT migration_name::text FROM _prisma_migrations
       WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name) AS migrations`,
  );
  if (!rows[0]) throw new Error('The snapshot has no beginning');
  return { asOf: rows[0].asOf.toISOString(), migrations: rows[0].migrations };
}

/** Those that others refer to come first, so that they can be filled in this order. */
export async function listTables(client: pg.Client): Promise<DumpTable[]> {
  const { rows } = await client.query<DumpTable & { parents: string[] }>(
    `SELECT c.relname::text AS table,
       array(SELECT a.attname::text FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum) AS columns,
       array(SELECT k.confrelid::regclass::text FROM pg_constraint k
         WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS parents
     FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> ALL ($1)
     ORDER BY c.relname`,
    [NOT_BACKED_UP],
  );
  const sorted: DumpTable[] = [];
  const left = new Map(rows.map((row) => [row.table, row]));
  while (left.size > 0) {
    const next = [...left.values()].filter(({ parents }) => !parents.some((parent) => left.has(parent)));
    if (next.length === 0) throw new Error(`Tables refer to each other in a circle: ${[...left.keys()].join(', ')}`);
    for (const { table, columns } of next) {
      sorted.push({ table, columns });
      left.delete(table);
    }
  }
  return sorted;
}

async function readSequences(client: pg.Client): Promise<DumpManifest['sequences']> {
  const { rows } = await client.query<DumpManifest['sequences'][number]>(
    `SELECT c.relname::text AS table, a.attname::text AS column, coalesce(s.last_value, 0)::text AS last
     FROM pg_sequences s
     JOIN pg_class q ON q.relname = s.sequencename AND q.relnamespace = 'public'::regnamespace
     JOIN pg_depend d ON d.objid = q.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
     JOIN pg_class c ON c.oid = d.refobjid
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
     WHERE s.schemaname = 'public' ORDER BY 1, 2`,
  );
  return rows;
}

function isHiddenByPolicy(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '42501' && error.message.includes('row-level security');
}
