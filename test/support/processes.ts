import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { identifyProcess, isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { waitFor } from './wait-for.ts';

const STOP_GRACE_MS = 10_000;
const LOG_TAIL_LINES = 25;

export interface ProcessSpec {
  /** Shown in messages: `web`, `worker`, `postgres`. */
  name: string;
  command: string;
  args: string[];
  /**
   * Standard output and error go here; the log of the run before is kept beside it as `<file>.1`. Null: they go where
   * ours go.
   */
  logFile: string | null;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** What asks it to stop; SIGTERM unless told. */
  stopSignal?: NodeJS.Signals;
}

export interface SupervisedProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string | null;
  /** Resolves when it has ended, with the words for why; never rejects. */
  readonly ended: Promise<string>;
  hasEnded(): boolean;
  /** Asks, waits, then kills the whole group. Resolves when it is gone. */
  stop(graceMs?: number): Promise<void>;
}

export interface Supervisor {
  start(spec: ProcessSpec): SupervisedProcess;
  /** Stops everything in the reverse of the order it was started, then lets the watchdog go. */
  stopAll(): Promise<void>;
  /** Kills everything at once, without waiting. */
  killAll(): void;
}

/**
 * Starts processes, each the leader of its own group so that its children die with it, and makes sure that none
 * outlives us: `stopAll` in the good case, the watchdog when we end in any other way, `stopLeftovers` in the next run
 * when even the watchdog was killed.
 *
 * @param recordFile where the running processes are noted, for `stopLeftovers`
 */
export function createSupervisor(recordFile: string): Supervisor {
  const running = new Map<number, { process: SupervisedProcess; identity: ProcessIdentity }>();
  const watchdog = startWatchdog();

  const record = () => {
    mkdirSync(dirname(recordFile), { recursive: true });
    writeFileSync(recordFile, JSON.stringify([...running.values()].map((entry) => entry.identity)));
  };

  return {
    start(spec) {
      const child = spawnToLog(spec);
      const pid = child.pid;
      if (pid === undefined) throw new Error(`${spec.name} could not be started: ${spec.command}`);
      const stopSignal = spec.stopSignal ?? 'SIGTERM';
      watchdog.add(pid, stopSignal);
      const supervised = superviseChild(spec, child, pid, stopSignal);
      running.set(pid, { process: supervised, identity: identifyProcess(pid) });
      record();
      void supervised.ended.then(() => {
        // What the leader left behind in its group goes with it.
        signalGroup(pid, 'SIGKILL');
        running.delete(pid);
        watchdog.remove(pid);
        if (existsSync(dirname(recordFile))) record();
      });
      return supervised;
    },
    async stopAll() {
      for (const { process: supervised } of [...running.values()].reverse()) await supervised.stop();
      await watchdog.release();
    },
    killAll() {
      for (const pid of running.keys()) signalGroup(pid, 'SIGKILL');
    },
  };
}

/** Stops what a run that crashed, watchdog and all, left behind. Answers how many processes that were. */
export async function stopLeftovers(recordFile: string): Promise<number> {
  const leftovers = readRecord(recordFile).filter(isRunning);
  for (const { pid } of leftovers) signalGroup(pid, 'SIGTERM');
  const areGone = () => (leftovers.some(isRunning) ? undefined : true);
  try {
    await waitFor('processes of an earlier run to end', areGone, { timeoutMs: STOP_GRACE_MS / 2 });
  } catch {
    for (const { pid } of leftovers) signalGroup(pid, 'SIGKILL');
    await waitFor('processes of an earlier run to be killed', areGone);
  }
  // What a leader left behind in its group goes with it.
  for (const { pid } of leftovers) signalGroup(pid, 'SIGKILL');
  rmSync(recordFile, { force: true });
  return leftovers.length;
}

