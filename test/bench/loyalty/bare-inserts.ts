import type pg from 'pg';

import type { LoyaltyGround } from './loyalty-ground.ts';

/**
 * The rival's table: columns, checks, policy, indexes and rows of the ledger's entries. With its rows, since an index of
 * nothing costs less to add to than the ledger's. Filled first, which is quicker.
 */
export async function makeBareTable(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ sql: string }>("SELECT indexdef AS sql FROM pg_indexes WHERE tablename = 'loyalty_entries'");
  await owner.query('CREATE TABLE bench_entries (LIKE loyalty_entries INCLUDING ALL EXCLUDING INDEXES)');
  await owner.query('INSERT INTO bench_entries SELECT * FROM loyalty_entries');
  for (const { sql } of rows) await owner.query(sql.replaceAll('loyalty_entries', 'bench_entries'));
  await owner.query(`
    GRANT INSERT ON bench_entries TO perennial_app;
    ALTER TABLE bench_entries ENABLE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON bench_entries TO perennial_app
      USING (shop_id = nullif(current_setting('app.shop_id', true), '')::int)
      WITH CHECK (shop_id = nullif(current_setting('app.shop_id', true), '')::int)`);
  await owner.query('VACUUM (ANALYZE) bench_entries');
}

interface BareInserts {
  /** Each statement is waited for. */
  insert: () => Promise<void>;
  /** The row is sent with BEGIN, as the app does it. */
  insertBriefly: () => Promise<void>;
}

/** One row in a transaction, for members in no order, as those come who buy and redeem. */
export async function openBareInserts({ context }: LoyaltyGround, members: number): Promise<BareInserts> {
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  const { withBriefConnection } = await import('#app/adapters/db/brief-connection.server.ts');
  const { shop, pool } = context;
  let inserted = 0;
  const insertOne = async (connection: pg.PoolClient): Promise<void> => {
    inserted += 1;
    const now = new Date();
    const orderId = FIRST_ORDER_ID + inserted;
    await connection.query({
      name: 'bench-insert',
      text: `INSERT INTO bench_entries (shop_id, member_id, sequence, kind, entry_key, occurred_at, recorded_at, order_id, program_version, reason, hash)
        VALUES ($1, $2, $3, 'order', $4, $5, $5, $6, 1, $7, $8)`,
      values: [shop.shopId, 1 + ((inserted * 7919) % members), SEQUENCES_BEFORE + inserted, `order/${orderId}/1`, now, orderId, '{"code": "order-earned"}', Buffer.alloc(32, 7)],
    });
  };
  return {
    insert: () => withTenantConnection(pool, shop, insertOne),
    insertBriefly: () => withBriefConnection(pool, shop, insertOne),
  };
}

/** Above those of the orders that are awarded. */
const FIRST_ORDER_ID = 2_000_000_000;
/** More than any member has. */
const SEQUENCES_BEFORE = 1_000;
