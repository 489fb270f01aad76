import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isRunning } from '#test/support/process-identity.ts';
import { z } from 'zod';
import { UsageError } from './usage-error.ts';

export const LOCK_FILE = 'lock.json';

const holderSchema = z.object({
  pid: z.number().int(),
  startTime: z.string().nullable(),
  address: z.string().nullable(),
});
type LockHolder = z.infer<typeof holderSchema>;

export interface Lock {
  /** True when an earlier run ended without releasing it. */
  readonly wasAbandoned: boolean;
  /** Shown to whoever finds the lock taken. */
  announce(address: string): void;
  release(): void;
}

/**
 * One run at a time may use a data directory.
 *
 * @throws UsageError naming the address of the run that holds it
 */
export function acquireLock(dataDir: string): Lock {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, LOCK_FILE);
  const own: LockHolder = { ...identifyProcess(process.pid), address: null };
  let wasAbandoned = false;
  while (!createExclusively(file, own)) {
    const text = readText(file);
    if (text === undefined) continue;
    const holder = parseHolder(text);
    if (holder !== undefined && isRunning(holder)) throw new UsageError(describeHolder(dataDir, holder));
    removeAbandoned(file, text);
    wasAbandoned = true;
  }
  return {
    wasAbandoned,
    announce(address) {
      writeFileSync(`${file}.new`, JSON.stringify({ ...own, address }));
      renameSync(`${file}.new`, file);
    },
    release() {
      if (parseHolder(readText(file) ?? '')?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}

function describeHolder(dataDir: string, holder: LockHolder): string {
  const where = holder.address === null ? 'and is still starting' : `at ${holder.address}`;
  return (
    `Perennial already runs with ${dataDir}, ${where} (process ${holder.pid}). ` +
    'Open that, stop it first, or start another with --data DIR --port N.'
  );
}

/** Linked into place with its content, so that nobody ever reads a lock that is half written. */
function createExclusively(file: string, holder: LockHolder): boolean {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, JSON.stringify(holder));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Two runs may find the same abandoned lock: the one that finds it replaced meanwhile puts the new one back. */
function removeAbandoned(file: string, seen: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readText(aside) !== seen) {
    try {
      linkSync(aside, file);
    } catch {
      // A third run was quicker; it holds the lock now.
    }
  }
  rmSync(aside, { force: true });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
