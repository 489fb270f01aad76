import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ProcessEndedError } from '#test/support/processes.ts';
import type { Supervisor } from '#test/support/processes.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

const SOURCES = ['app', 'extensions', 'public', 'vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.json'];
const NOT_SOURCES = new Set(['node_modules', 'dist', 'build']);
const STAMP_FILE = join(PROJECT_DIR, 'build', 'sources.sha256');

/** True when `npm run build` has to run before the app can start. */
export function isBuildStale(): boolean {
  return !existsSync(STAMP_FILE) || readFileSync(STAMP_FILE, 'utf8') !== hashSources();
}

/** @throws ProcessEndedError with the end of what the build said */
export async function buildApp(supervisor: Supervisor, logFile: string): Promise<void> {
  const hash = hashSources();
  const isWindows = process.platform === 'win32';
  const build = supervisor.start({
    name: 'npm run build',
    command: isWindows ? 'cmd' : 'npm',
    args: [...(isWindows ? ['/c', 'npm'] : []), 'run', 'build'],
    logFile,
    cwd: PROJECT_DIR,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const ended = await build.ended;
  if (ended !== 'ended with code 0') throw new ProcessEndedError(build, ended);
  mkdirSync(join(PROJECT_DIR, 'build'), { recursive: true });
  writeFileSync(STAMP_FILE, hash);
}

function hashSources(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of listFiles(join(PROJECT_DIR, source))) {
      hash.update(`${relative(PROJECT_DIR, file)}\n`).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

function listFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .filter((name) => !NOT_SOURCES.has(name))
    .sort()
    .flatMap((name) => listFiles(join(path, name)));
}
