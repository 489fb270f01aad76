import { defineConfig } from 'vitest/config';

const DATABASE_AREAS = ['adapters', 'services', 'routes', 'jobs', 'commands'];
const DATABASE_TESTS = [...DATABASE_AREAS.map((area) => `test/${area}/**/*.test.{ts,tsx}`), 'test/support/database.test.ts'];
const BROWSER_TESTS = ['test/e2e/**/*.test.ts', 'test/simulator/**/*.browser.test.ts'];

/**
 * Three projects, by what a test needs: `unit` needs nothing, `integration` a PostgreSQL (one embedded server a run,
 * a cloned database a file), `e2e` a browser, a build and the whole stack.
 */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...DATABASE_TESTS, ...BROWSER_TESTS],
          setupFiles: ['test/support/setup.ts'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: DATABASE_TESTS,
          globalSetup: ['test/support/global-postgres.ts'],
          setupFiles: ['test/support/setup.ts'],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: BROWSER_TESTS,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
