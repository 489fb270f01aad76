import type { SimStore } from '#test/simulator/state.ts';
import { createTestDatabase } from './database.ts';
import { startPerennialUnderTest } from './perennial-under-test.ts';
import type { PerennialUnderTest, StackOptions } from './perennial-under-test.ts';

/**
 * Perennial as `startPerennialUnderTest` starts it, but with a database of its own on the PostgreSQL that all files of a
 * project share, cloned from a migrated one, and with the build that the run began with: half the time, for tests of
 * neither. Files of the project `measured` find a durable server there.
 */
export async function startPerennialOnSharedServer(
  store: () => SimStore | Promise<SimStore>,
  options: StackOptions = {},
): Promise<PerennialUnderTest> {
  const database = await createTestDatabase();
  const readyDatabase = { appUrl: database.url, ownerUrl: database.ownerUrl };
  const perennial = await startPerennialUnderTest(store, { ...options, readyDatabase, isBuilt: true });
  return {
    ...perennial,
    async close() {
      await perennial.close();
      await database.drop();
    },
  };
}
