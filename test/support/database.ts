import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  /** As the app's role, which neither owns the tables nor bypasses row-level security. */
  url: string;
  /** As the owner of everything. */
  ownerUrl: string;
  drop(): Promise<void>;
}

/** What the run's global setup tells its workers; `{database}` stands for the name in the addresses. */
export interface TestPostgres {
  template: string;
  ownerAddress: string;
  appAddress: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    testPostgres: TestPostgres;
  }
}

/** Whoever has not gone by then stays on purpose. */
const LEAVING_MS = 500;
const LEAVING_POLL_MS = 20;

/** A new database of its own, migrated, without rows. Make one a test file, in `beforeAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { template, ownerAddress, appAddress } = inject('testPostgres');
  const name = `perennial_test_${randomBytes(6).toString('hex')}`;
  const at = (address: string, database: string) => address.replace('{database}', database);
  const administer = async (work: (client: pg.Client) => Promise<unknown>) => {
    const client = new pg.Client({ connectionString: at(ownerAddress, 'postgres') });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  };
  await administer((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`));
  return {
    url: at(appAddress, name),
    ownerUrl: at(ownerAddress, name),
    drop: () =>
      administer(async (client) => {
        await waitUntilLeft(client, name);
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

/** A pool has ended before its connections are closed, and one that is thrown out then has nobody who hears of it. */
async function waitUntilLeft(client: pg.Client, name: string): Promise<void> {
  const deadline = performance.now() + LEAVING_MS;
  while (performance.now() < deadline) {
    const { rowCount } = await client.query('SELECT FROM pg_stat_activity WHERE datname = $1', [name]);
    if (rowCount === 0) return;
    await setTimeout(LEAVING_POLL_MS);
  }
}
