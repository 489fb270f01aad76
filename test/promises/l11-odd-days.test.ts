import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { promiseOf } from './promise.ts';

const ZONES_OF_PROCESS = ['UTC', 'Pacific/Kiritimati'];
/** What goes by days, of the tests that need no database. */
const FEW_TESTS = ['--project', 'unit', 'test/domain/time', 'test/domain/loyalty/ledger', 'test/domain/loyalty/tiers', 'test/domain/loyalty/accrual'];
/** All but the browser's, whose zone is the browser's own, and this file. */
const ALL_TESTS = ['--project', 'unit', '--project', 'integration', '--exclude', 'test/promises/l11-odd-days.test.ts'];

interface Trial {
  transitions: number;
  lots: number;
  ticks: number;
  falls: number;
  faults: number;
  samples: string[];
  digest: string;
}

/** The zone of the process is fixed when it starts, so that each needs one of its own. */
async function tryUnder(zoneOfProcess: string): Promise<Trial> {
  const script = 'test/support/loyalty/time-trial.cli.ts';
  const { stdout } = await promisify(execFile)(process.execPath, [script, '2020', '2035'], {
    env: { ...process.env, TZ: zoneOfProcess },
  });
  return JSON.parse(stdout);
}

promiseOf('L11', 'odd days and clocks that jump', async () => {
  const [utc, kiritimati] = await Promise.all(ZONES_OF_PROCESS.map(tryUnder));
  if (utc === undefined || kiritimati === undefined) throw new Error('two were tried');
  const isSame = utc.digest === kiritimati.digest;
  const faults = utc.faults + kiritimati.faults;
  return {
    tried: `${utc.transitions} changes of clocks, ${utc.lots} lots, ${utc.falls} falls of a tier, ${utc.ticks} ticks, in 2 processes' zones`,
    measured: `${faults} faults ${[...utc.samples, ...kiritimati.samples].join('; ')}; ${isSame ? 'equal' : 'different'} under UTC and Pacific/Kiritimati`,
    isKept: faults === 0 && isSame && utc.lots > 1000 && utc.transitions > 120,
  };
});

interface Report {
  testResults: { name: string; status: string; assertionResults: { fullName: string; status: string }[] }[];
}

/** How each test ended, by its file and name. */
async function outcomesUnder(zoneOfProcess: string, tests: readonly string[]): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-zone-'));
  try {
    const outputFile = join(folder, 'report.json');
    // Of a run within a run: it is small, and nobody's but its own.
    const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|PROMISE_|DATABASE_|SHOPIFY_|TEST$)/.test(name));
    const args = ['node_modules/vitest/vitest.mjs', 'run', ...tests, '--reporter=json', `--outputFile=${outputFile}`];
    const run = promisify(execFile)(process.execPath, args, { cwd: PROJECT_DIR, env: { ...Object.fromEntries(inherited), NODE_ENV: 'test', TZ: zoneOfProcess }, maxBuffer: 2 ** 28 });
    // A test that failed is in the report, and one is written unless the run itself broke.
    await run.catch(() => {});
    const { testResults }: Report = JSON.parse(readFileSync(outputFile, 'utf8'));
    return new Map(
      testResults.flatMap(({ name, status, assertionResults }) => {
        const file = name.replace(`${PROJECT_DIR}/`, '');
        const outcomes = assertionResults.map((test): [string, string] => [`${file}: ${withoutSeed(test.fullName)}`, test.status]);
        return [[file, status] as [string, string], ...outcomes];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Some tests say by which chance they went. */
function withoutSeed(name: string): string {
  return name.replace(/seed \d+/, 'seed');
}

promiseOf('L11', 'the tests themselves, in a process of either zone', async ({ pick }) => {
  const tests = pick(FEW_TESTS, ALL_TESTS);
  // One after the other: each takes what cores there are.
  const [utc, kiritimati] = [await outcomesUnder('UTC', tests), await outcomesUnder('Pacific/Kiritimati', tests)];
  const names = [...new Set([...utc.keys(), ...kiritimati.keys()])];
  const different = names.filter((name) => utc.get(name) !== kiritimati.get(name));
  const failed = names.filter((name) => utc.get(name) === 'failed');
  return {
    tried: `${utc.size.toLocaleString('en')} tests and files of them, under UTC and under Pacific/Kiritimati`,
    measured: `${different.length} end otherwise ${different.slice(0, 5).join('; ')}; ${failed.length} fail under UTC ${failed.slice(0, 5).join('; ')}`,
    isKept: different.length === 0 && failed.length === 0 && utc.size > pick(100, 1_000),
  };
});
