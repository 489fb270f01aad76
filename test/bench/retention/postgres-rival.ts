import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Answers } from './answers.ts';
import { askStandardSet, numberOf } from './answers-of-sql.ts';
import type { Ask } from './answers-of-sql.ts';
import { BOUNDS_SQL, PURCHASES_SQL, rankedSql } from './standard-set-sql.ts';
import type { Bounds } from './standard-set-sql.ts';
import { CSV_COLUMNS } from './write-orders-csv.ts';

/** What whoever runs reports on such a server would set; the server itself has 1 GB of shared buffers. */
const SESSION = {
  work_mem: '512MB',
  maintenance_work_mem: '512MB',
  temp_buffers: '512MB',
  max_parallel_workers_per_gather: '2',
  random_page_cost: '1.1',
  effective_cache_size: '4GB',
  jit: 'off',
};
export const RIVAL_SERVER_SETTINGS = { shared_buffers: '1GB' };

/**
 * PostgreSQL with a table made for such reports: unlogged, in the order of customers and time, narrow columns of days and
 * months, an index that holds all that a window over a customer's orders needs, vacuumed and analysed.
 */
export class PostgresRival {
  readonly #client: pg.Client;
  #bounds: Bounds = { endMs: NaN, trailingMs: NaN };

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async connect(url: string): Promise<PostgresRival> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const [name, value] of Object.entries(SESSION)) await client.query('SELECT set_config($1, $2, false)', [name, value]);
    return new PostgresRival(client);
  }

  /** Leaves the rows of the file in the table `imported` too. */
  async load(csvFile: string): Promise<void> {
    await this.#client.query(`CREATE UNLOGGED TABLE imported (order_id bigint, customer_id bigint, processed_at timestamptz,
      value_minor bigint, country text, province text, channel text, discount_code text)`);
    await pipeline(createReadStream(csvFile), this.#client.query(copyFrom(`COPY imported (${CSV_COLUMNS}) FROM STDIN (FORMAT csv)`)));
    await this.#client.query(`CREATE UNLOGGED TABLE purchases AS ${PURCHASES_SQL}`);
    await this.#client.query('CREATE INDEX ON purchases (customer_id, at_ms, order_id) INCLUDE (value_minor, day, month, country)');
    await this.#client.query('CREATE INDEX ON purchases (country, customer_id)');
    await this.#client.query('CREATE INDEX ON purchases (at_ms)');
    await this.#client.query('VACUUM (ANALYZE) purchases');
    const [row = {}] = await this.#ask(BOUNDS_SQL);
    this.#bounds = { endMs: numberOf(row['end_ms']), trailingMs: numberOf(row['trailing_ms']) };
  }

  async answer(country: string | null): Promise<Answers> {
    await this.#client.query('DROP TABLE IF EXISTS ranked');
    await this.#client.query(`CREATE TEMP TABLE ranked AS ${rankedSql(this.#bounds, country)}`);
    return askStandardSet(this.#ask, { ...this.#bounds, ranked: 'ranked', country });
  }

  async describe(): Promise<string> {
    const [row = {}] = await this.#ask('SHOW server_version');
    const settings = Object.entries({ ...RIVAL_SERVER_SETTINGS, ...SESSION }).map(([name, value]) => `${name} ${value}`);
    return `PostgreSQL ${String(row['server_version'])}: ${settings.join(', ')}`;
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  readonly #ask: Ask = async (sql) => (await this.#client.query<Record<string, unknown>>(sql)).rows;
}
