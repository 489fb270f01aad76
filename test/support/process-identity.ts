import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process by pid and the moment it started, so that a reused pid is never mistaken for it. */
export interface ProcessIdentity {
  pid: number;
  /** Opaque, comparable on one machine only; null where the platform does not tell. */
  startTime: string | null;
}

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startTime: readStartTime(pid) };
}

/** True while that very process runs; a zombie does not. */
export function isRunning(identity: ProcessIdentity): boolean {
  if (!isPidAlive(identity.pid)) return false;
  return identity.startTime === null || readStartTime(identity.pid) === identity.startTime;
}

/** The command line as far as the platform tells it, else an empty string. */
export function readCommandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    if (process.platform === 'win32') return '';
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Our parent and, where the platform tells it cheaply, its parent: under `npm run` a shell stands between npm and us. */
export function readAncestors(): string {
  const parent = process.ppid;
  try {
    return process.platform === 'linux' ? `${parent} ${readLinuxStat(parent)[1] ?? ''}` : String(parent);
  } catch {
    return '';
  }
}

function isPidAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return readLinuxState(pid) !== 'Z';
}

function readStartTime(pid: number): string | null {
  try {
    if (process.platform === 'linux') return readLinuxStat(pid)[19] ?? null;
    if (process.platform === 'win32') return null;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

function readLinuxState(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return readLinuxStat(pid)[0];
  } catch {
    return undefined;
  }
}

/** The fields of /proc/<pid>/stat from the third (state) on; the second, the name, may itself hold spaces and brackets. */
function readLinuxStat(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
