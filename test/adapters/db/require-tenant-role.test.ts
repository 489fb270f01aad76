import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { requireTenantRole, UnsafeDatabaseRoleError } from '#app/adapters/db/require-tenant-role.server.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

describe('whom web and worker log in as', () => {
  it('may be the app role', async () => {
    await expect(requireTenantRole(database.url)).resolves.toBeUndefined();
  });

  it('may not be the owner of the tables', async () => {
    await expect(requireTenantRole(database.ownerUrl)).rejects.toThrow(UnsafeDatabaseRoleError);
  });
});
