import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Answers } from './answers.ts';
import { askStandardSet, numberOf } from './answers-of-sql.ts';
import type { Ask } from './answers-of-sql.ts';
import { BOUNDS_SQL, PREPARED_SQL, PURCHASES_SQL, rankedSql } from './standard-set-sql.ts';
import type { Bounds } from './standard-set-sql.ts';

const COLUMN_TYPES = {
  order_id: 'BIGINT',
  customer_id: 'BIGINT',
  processed_at: 'TIMESTAMPTZ',
  value_minor: 'BIGINT',
  country: 'VARCHAR',
  province: 'VARCHAR',
  channel: 'VARCHAR',
  discount_code: 'VARCHAR',
};

/** DuckDB in memory, in this process, with all the threads it takes by itself. */
export class DuckDbRival {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  #bounds: Bounds = { endMs: NaN, trailingMs: NaN };

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async start(): Promise<DuckDbRival> {
    const instance = await DuckDBInstance.create(':memory:');
    return new DuckDbRival(instance, await instance.connect());
  }

  async load(csvFile: string): Promise<void> {
    const columns = Object.entries(COLUMN_TYPES).map(([name, type]) => `${name}: '${type}'`);
    await this.#connection.run(`CREATE TABLE purchases AS
      WITH imported AS (FROM read_csv('${csvFile}', header = false, columns = {${columns.join(', ')}})) ${PURCHASES_SQL}`);
    const [row = {}] = await this.#ask(BOUNDS_SQL);
    this.#bounds = { endMs: numberOf(row['end_ms']), trailingMs: numberOf(row['trailing_ms']) };
  }

  async answer(country: string | null): Promise<Answers> {
    await this.#connection.run(`CREATE OR REPLACE TEMP TABLE ranked AS ${rankedSql(this.#bounds, country)}`);
    return askStandardSet(this.#ask, { ...this.#bounds, ranked: 'ranked', country });
  }

  /**
   * For information: every order already knows its number, its cohort and what came before it, as a nightly job of a
   * warehouse would leave them. What is left is to add up; a late order or a refund is in it the day after.
   */
  async prepare(): Promise<void> {
    await this.#connection.run(`CREATE TABLE prepared AS ${PREPARED_SQL}`);
  }

  answerPrepared(country: string | null): Promise<Answers> {
    const cut = country === null ? '' : ` AND first_country = '${country}'`;
    const ranked = `(SELECT * FROM prepared WHERE at_ms < ${this.#bounds.endMs}${cut})`;
    return askStandardSet(this.#ask, { ...this.#bounds, ranked, country });
  }

  /** Version and threads. */
  async describe(): Promise<string> {
    const [row = {}] = await this.#ask(`SELECT version() AS version, current_setting('threads') AS threads`);
    return `DuckDB ${String(row['version'])} in memory, ${String(row['threads'])} threads`;
  }

  /** By its own account; temporary tables and what queries keep for later are in it. */
  async memoryBytes(): Promise<number> {
    const [row = {}] = await this.#ask('SELECT sum(memory_usage_bytes) AS bytes FROM duckdb_memory()');
    return numberOf(row['bytes']);
  }

  async dropTemporary(): Promise<void> {
    await this.#connection.run('DROP TABLE IF EXISTS ranked');
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  readonly #ask: Ask = async (sql) => (await this.#connection.runAndReadAll(sql)).getRowObjectsJson();
}
