import type pg from 'pg';

/** A column of sealed values, as SQL names it and as `SealedPlace` does. */
export interface SealedColumn {
  table: string;
  column: string;
  /** The rest of the primary key beside the shop, whose value is the row of the place. */
  rowColumn: string;
  place: { table: string; column: string };
}

const SUFFIX = '_sealed';

/**
 * Every column of sealed values, by the catalogue: those of bytes whose names end in `_sealed`. Throws for one whose
 * table we could not find the rows of again, so that none is passed over.
 */
export async function loadSealedColumns(connection: pg.ClientBase): Promise<SealedColumn[]> {
  const { rows } = await connection.query<SealedColumnRow>(
    `SELECT c.relname::text AS table_name, a.attname::text AS column_name, quote_ident(c.relname) AS table,
       quote_ident(a.attname) AS column,
       (SELECT array_agg(quote_ident(k.attname) ORDER BY p.position) FROM pg_index i
          CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS p(attnum, position)
          JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = p.attnum
          WHERE i.indrelid = c.oid AND i.indisprimary) AS key
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
       AND a.atttypid = 'bytea'::regtype AND right(a.attname::text, ${SUFFIX.length}) = '${SUFFIX}'
     ORDER BY 1, 2`,
  );
  return rows.map(({ table, column, key, table_name, column_name }) => {
    const [shop, row, ...more] = key ?? [];
    if (shop !== 'shop_id' || row === undefined || more.length > 0) {
      throw new Error(`${table}.${column} holds sealed values, and its rows are not told apart by one column beside the shop`);
    }
    return { table, column, rowColumn: row, place: { table: table_name, column: column_name.slice(0, -SUFFIX.length) } };
  });
}

interface SealedColumnRow {
  table_name: string;
  column_name: string;
  table: string;
  column: string;
  key: string[] | null;
}
