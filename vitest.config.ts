import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { SpreadSequencer } from './test/checks/spread-sequencer.ts';

// A test file is a process, and some start several: what one of them has compiled, the next need not.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules', '.cache', 'node');

// The rows of test/promises at full size (test/long.ts): nothing runs beside what is measured.
const isLong = process.env['PROMISE_SIZE'] === 'long';
const DATABASE_AREAS = ['adapters', 'services', 'routes', 'jobs', 'commands', 'promises'];
const DATABASE_TESTS = [...DATABASE_AREAS.map((area) => `test/${area}/**/*.test.{ts,tsx}`), 'test/support/database.test.ts'];
const BROWSER_TESTS = ['test/e2e/**/*.test.ts', 'test/simulator/**/*.browser.test.ts', 'test/promises/*.stack.test.ts'];
// What these find out is how quick the app is, which whatever runs beside them would change.
const MEASURING_TESTS = ['w1-burst', 's5-large-history', 'o6-soak', 'o2-previous-version'].map((row) => `test/promises/${row}.stack.test.ts`);

// Tests wait for PostgreSQL, for another process or for a browser: more of them than there are cores keep these busy. A
// stack with a browser takes a gigabyte, and files are begun so that about two in five are such.
const WORKERS = isLong ? 1 : Math.min(10, Math.ceil(availableParallelism() * 2.5));

// Ends what hangs, and judges nothing: a machine that does much else may take ten times as long as a quiet one.
const TIMEOUT_MS = 60_000;

/**
 * Four projects, by what a test needs: `unit` needs nothing, `integration` a PostgreSQL (one embedded server a run,
 * a cloned database a file), `e2e` a browser, a build and the whole stack, `measured` a stack and a machine for itself.
 * The first three run side by side.
 */
export default defineConfig({
  test: {
    maxWorkers: WORKERS,
    sequence: { sequencer: SpreadSequencer },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...DATABASE_TESTS, ...BROWSER_TESTS],
          // One process for many files, which takes half the time: none of these leaves anything behind.
          isolate: false,
          setupFiles: ['test/support/setup.ts'],
          testTimeout: TIMEOUT_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: DATABASE_TESTS,
          exclude: BROWSER_TESTS,
          globalSetup: ['test/support/global-postgres.ts'],
          setupFiles: ['test/support/setup.ts'],
          testTimeout: TIMEOUT_MS,
          hookTimeout: TIMEOUT_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: BROWSER_TESTS,
          exclude: MEASURING_TESTS,
          globalSetup: ['test/support/global-build.ts', 'test/support/global-postgres.ts'],
          // A page that others hold up is waited for; what has to be there by when is said where it is looked for.
          expect: { poll: { timeout: 15_000 } },
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'measured',
          include: MEASURING_TESTS,
          globalSetup: ['test/support/global-build.ts', 'test/support/global-durable-postgres.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
