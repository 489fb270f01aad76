import type pg from 'pg';

/**
 * How many rows PostgreSQL expects of a query, at the cost of planning it: what room is made for them by. By statistics
 * that may be old, so it can be wrong by any factor.
 */
export async function estimateRows(connection: pg.PoolClient, query: string): Promise<number> {
  const { rows } = await connection.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(`EXPLAIN (FORMAT JSON) ${query}`);
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}
