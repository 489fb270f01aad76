import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildApp } from '#test/demo/build-app.ts';
import { readWholeLog } from '#test/support/processes.ts';
import type { Supervisor } from '#test/support/processes.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { countTests } from './count-tests.ts';
import type { TestCounts } from './count-tests.ts';

export interface StepResult {
  name: string;
  isGood: boolean;
  seconds: number;
  /** Tests; 0 for a step that has none. */
  passed: number;
  failed: number;
  /** Shown in the table. */
  note?: string;
}

/** Runs a tool of node_modules and shows what it said, at once, when it ends. */
export async function commandStep(supervisor: Supervisor, runDir: string, name: string, command: string[]): Promise<StepResult> {
  const startedAt = performance.now();
  const [tool = '', ...args] = command;
  const logFile = join(runDir, `${name}.log`);
  const child = supervisor.start({
    name,
    command: process.execPath,
    args: [toolPath(tool), ...args],
    cwd: PROJECT_DIR,
    logFile,
    env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
  });
  const isGood = (await child.ended) === 'ended with code 0';
  const said = readWholeLog(logFile).trim();
  if (said !== '') console.log(`\n${name}:\n${said}`);
  return { name, isGood, seconds: secondsSince(startedAt), passed: 0, failed: 0 };
}

export async function buildStep(supervisor: Supervisor, runDir: string): Promise<StepResult> {
  const startedAt = performance.now();
  let isGood = true;
  try {
    await buildApp(supervisor, join(runDir, 'build.log'));
  } catch (error) {
    isGood = false;
    console.error(error instanceof Error ? `\n${error.message}\n` : error);
  }
  return { name: 'build', isGood, seconds: secondsSince(startedAt), passed: 0, failed: 0 };
}

interface TestRun {
  projects: string[];
  filters: string[];
}

/** Runs vitest with its output in full view, and counts its tests from its report. */
export async function vitestStep(supervisor: Supervisor, runDir: string, name: string, run: TestRun): Promise<StepResult> {
  const startedAt = performance.now();
  const first = await runVitest(supervisor, runDir, name, run);
  const unsteady = await secondLook(supervisor, runDir, run, first);
  const counts = unsteady.length === 0 ? first : { passed: first.passed + first.failed, failed: 0 };
  const { passed, failed } = counts;
  const note = unsteady.length === 0 ? {} : { note: `; unsteady, passed only when run again alone: ${unsteady.join(', ')}` };
  return { name, isGood: failed === 0, seconds: secondsSince(startedAt), passed, failed, ...note };
}

/** More than these is no bad luck. */
const MAX_UNSTEADY_FILES = 3;

/**
 * In CI, where nobody is there to look: files that failed beside all others are run once more by themselves. Returns those
 * that fail no longer, if that is all of them; the table names them, for they are faults all the same.
 */
async function secondLook(supervisor: Supervisor, runDir: string, { projects }: TestRun, { failedFiles }: TestCounts): Promise<string[]> {
  const paths = failedFiles.map((file) => relative(PROJECT_DIR, file).replaceAll('\\', '/'));
  if (process.env['CI'] === undefined || paths.length === 0 || paths.length > MAX_UNSTEADY_FILES) return [];
  console.log(`\nOnce more, alone: ${paths.join(', ')}`);
  const again = await runVitest(supervisor, runDir, 'tests-again', { projects, filters: paths }, ['--maxWorkers=1']);
  return again.failed === 0 ? paths : [];
}

async function runVitest(
  supervisor: Supervisor,
  runDir: string,
  name: string,
  { projects, filters }: TestRun,
  flags: string[] = [],
): Promise<TestCounts> {
  const reportFile = join(runDir, `${name}.json`);
  const args = [
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...flags,
    ...filters,
  ];
  const child = supervisor.start({
    name,
    command: process.execPath,
    args: [toolPath('vitest'), ...args],
    cwd: PROJECT_DIR,
    logFile: null,
    // As Ctrl-C in a terminal: vitest then runs its teardown.
    stopSignal: 'SIGINT',
  });
  const ended = await child.ended;
  const counts = countTests(readReport(reportFile));
  // A run that failed without a failing test (a setup that threw, an unhandled error) still counts as one failure.
  return ended === 'ended with code 0' ? counts : { ...counts, failed: Math.max(counts.failed, 1) };
}

const TOOL_PATHS: Record<string, string> = {
  tsc: 'typescript/bin/tsc',
  eslint: 'eslint/bin/eslint.js',
  vitest: 'vitest/vitest.mjs',
};

function toolPath(tool: string): string {
  const path = TOOL_PATHS[tool];
  if (path === undefined) throw new Error(`No path is known for ${tool}.`);
  return join(PROJECT_DIR, 'node_modules', path);
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}
