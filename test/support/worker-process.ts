import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { PROJECT_DIR } from './project-dir.ts';

const LOCAL_SHOPIFY = pathToFileURL(join(PROJECT_DIR, 'test', 'simulator', 'install.ts')).href;

/**
 * The real worker as a process of its own, beside the local Shopify that `env` names. Node takes the types out of the
 * sources by itself: the worker is up in half the time that it takes with tsx before it.
 */
export function spawnWorker(
  env: Readonly<Record<string, string | undefined>>,
  stdio: StdioOptions = ['ignore', 'inherit', 'inherit'],
): ChildProcess {
  return spawn(process.execPath, ['--import', LOCAL_SHOPIFY, join('app', 'jobs', 'worker.server.ts')], {
    cwd: PROJECT_DIR,
    env: { ...process.env, ...env },
    stdio,
  });
}

/** How a process ended, or will have. */
export function endOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  }
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}
