import { randomBytes } from 'node:crypto';
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

/** A new database of its own, migrated, without rows. Make one a test file, in `beforeAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { template, ownerAddress, appAddress } = inject('testPostgres');
  const name = `perennial_test_${randomBytes(6).toString('hex')}`;
  const at = (address: string, database: string) => address.replace('{database}', database);
  const execute = async (sql: string) => {
    const client = new pg.Client({ connectionString: at(ownerAddress, 'postgres') });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await execute(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  return {
    url: at(appAddress, name),
    ownerUrl: at(ownerAddress, name),
    drop: () => execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
