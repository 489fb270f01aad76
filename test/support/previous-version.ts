import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { COMMANDS } from '#test/demo/supervise-app.ts';
import { findFreePort } from './free-port.ts';
import type { PerennialUnderTest } from './perennial-under-test.ts';
import { createSupervisor, readWholeLog, waitForHttp } from './processes.ts';
import { PROJECT_DIR } from './project-dir.ts';

const run = promisify(execFile);
const IN_PROJECT = { cwd: PROJECT_DIR };

/** Of prisma/migrations, oldest first. */
export function migrationNames(): string[] {
  return readdirSync(join(PROJECT_DIR, 'prisma', 'migrations')).filter((name) => /^\d/.test(name)).sort();
}

/** Between two commits of one change the project need not build: this many are tried. */
const COMMITS_TRIED = 12;

/** The last commits that did not know a migration, newest first; none without the history, as in an archive or a shallow clone. */
async function commitsBefore(migration: string): Promise<string[]> {
  try {
    const path = join('prisma', 'migrations', migration);
    const { stdout } = await run('git', ['log', '--diff-filter=A', '--format=%H', '--', path], IN_PROJECT);
    const added = stdout.trim().split('\n').at(-1);
    if (!added) return [];
    const before = await run('git', ['log', '--first-parent', `--max-count=${COMMITS_TRIED}`, '--format=%H', `${added}^`], IN_PROJECT);
    return before.stdout.trim().split('\n');
  } catch {
    return [];
  }
}

/** The newest version that did not know a migration and builds; null where the history is not at hand. */
export async function buildVersionBefore(migration: string): Promise<BuiltVersion | null> {
  let failure: unknown = null;
  for (const commit of await commitsBefore(migration)) {
    try {
      return await buildVersion(commit);
    } catch (error) {
      failure = error;
    }
  }
  if (failure !== null) throw new Error(`None of the ${COMMITS_TRIED} commits before ${migration} builds.`, { cause: failure });
  return null;
}

export interface BuiltVersion {
  commit: string;
  folder: string;
  remove(): void;
}

/**
 * The project as of a commit, generated and built, in a folder below ours: Node finds our node_modules from there, so it
 * runs on the packages of today.
 */
async function buildVersion(commit: string): Promise<BuiltVersion> {
  const parent = join(PROJECT_DIR, '.perennial', 'previous-version');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `${commit.slice(0, 7)}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: 'production' };
  const inFolder = { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 };
  const { resolve } = createRequire(import.meta.url);
  try {
    const archive = join(folder, 'archive.tar');
    await run('git', ['archive', '--output', archive, commit], IN_PROJECT);
    await run('tar', ['-xf', archive, '-C', folder]);
    rmSync(archive);
    await run(process.execPath, [resolve('prisma/build/index.js'), 'generate'], inFolder);
    await run(process.execPath, ['--import', 'tsx', join('test', 'codegen.ts')], inFolder);
    await run(process.execPath, [resolve('@remix-run/dev/dist/cli.js'), 'vite:build'], inFolder);
    return { commit, folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

export interface RunningVersion {
  webUrl: string;
  /** Lines of its logs that tell of an error. */
  complaints(): string[];
  stop(): Promise<void>;
}

/** Web and worker of another version, beside ours: on the same database, Shopify and settings. */
export async function startVersion(folder: string, perennial: PerennialUnderTest): Promise<RunningVersion> {
  const logs = join(perennial.dataDir, 'logs');
  const supervisor = createSupervisor(join(folder, 'processes.json'));
  const start = (name: keyof typeof COMMANDS, env: Record<string, string>) =>
    supervisor.start({
      name: `previous-${name}`,
      command: process.execPath,
      // Its sources may hold what Node cannot take out by itself.
      args: ['--import', 'tsx', ...COMMANDS[name]],
      cwd: folder,
      env: { ...perennial.env, ...env },
      logFile: join(logs, `previous-${name}.log`),
    });
  try {
    const port = await findFreePort();
    const web = start('web', { PORT: String(port) });
    const worker = start('worker', {});
    const webUrl = `http://127.0.0.1:${port}`;
    await waitForHttp(`${webUrl}/healthz`, web);
    if (worker.hasEnded()) throw new Error(`The worker of the previous version ${await worker.ended}`);
    return {
      webUrl,
      complaints: () => [...errorLines(web.logFile), ...errorLines(worker.logFile), ...[web, worker].filter((each) => each.hasEnded()).map((each) => `${each.name} ended`)],
      stop: () => supervisor.stopAll(),
    };
  } catch (error) {
    await supervisor.stopAll();
    throw error;
  }
}

/** What pino wrote at its levels `error` and `fatal`, and what a process wrote by itself as it died. */
export function errorLines(logFile: string | null): string[] {
  if (logFile === null) return [];
  return readWholeLog(logFile).split('\n').filter((line) => /^\{"level":[56]0/.test(line) || /^(\w*Error\b|node:)/.test(line));
}
