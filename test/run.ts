import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildStep, commandStep, vitestStep } from './checks/steps.ts';
import type { StepResult } from './checks/steps.ts';
import { listBrowserTests } from './checks/browser-tests.ts';
import { isBuildStale } from './demo/build-app.ts';
import { createShutdown } from './demo/shutdown.ts';
import { CHROMIUM_ADVICE, findChromium } from './support/chromium.ts';
import { createSupervisor } from './support/processes.ts';
import { PROJECT_DIR } from './support/project-dir.ts';

/*
 * Every check there is. Words after `--` choose tests by their path, as for vitest: `npm test -- cohort`.
 */
const filters = process.argv.slice(2);
const runsDir = join(PROJECT_DIR, '.perennial', 'checks');
mkdirSync(runsDir, { recursive: true });
const runDir = mkdtempSync(join(runsDir, 'run-'));
const supervisor = createSupervisor(join(runDir, 'processes.json'));
const shutdown = createShutdown({ interruptedCode: 130 });
shutdown.killWith(() => supervisor.killAll());
shutdown.beforeExit(() => rmSync(runDir, { recursive: true, force: true }));
shutdown.beforeExit(() => supervisor.stopAll());

const browserTests = listBrowserTests(filters);
const hasChromium = findChromium() !== undefined;
const needsBuild = browserTests.length > 0 && hasChromium && isBuildStale();
// Each keeps a core busy; the build is done when the longest of them is.
const results: StepResult[] = await Promise.all([
  commandStep(supervisor, runDir, 'types', ['tsc', '--noEmit']),
  commandStep(supervisor, runDir, 'extension-types', ['tsc', '--build', 'extensions']),
  commandStep(supervisor, runDir, 'lint', ['eslint', '.', '--max-warnings', '0', '--cache', '--cache-location', 'node_modules/.cache/eslint/']),
  ...(needsBuild ? [buildStep(supervisor, runDir)] : []),
]);
const isBuilt = results.every(({ name, isGood }) => name !== 'build' || isGood);
// Side by side: tests with a browser wait while others compute.
const canBrowse = browserTests.length > 0 && hasChromium && isBuilt;
const projects = ['unit', 'integration', ...(canBrowse ? ['e2e', 'measured'] : [])];
results.push(await vitestStep(supervisor, runDir, 'tests', { projects, filters }));
if (browserTests.length > 0 && !hasChromium) {
  console.error(`\n${CHROMIUM_ADVICE}\n`);
  results.push({ name: 'browser', isGood: false, seconds: 0, passed: 0, failed: 0, note: 'no browser found' });
}

printTable(results);
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
await shutdown.end(results.every((result) => result.isGood) ? 0 : 1);

function printTable(rows: StepResult[]): void {
  console.log('');
  for (const row of rows) {
    const tests = row.passed + row.failed > 0 ? `${row.passed} passed, ${row.failed} failed` : '';
    const words = [row.isGood ? '✓' : '✗', row.name.padEnd(22), `${row.seconds.toFixed(1)} s`.padStart(8), ` ${tests}${row.note ?? ''}`];
    console.log(words.join(' ').trimEnd());
  }
  console.log('');
}
