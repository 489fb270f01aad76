import type pg from 'pg';

import type { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { checkLedger } from '#app/adapters/db/checks/check-ledger.server.ts';
import { INVARIANT_RULES } from '#app/adapters/db/checks/invariant-rules.ts';
import { withTenantConnection, type ShopRef } from '#app/adapters/db/tenant.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';

/** One kind of offence against what must hold, how many there are, and up to five of them by id. */
export interface Offence {
  code: string;
  count: number;
  samples: string[];
}

type Connection = Pick<pg.ClientBase, 'query'>;

interface Checked {
  shop: ShopRef;
  sealedBox: SealedBox;
  now: () => Date;
}

const MAX_SAMPLES = 5;
const IDS_A_PAGE = 20_000;

/**
 * What does not hold of one shop's rows; empty when all does. Reads only. Every check is a statement of its own, so a
 * shop of any size is read without being held in memory.
 */
export async function invariants({ pool, ...checked }: Checked & { pool: pg.Pool }): Promise<Offence[]> {
  return withTenantConnection(pool, checked.shop, async (connection) => {
    await connection.query('SET TRANSACTION READ ONLY');
    return invariantsOn(connection, checked);
  });
}

/** The same on a connection that may read the shop's rows, within whatever transaction it is in. */
export async function invariantsOn(connection: Connection, { shop, sealedBox, now }: Checked): Promise<Offence[]> {
  const offences: Offence[] = [];
  for (const [code, sql] of Object.entries(INVARIANT_RULES)) {
    const found = await findOffence(connection, code, sql, [shop.shopId, now()]);
    if (found.count > 0) offences.push(found);
  }
  offences.push(...(await checkLedger(connection, shop)));
  const tombstones = await Tombstones.glanceOn(connection, sealedBox, shop);
  return tombstones.isEmpty ? offences : [...offences, ...(await findResurrected(connection, shop, tombstones))];
}

async function findOffence(connection: Connection, code: string, sql: string, values: [number, Date]): Promise<Offence> {
  // Not every rule asks for the time, and PostgreSQL wants to know the type of what it is given.
  const { rows } = await connection.query<{ count: string; samples: string[] | null }>(
    `SELECT count(*) AS count, (array_agg(id ORDER BY id))[1:${MAX_SAMPLES}] AS samples
     FROM (${sql}) offences WHERE $2::timestamptz IS NOT NULL`,
    values,
  );
  return { code, count: Number(rows[0]?.count ?? 0), samples: rows[0]?.samples ?? [] };
}

type Verdict = (id: bigint, row: { isDeleted: boolean; isBlank: boolean }) => boolean;

/** Where a person or an order is looked for that a tombstone keeps away. */
async function findResurrected(connection: Connection, shop: ShopRef, tombstones: Tombstones): Promise<Offence[]> {
  const places: { code: string; source: string; offends: Verdict }[] = [
    {
      code: 'tombstoned-customer-present',
      source: 'SELECT customer_id AS id FROM customers WHERE shop_id = $1 AND customer_id > $2',
      offends: (id) => tombstones.buriesCustomer(id),
    },
    {
      code: 'redacted-customer-on-an-order',
      source: 'SELECT DISTINCT customer_id AS id FROM orders WHERE shop_id = $1 AND customer_id > $2',
      offends: (id) => tombstones.has('customer', id),
    },
    {
      code: 'merged-customer-on-an-order',
      source: 'SELECT DISTINCT customer_id AS id FROM orders WHERE shop_id = $1 AND customer_id > $2',
      offends: (id) => tombstones.ownerAfterMerges(id) !== id,
    },
    {
      code: 'redacted-customer-on-a-discount',
      source: 'SELECT DISTINCT customer_id AS id FROM offer_discounts WHERE shop_id = $1 AND customer_id > $2',
      offends: (id) => tombstones.has('customer', id),
    },
    {
      code: 'redacted-customer-in-a-written-segment',
      source: 'SELECT DISTINCT customer_id AS id FROM segment_write_members WHERE shop_id = $1 AND customer_id > $2',
      offends: (id) => tombstones.has('customer', id),
    },
    {
      code: 'redacted-customer-with-points',
      source: 'SELECT customer_id AS id FROM loyalty_members WHERE shop_id = $1 AND customer_id > $2',
      offends: (id) => tombstones.has('customer', id),
    },
    {
      code: 'tombstoned-order-present',
      source: 'SELECT order_id AS id, deleted_at IS NOT NULL AS "isDeleted" FROM orders WHERE shop_id = $1 AND order_id > $2',
      offends: (id, { isDeleted }) => !isDeleted && tombstones.has('order', id),
    },
    {
      code: 'redacted-order-named',
      source: `SELECT order_id AS id, name = '' AND province_code IS NULL AND discount_codes = '{}' AS "isBlank"
        FROM orders WHERE shop_id = $1 AND order_id > $2`,
      offends: (id, { isBlank }) => !isBlank && tombstones.has('redacted-order', id),
    },
  ];
  const offences: Offence[] = [];
  for (const { code, source, offends } of places) {
    const offence: Offence = { code, count: 0, samples: [] };
    for await (const row of pagesOf(connection, shop, source)) {
      if (!offends(BigInt(row.id), row)) continue;
      offence.count += 1;
      if (offence.samples.length < MAX_SAMPLES) offence.samples.push(row.id);
    }
    if (offence.count > 0) offences.push(offence);
  }
  return offences;
}

interface IdRow {
  id: string;
  isDeleted: boolean;
  isBlank: boolean;
}

async function* pagesOf(connection: Connection, shop: ShopRef, source: string): AsyncGenerator<IdRow> {
  // Pseudonyms are negative: no tombstone names one.
  for (let after = '0'; ; ) {
    const { rows } = await connection.query<IdRow>(`${source} ORDER BY id LIMIT ${IDS_A_PAGE}`, [shop.shopId, after]);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < IDS_A_PAGE) return;
    after = last.id;
  }
}
