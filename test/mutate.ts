import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { AREAS } from '#test/mutation/areas.ts';
import { mutantsOf } from '#test/mutation/mutants.ts';
import type { Mutant } from '#test/mutation/mutants.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

/*
 * Whether the tests of an area would notice a fault in what decides there: small faults are made one at a time, in copies
 * of the project, and the area's tests are run against each. One that no test fails for has survived.
 *   npm run mutate                       a sample of 120 of the ledger and of accrual, some minutes
 *   npm run mutate -- --area money       another area of test/mutation/areas.ts
 *   npm run mutate -- --sample all       every one
 *   npm run mutate -- --only /ledger/    in files whose path holds this
 *   npm run mutate -- --seed 7           another sample
 *   npm run mutate -- --quick            without the tests that ask a database
 */
const TIMEOUT_MS = 90_000;
const DATABASE_TIMEOUT_MS = 300_000;
const PROMISED_SCORE = 0.85;

const { values } = parseArgs({
  options: {
    area: { type: 'string', default: 'points' },
    sample: { type: 'string', default: '120' },
    seed: { type: 'string', default: '20261122' },
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '2' },
    quick: { type: 'boolean', default: false },
  },
});

interface Planted extends Mutant {
  readonly file: string;
  readonly line: number;
  readonly was: string;
}

function areaOf(name: string) {
  const area = AREAS[name];
  if (area === undefined) throw new Error(`There are the areas ${Object.keys(AREAS).join(', ')}.`);
  return area;
}

function filesOf(path: string): string[] {
  const whole = join(PROJECT_DIR, path);
  return statSync(whole).isDirectory() ? readdirSync(whole).sort().map((name) => join(path, name)) : [path];
}

function allMutants(): Planted[] {
  const { sources, leftOut } = area;
  const wanted = sources.flatMap(filesOf).filter((file) => file.includes(values.only) && !leftOut.some((name) => file.endsWith(name)));
  return wanted.flatMap((file) => {
    const text = readFileSync(join(PROJECT_DIR, file), 'utf8');
    return mutantsOf(text).map((mutant) => ({
      ...mutant,
      file,
      line: text.slice(0, mutant.start).split('\n').length,
      was: text.slice(mutant.start, mutant.end),
    }));
  });
}

function sampleOf(mutants: readonly Planted[]): readonly Planted[] {
  if (values.sample === 'all') return mutants;
  const random = seededRandom(Number(values.seed));
  const left = [...mutants];
  const sample: Planted[] = [];
  while (sample.length < Number(values.sample) && left.length > 0) sample.push(...left.splice(random.between(0, left.length - 1), 1));
  return sample;
}

/** The sources over the same node_modules, with one configuration that asks for no database and one that does. */
function copyProject(): string {
  const parent = join(PROJECT_DIR, '.perennial', 'mutation');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'copy-'));
  for (const name of ['app', 'test', 'prisma', 'extensions', 'package.json', 'tsconfig.json', 'prisma.config.ts', 'shopify.app.toml']) {
    cpSync(join(PROJECT_DIR, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(PROJECT_DIR, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const quick = { include: area.tests, bail: 1, maxWorkers: 1, isolate: false, testTimeout: 20_000, setupFiles: ['test/support/setup.ts'] };
  const slow = { ...quick, include: area.databaseTests, isolate: true, testTimeout: 60_000, hookTimeout: 120_000, globalSetup: ['test/support/global-postgres.ts'] };
  writeFileSync(join(folder, 'quick.config.ts'), `export default { test: ${JSON.stringify(quick)} };\n`);
  writeFileSync(join(folder, 'slow.config.ts'), `export default { test: ${JSON.stringify(slow)} };\n`);
  return folder;
}

async function isKilled(folder: string, { file, start, end, replacement }: Mutant & { file: string }): Promise<boolean> {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.slice(0, start) + replacement + text.slice(end));
  try {
    return !(await testsPass(folder));
  } finally {
    writeFileSync(path, text);
  }
}

async function testsPass(folder: string): Promise<boolean> {
  if (!(await runPasses(folder, 'quick', TIMEOUT_MS))) return false;
  return values.quick || area.databaseTests.length === 0 || runPasses(folder, 'slow', DATABASE_TIMEOUT_MS);
}

function runPasses(folder: string, configuration: 'quick' | 'slow', timeoutMs: number): Promise<boolean> {
  const words = ['node_modules/vitest/vitest.mjs', 'run', '--config', `${configuration}.config.ts`, '--silent', '--reporter=dot'];
  const child = spawn(process.execPath, words, { cwd: folder, stdio: 'ignore', detached: true });
  return new Promise((resolve) => {
    // A fault that never ends is noticed, too. The worker of vitest goes with its group.
    const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), timeoutMs);
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

const area = areaOf(values.area);
const mutants = allMutants();
const waiting = [...sampleOf(mutants)];
const tried = waiting.length;
const survivors: Planted[] = [];
const folders = Array.from({ length: Number(values.jobs) }, copyProject);
console.log(`${tried} of ${mutants.length} mutants of ${values.area}, seed ${values.seed}`);
try {
  const [first] = folders;
  if (first === undefined || !(await testsPass(first))) throw new Error('The tests fail without any fault.');
  await Promise.all(
    folders.map(async (folder) => {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const killed = await isKilled(folder, mutant);
        if (!killed) survivors.push(mutant);
        const flat = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 90);
        console.log(`${killed ? 'killed  ' : 'SURVIVED'} ${mutant.file}:${mutant.line} ${flat(mutant.was)} -> ${flat(mutant.replacement) || 'nothing'}`);
      }
    }),
  );
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
const score = (tried - survivors.length) / tried;
console.log(`\n${tried - survivors.length} of ${tried} killed: ${(score * 100).toFixed(1)} %, at least ${PROMISED_SCORE * 100} %`);
process.exit(score >= PROMISED_SCORE ? 0 : 1);
