import pg from 'pg';

import { UnsealError, type SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { loadSealedColumns } from '#app/adapters/db/sealed-columns.server.ts';

export interface CanaryHit {
  table: string;
  column: string;
  canary: string;
  rows: number;
  /** Only found once the value was opened with our key. */
  isSealed: boolean;
}

interface FindCanariesOptions {
  /** Opens what is sealed and looks inside as well; without it sealed values are searched as bytes. */
  sealedBox?: SealedBox;
}

// Shorter ones turn up by chance, at the latest in base64.
const MIN_LENGTH = 8;

/**
 * Searches every column of every table (but truths and times, which spell no text) for texts that must not be there, in
 * plain, base64, base64url, hex or as JSON and addresses escape them, in texts and in bytes alike. The tables are the
 * catalogue's, so that a new one is searched without a word here.
 *
 * @param owner connected as the owner of everything, whom row-level security does not hold back
 */
export async function findCanaries(
  owner: pg.ClientBase,
  canaries: readonly string[],
  { sealedBox }: FindCanariesOptions = {},
): Promise<CanaryHit[]> {
  const short = canaries.find((canary) => canary.length < MIN_LENGTH);
  if (short !== undefined) throw new Error(`A canary of fewer than ${MIN_LENGTH} characters is found everywhere`);
  await requireAllSeeing(owner);
  const hits: CanaryHit[] = [];
  for (const searched of await loadColumns(owner)) hits.push(...(await findInTable(owner, searched, canaries)));
  if (sealedBox) hits.push(...(await findSealed(owner, sealedBox, canaries)));
  return hits;
}

/** A search that row-level security held back would find nothing and say that all is well. */
async function requireAllSeeing(owner: pg.ClientBase): Promise<void> {
  const { rows } = await owner.query<{ sees: boolean }>(
    'SELECT rolsuper OR rolbypassrls AS sees FROM pg_roles WHERE rolname = current_user',
  );
  if (!rows[0]?.sees) throw new Error('The search needs a role that sees every row: a superuser, or one with BYPASSRLS.');
}

interface SearchedTable {
  table: string;
  columns: { name: string; isBytes: boolean }[];
}

async function loadColumns(owner: pg.ClientBase): Promise<SearchedTable[]> {
  const { rows } = await owner.query<{ table: string; name: string; is_bytes: boolean }>(
    `SELECT c.oid::regclass::text AS table, a.attname AS name, a.atttypid = 'bytea'::regtype AS is_bytes
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'm') AND a.atttypid NOT IN ('bool'::regtype, 'timestamptz'::regtype, 'date'::regtype) AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
     ORDER BY 1, a.attnum`,
  );
  const tables = new Map<string, SearchedTable>();
  for (const { table, name, is_bytes } of rows) {
    const known = tables.get(table) ?? { table, columns: [] };
    known.columns.push({ name, isBytes: is_bytes });
    tables.set(table, known);
  }
  return [...tables.values()];
}

/** Base64 reads differently by where in a group of three bytes a text begins, so each of the three is looked for. */
function formsOf(canary: string): string[] {
  const bytes = Buffer.from(canary, 'utf8');
  const inBase64 = [0, 1, 2].flatMap((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    // Without what the neighbours have a say in: the group before the first whole one, and the last.
    const whole = (text: string) => text.slice(offset === 0 ? 0 : 4, Math.floor(shifted.length / 3) * 4);
    return [whole(shifted.toString('base64')), whole(shifted.toString('base64url'))];
  });
  const forms = [canary, bytes.toString('hex'), JSON.stringify(canary).slice(1, -1), encodeURIComponent(canary), ...inBase64];
  return [...new Set(forms)].filter((form) => form.length >= MIN_LENGTH);
}

/** Each cell is spelled once and held against every form: a join, not a query a canary. */
async function findInTable(
  owner: pg.ClientBase,
  { table, columns }: SearchedTable,
  canaries: readonly string[],
): Promise<CanaryHit[]> {
  const forms = canaries.flatMap((canary) => formsOf(canary).map((form) => ({ canary, form })));
  const cells = columns.map(({ name, isBytes }) => {
    const column = pg.escapeIdentifier(name);
    return `(${pg.escapeLiteral(name)}, ${String(isBytes)}, ${isBytes ? `encode(${column}, 'hex')` : `lower(${column}::text)`})`;
  });
  if (cells.length === 0) return [];
  const { rows } = await owner.query<{ name: string; canary: string; rows: string }>(
    `WITH forms AS MATERIALIZED (
       SELECT canary, lower(form) AS in_text, encode(convert_to(form, 'UTF8'), 'hex') AS in_bytes
       FROM unnest($1::text[], $2::text[]) AS f (canary, form)
     )
     SELECT cell.name, forms.canary, count(DISTINCT t.ctid) AS rows
     FROM ${table} t CROSS JOIN LATERAL (VALUES ${cells.join(', ')}) AS cell (name, is_bytes, spelled)
     JOIN forms ON strpos(cell.spelled, CASE WHEN cell.is_bytes THEN forms.in_bytes ELSE forms.in_text END) > 0
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [forms.map(({ canary }) => canary), forms.map(({ form }) => form)],
  );
  return rows.map((row) => ({ table, column: row.name, canary: row.canary, rows: Number(row.rows), isSealed: false }));
}

async function findSealed(owner: pg.ClientBase, sealedBox: SealedBox, canaries: readonly string[]): Promise<CanaryHit[]> {
  const counts = new Map<string, CanaryHit>();
  for (const { table, column, rowColumn, place } of await loadSealedColumns(owner)) {
    const { rows } = await owner.query<{ shop_id: number; row: string; sealed: Buffer }>(
      `SELECT shop_id, ${rowColumn}::text AS row, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL`,
    );
    for (const { shop_id, row, sealed } of rows) {
      const plain = openOrNothing(sealedBox, sealed, { shopId: shop_id, row, ...place });
      for (const canary of canaries.filter((text) => plain.includes(text) || plain.includes(JSON.stringify(text).slice(1, -1)))) {
        const key = `${table} ${column} ${canary}`;
        counts.set(key, { table, column, canary, rows: (counts.get(key)?.rows ?? 0) + 1, isSealed: true });
      }
    }
  }
  return [...counts.values()];
}

function openOrNothing(sealedBox: SealedBox, sealed: Uint8Array, place: Parameters<SealedBox['open']>[1]): string {
  try {
    return sealedBox.open(sealed, place);
  } catch (error) {
    if (error instanceof UnsealError) return '';
    throw error;
  }
}
