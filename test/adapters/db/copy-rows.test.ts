import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { copyRows, type CopyValue } from '#app/adapters/db/copy-rows.server.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

const COLUMNS = ['id', 'label', 'big', 'flag', 'at', 'labels'] as const;

let database: TestDatabase;
let pool: pg.Pool;
let connection: pg.PoolClient;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
  connection = await pool.connect();
  await connection.query(
    'CREATE TEMPORARY TABLE copied (id int, label text, big bigint, flag boolean, at timestamptz(3), labels text[])',
  );
});

beforeEach(() => connection.query('TRUNCATE copied'));

afterAll(async () => {
  connection.release();
  await pool.end();
  await database.drop();
});

async function copied(): Promise<Record<string, unknown>[]> {
  return (await connection.query<Record<string, unknown>>('SELECT * FROM copied ORDER BY id')).rows;
}

describe('rows that are copied in', () => {
  it('are what was given, whatever their text holds', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\\N', '\\.', '', 'NULL', '\t', '\n', '\r\n', '\\', '\\\\n', '"', '{', '}', ',', '{a,"b"}', '\u2028', '👩‍👩‍👧'),
    );
    const withoutNul = (value: string) => value.replaceAll('\0', '');
    const row = fc.record({
      label: fc.option(text),
      big: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      flag: fc.option(fc.boolean()),
      at: fc.option(fc.date({ min: new Date('1900-01-01'), max: new Date('9998-12-31'), noInvalidDate: true })),
      labels: fc.option(fc.array(text, { maxLength: 4 })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (rows) => {
        await connection.query('TRUNCATE copied');
        await copyRows(connection, 'copied', COLUMNS, rows.map((each, id): CopyValue[] => [id, each.label, each.big, each.flag, each.at, each.labels]));
        expect(await copied()).toEqual(
          rows.map((each, id) => ({
            ...each,
            id,
            label: each.label === null ? null : withoutNul(each.label),
            big: each.big === null ? null : String(each.big),
            labels: each.labels?.map(withoutNul) ?? null,
          })),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('may be none, or more than one buffer holds', async () => {
    await copyRows(connection, 'copied', COLUMNS, []);
    expect(await copied()).toEqual([]);
    const long = 'x'.repeat(100_000);
    await copyRows(connection, 'copied', COLUMNS, Array.from({ length: 30 }, (_, id) => [id, long, null, null, null, null]));
    const [sums] = (await connection.query('SELECT count(*)::int AS rows, sum(length(label))::int AS characters FROM copied')).rows;
    expect(sums).toEqual({ rows: 30, characters: 3_000_000 });
  });

  it('are none of them there when one does not fit, and the connection goes on', async () => {
    const rows: CopyValue[][] = [[1, 'good', null, null, null, null], [2, 'bad', 2n ** 63n, null, null, null]];
    await expect(copyRows(connection, 'copied', COLUMNS, rows)).rejects.toThrow(/out of range/);
    expect(await copied()).toEqual([]);
  });

  it('are none of them there when their source fails', async () => {
    function* failing(): Generator<CopyValue[]> {
      yield [1, 'good', null, null, null, null];
      throw new Error('the source ran dry');
    }
    await expect(copyRows(connection, 'copied', COLUMNS, failing())).rejects.toThrow('the source ran dry');
    expect(await copied()).toEqual([]);
  });
});