/** Resolves once the address answers with anything below 500; rejects with the end of its log when the process ends. */
export async function waitForHttp(
  url: string,
  supervised: SupervisedProcess,
  { timeoutMs = 60_000 }: { timeoutMs?: number } = {},
): Promise<void> {
  await waitFor(
    `${supervised.name} to answer at ${url} (its log: ${supervised.logFile ?? 'above'})`,
    async () => {
      if (supervised.hasEnded()) throw new ProcessEndedError(supervised, await supervised.ended);
      try {
        const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
        await response.arrayBuffer();
        return response.status < 500 ? true : undefined;
      } catch {
        return undefined;
      }
    },
    { timeoutMs, intervalMs: 50 },
  );
}

/** Names the process, why it ended, and shows the end of its log. */
export class ProcessEndedError extends Error {
  constructor(supervised: Pick<SupervisedProcess, 'name' | 'logFile'>, why: string) {
    super(`${supervised.name} ${why}.${describeLogEnd(supervised.logFile)}`);
    this.name = 'ProcessEndedError';
  }
}

function describeLogEnd(logFile: string | null): string {
  if (logFile === null) return '';
  const lines = readWholeLog(logFile).trimEnd().split('\n');
  return ` The end of ${logFile}:\n${lines.slice(-LOG_TAIL_LINES).join('\n')}`;
}

export function readWholeLog(logFile: string): string {
  return existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
}

/**
 * Signals a process and everything it started. Windows knows neither groups nor signals: there the tree is ended by
 * force, as `taskkill` without `/f` does not reach a process without a window.
 */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone already, which is what was wanted.
  }
}

function spawnToLog(spec: ProcessSpec): ChildProcess {
  // A file and not a pipe through us: a child that logs must not block or die because we are busy or gone.
  const log = spec.logFile === null ? 'inherit' : openLog(spec.logFile);
  try {
    return spawn(spec.command, spec.args, {
      stdio: ['ignore', log, log],
      detached: process.platform !== 'win32',
      windowsHide: true,
      env: spec.env ?? process.env,
      ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
      ...(spec.uid === undefined ? {} : { uid: spec.uid, gid: spec.gid }),
    });
  } finally {
    if (log !== 'inherit') closeSync(log);
  }
}

function openLog(logFile: string): number {
  mkdirSync(dirname(logFile), { recursive: true });
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
  return openSync(logFile, 'a');
}

function superviseChild(spec: ProcessSpec, child: ChildProcess, pid: number, stopSignal: NodeJS.Signals): SupervisedProcess {
  let hasEnded = false;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      hasEnded = true;
      resolve(signal === null ? `ended with code ${code}` : `was ended by ${signal}`);
    });
    child.once('error', (error) => {
      hasEnded = true;
      resolve(`failed: ${error.message}`);
    });
  });
  return {
    name: spec.name,
    pid,
    logFile: spec.logFile,
    ended,
    hasEnded: () => hasEnded,
    async stop(graceMs = STOP_GRACE_MS) {
      if (hasEnded) return;
      signalGroup(pid, stopSignal);
      const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function startWatchdog() {
  const script = fileURLToPath(new URL('./watchdog.mjs', import.meta.url));
  // NODE_OPTIONS would preload what is meant for others.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [script], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    windowsHide: true,
    env,
  });
  child.unref();
  const { stdin } = child;
  // A watchdog that was killed is no reason to stop; `stopLeftovers` is the second net.
  stdin.on('error', () => {});
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  const tell = (message: Record<string, unknown>) => void stdin.write(`${JSON.stringify(message)}\n`);
  return {
    add: (pid: number, signal: NodeJS.Signals) => tell({ add: pid, signal }),
    remove: (pid: number) => tell({ remove: pid }),
    async release() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.ref();
      stdin.end();
      await gone;
    },
  };
}

function readRecord(recordFile: string): ProcessIdentity[] {
  try {
    const parsed: unknown = JSON.parse(readFileSync(recordFile, 'utf8'));
    return Array.isArray(parsed) ? parsed.filter(isProcessIdentity) : [];
  } catch {
    return [];
  }
}

function isProcessIdentity(value: unknown): value is ProcessIdentity {
  return typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number' && 'startTime' in value;
}
