import { join } from 'node:path';
import { findFreePort } from '#test/support/free-port.ts';
import { waitForHttp } from '#test/support/processes.ts';
import type { SupervisedProcess, Supervisor } from '#test/support/processes.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

export interface AppCommands {
  /** Arguments of node; web learns its port from PORT. */
  web: string[];
  worker: string[];
}

/**
 * As `npm start` and `npm run worker` do it, without an npm in between that would stay for as long as they run. Left to
 * itself, V8 gives web a young generation of up to 96 MB and takes it back when there is little to do: half an hour of 100
 * webhooks a second swung between 240 and 340 MB. With 8 MB a half it stays at 250.
 */
export const COMMANDS: AppCommands = {
  web: ['--max-semi-space-size=8', 'app/web.server.ts'],
  worker: ['--expose-gc', '--max-old-space-size=256', '--max-semi-space-size=4', 'app/jobs/worker.server.ts'],
};

export const RELOADING_COMMANDS: AppCommands = {
  web: [join('node_modules', '@remix-run', 'dev', 'dist', 'cli.js'), 'vite:dev', '--host', '127.0.0.1', '--strictPort'],
  worker: ['--watch', '--import', 'tsx', 'app/jobs/worker.server.ts'],
};

export interface AppSupervision {
  supervisor: Supervisor;
  env: NodeJS.ProcessEnv;
  commands: AppCommands;
  logFile: (name: string) => string;
  /** Called with web's address each time that it is ready, which is another one after a restart. */
  onWebReady: (url: string) => void;
}

export interface AppProcesses {
  /** Resolves with the first process that ends although nobody asked it to. */
  failed: Promise<SupervisedProcess>;
  startWeb(): Promise<void>;
  stopWeb(): Promise<void>;
  startWorker(): Promise<void>;
  stopWorker(): Promise<void>;
}

/** Starts and stops the two processes of the app. */
export function superviseApp({ supervisor, env, commands, logFile, onWebReady }: AppSupervision): AppProcesses {
  const wanted = new Set<SupervisedProcess>();
  let reportFailure: (child: SupervisedProcess) => void = () => {};
  const failed = new Promise<SupervisedProcess>((resolve) => (reportFailure = resolve));
  const start = (name: keyof AppCommands, extraEnv: Record<string, string>): SupervisedProcess => {
    const child = supervisor.start({
      name,
      command: process.execPath,
      args: commands[name],
      cwd: PROJECT_DIR,
      env: { ...env, ...extraEnv },
      logFile: logFile(name),
    });
    wanted.add(child);
    void child.ended.then(() => {
      if (wanted.has(child)) reportFailure(child);
    });
    return child;
  };
  const stop = async (name: keyof AppCommands): Promise<void> => {
    for (const child of [...wanted].filter((running) => running.name === name)) {
      wanted.delete(child);
      await child.stop();
    }
  };
  return {
    failed,
    async startWeb() {
      const port = await findFreePort();
      const url = `http://127.0.0.1:${port}`;
      const web = start('web', { PORT: String(port) });
      await waitForHttp(`${url}/healthz`, web);
      onWebReady(url);
    },
    stopWeb: () => stop('web'),
    async startWorker() {
      start('worker', {});
    },
    stopWorker: () => stop('worker'),
  };
}
