import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BinaryRows } from '#app/adapters/db/binary-rows.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

const QUERY = `
  SELECT n::bigint * 9007199254740991, n::int2, n % 2 = 0, timestamptz '1999-12-31 23:59:59.999+00' + n * interval '1 day',
    CASE WHEN n <> 2 THEN repeat('Größe 尺寸 ', n) END
  FROM generate_series(-1, 3) n`;
const COLUMNS = 5;

let database: TestDatabase;
let client: pg.Client;
let bytes: Buffer;

function rowsIn(pieces: readonly Buffer[], columns = COLUMNS): unknown[][] {
  const rows = new BinaryRows(columns);
  const found: unknown[][] = [];
  for (const piece of pieces) {
    const lent = Buffer.from(piece);
    rows.take(lent, () => {
      found.push([rows.idAt(0), rows.smallintAt(1), rows.booleanAt(2), new Date(rows.instantMsAt(3)).toISOString(), rows.textAt(4)]);
    });
    // Whoever gave the piece may write the next one over it.
    lent.fill(0xff);
  }
  rows.requireEnd();
  return found;
}

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const pieces: Buffer[] = [];
  for await (const piece of client.query(copyTo(`COPY (${QUERY}) TO STDOUT (FORMAT binary)`))) pieces.push(piece as Buffer);
  bytes = Buffer.concat(pieces);
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

describe('rows of a binary COPY', () => {
  it('have the values that PostgreSQL has', () => {
    expect(rowsIn([bytes])).toEqual([
      [-9007199254740991, -1, false, '1999-12-30T23:59:59.999Z', ''],
      [0, 0, true, '1999-12-31T23:59:59.999Z', ''],
      [9007199254740991, 1, false, '2000-01-01T23:59:59.999Z', 'Größe 尺寸 '],
      ['18014398509481982', 2, true, '2000-01-02T23:59:59.999Z', null],
      ['27021597764222973', 3, false, '2000-01-03T23:59:59.999Z', 'Größe 尺寸 '.repeat(3)],
    ]);
  });

  it('are the same wherever they are cut, and byte by byte', () => {
    const whole = rowsIn([bytes]);
    for (let cut = 0; cut <= bytes.length; cut += 1) expect(rowsIn([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
    expect(rowsIn([...bytes].map((byte) => Buffer.of(byte)))).toEqual(whole);
  });

  it('are not taken for all when they broke off, nor with other columns', () => {
    for (const length of [0, 10, 19, 40, bytes.length - 1]) expect(() => rowsIn([bytes.subarray(0, length)])).toThrow('the rows broke off');
    expect(() => rowsIn([bytes], 4)).toThrow('a row came with 5 columns instead of 4');
  });

  it('refuse an amount that no number holds', () => {
    const rows = new BinaryRows(COLUMNS);
    expect(() => rows.take(bytes, () => rows.bigintAt(0))).toThrow('column 0 is not a safe integer');
  });
});
