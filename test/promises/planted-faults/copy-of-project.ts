import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import type { Edit, PlantedFault } from './planted-fault.ts';

const COPIED = ['app', 'extensions', 'prisma', 'public', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts', 'vite.config.ts', 'prisma.config.ts', 'shopify.app.toml', '.env.example', 'eslint.config.js'];

export interface ProjectCopy {
  /** Plants one fault, runs its test, and takes the fault out again. Answers with what failed, test by test. */
  try(fault: PlantedFault): Promise<FailedTest[]>;
  remove(): void;
}

export interface FailedTest {
  name: string;
  message: string;
}

/** The sources in a folder of their own, over the same node_modules, so that a fault never touches the checkout. */
export function copyProject(): ProjectCopy {
  const parent = join(PROJECT_DIR, '.perennial', 'planted-faults');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'copy-'));
  for (const name of COPIED) {
    cpSync(join(PROJECT_DIR, name), join(folder, name), { recursive: true, filter: (path) => !path.endsWith('/node_modules') });
  }
  symlinkSync(join(PROJECT_DIR, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return {
    async try(fault) {
      const files = [...new Set(fault.edits.map(({ file }) => join(folder, file)))];
      const sound = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
      try {
        for (const edit of fault.edits) {
          const file = join(folder, edit.file);
          writeFileSync(file, plant(fault.name, edit, readFileSync(file, 'utf8')));
        }
        return await runTests(folder, fault.test);
      } finally {
        for (const [file, source] of sound) writeFileSync(file, source);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Throws when the place of the fault is not there, or is there twice: the list is then out of date. */
export function plant(name: string, { file, find, replace }: Edit, source: string): string {
  const found = source.split(find).length - 1;
  if (found !== 1) throw new Error(`"${name}": ${file} holds its place ${found} times instead of once`);
  // As a function, because a dollar in the text is no pattern.
  return source.replace(find, () => replace);
}

async function runTests(folder: string, test: string): Promise<FailedTest[]> {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const said = await new Promise<string>((resolve, reject) => {
    const vitest = spawn(
      process.execPath,
      [join(folder, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--reporter=json', `--outputFile=${report}`, test],
      { cwd: folder, env: { ...process.env, PROMISE_SIZE: 'small', VITEST: '', NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    vitest.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    vitest.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    vitest.once('error', reject);
    vitest.once('close', () => resolve(output));
  });
  return readFailures(report, said);
}

interface JsonReport {
  testResults: { name: string; status: string; message: string; assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[];
}

function readFailures(report: string, said: string): FailedTest[] {
  let parsed: JsonReport;
  try {
    parsed = JSON.parse(readFileSync(report, 'utf8')) as JsonReport;
  } catch (cause) {
    throw new Error(`The tests gave no report: ${said.slice(-2_000)}`, { cause });
  }
  return parsed.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((each) => each.status === 'failed');
    if (failed.length === 0 && status === 'failed') return [{ name, message }];
    return failed.map(({ fullName, failureMessages }) => ({ name: fullName, message: failureMessages.join('\n') }));
  });
}
