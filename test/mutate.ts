import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { mutantsOf } from '#test/mutation/mutants.ts';
import type { Mutant } from '#test/mutation/mutants.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

/*
 * Whether the tests of points would notice a fault in what decides about them: small faults are made one at a time, in
 * copies of the project, and their tests are run against each. One that no test fails for has survived.
 *   npm run mutate                       a sample of 120, some minutes
 *   npm run mutate -- --sample all       every one
 *   npm run mutate -- --only /ledger/    in files whose path holds this
 *   npm run mutate -- --seed 7           another sample
 */
const FOLDERS = ['app/domain/loyalty/ledger', 'app/domain/loyalty/accrual'];
/** Beside them, where they are asked for: what decides here is tested with its services as well, which this does not run. */
const FURTHER = ['app/domain/loyalty/redemption', 'app/domain/loyalty/tiers'];
/** How a program would have done is shown and decides nothing. */
const SHOWN_ONLY = ['simulate-program.ts', 'simulated-member.ts', 'quote-award.ts'];
const TIMEOUT_MS = 90_000;
const PROMISED_SCORE = 0.85;

const { values } = parseArgs({
  options: { sample: { type: 'string', default: '120' }, seed: { type: 'string', default: '20261122' }, only: { type: 'string', default: '' }, jobs: { type: 'string', default: '2' } },
});

interface Planted extends Mutant {
  readonly file: string;
  readonly line: number;
  readonly was: string;
}

function allMutants(): Planted[] {
  const files = [...FOLDERS, ...(values.only === '' ? [] : FURTHER)].flatMap((folder) => readdirSync(join(PROJECT_DIR, folder)).sort().map((name) => join(folder, name)));
  const wanted = files.filter((file) => file.includes(values.only) && !SHOWN_ONLY.some((name) => file.endsWith(name)));
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

/** The sources over the same node_modules, with a configuration that asks for no database. */
function copyProject(): string {
  const parent = join(PROJECT_DIR, '.perennial', 'mutation');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'copy-'));
  for (const name of ['app/domain', 'test/domain/loyalty', 'test/support', 'test/promises', 'package.json', 'tsconfig.json']) {
    cpSync(join(PROJECT_DIR, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(PROJECT_DIR, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const include = ['test/domain/loyalty/{ledger,accrual,redemption,tiers}/**/*.test.ts', 'test/promises/l6-*.test.ts'];
  const exclude = ['**/simulate-program.test.ts'];
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `export default { test: { include: ${JSON.stringify(include)}, exclude: ${JSON.stringify(exclude)}, bail: 1, maxWorkers: 1, isolate: false, testTimeout: 20_000 } };\n`,
  );
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

function testsPass(folder: string): Promise<boolean> {
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--silent', '--reporter=dot'], {
    cwd: folder,
    stdio: 'ignore',
    detached: true,
  });
  return new Promise((resolve) => {
    // A fault that never ends is noticed, too. The worker of vitest goes with its group.
    const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), TIMEOUT_MS);
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

const mutants = allMutants();
const waiting = [...sampleOf(mutants)];
const tried = waiting.length;
const survivors: Planted[] = [];
const folders = Array.from({ length: Number(values.jobs) }, copyProject);
console.log(`${tried} of ${mutants.length} mutants, seed ${values.seed}`);
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
