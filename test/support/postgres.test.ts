import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from './postgres.ts';
import { identifyProcess, isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { createSupervisor, stopLeftovers } from './processes.ts';
import { PROJECT_DIR } from './project-dir.ts';
import { waitFor } from './wait-for.ts';

let dataDir: string;

beforeEach(() => {
  // A folder that only its owner may enter, as `mktemp -d` makes it: the hardest place to run PostgreSQL as root.
  dataDir = mkdtempSync(join(tmpdir(), 'perennial postgres '));
});

afterEach(async () => {
  await stopLeftovers(join(dataDir, 'processes.json'));
  rmSync(dataDir, { recursive: true, force: true });
});

async function select(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<{ value: unknown }>(sql);
    return result.rows[0]?.value;
  } finally {
    await client.end();
  }
}

async function whileServing<T>(work: (ownerUrl: string) => Promise<T>): Promise<T> {
  const supervisor = createSupervisor(join(dataDir, 'own-processes.json'));
  const server = await startEmbeddedPostgres({ dataDir, supervisor, durability: 'fast' });
  try {
    return await work(server.ownerUrl('postgres'));
  } finally {
    await supervisor.stopAll();
  }
}

async function startVictim() {
  const child = spawn(
    process.execPath,
    [join(PROJECT_DIR, 'test/support/supervised-fixture.ts'), dataDir],
    { stdio: ['ignore', 'pipe', 'inherit'], cwd: PROJECT_DIR },
  );
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const { ownerUrl, childPid } = await waitFor('the victim to start', () => {
    if (child.exitCode !== null) throw new Error(`The victim ended with ${child.exitCode}.`);
    return said.includes('\n') ? (JSON.parse(said) as { ownerUrl: string; childPid: number }) : undefined;
  });
  const grandchildFile = join(dataDir, 'grandchild');
  const grandchildPid = await waitFor('the grandchild', () =>
    existsSync(grandchildFile) ? Number(readFileSync(grandchildFile, 'utf8')) || undefined : undefined,
  );
  const postgresPid = Number(readFileSync(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
  return { child, ownerUrl, started: [childPid, grandchildPid, postgresPid].map(identifyProcess) };
}

const allGone = (processes: ProcessIdentity[]) => () => (processes.some(isRunning) ? undefined : true);

describe('the embedded PostgreSQL', () => {
  it('keeps what was written from one start to the next, and its password to its owner', async () => {
    await whileServing((url) => select(url, 'CREATE TABLE kept AS SELECT 42 AS value'));
    expect(await whileServing((url) => select(url, 'SELECT value FROM kept'))).toBe(42);
    expect(statSync(join(dataDir, 'password')).mode & 0o777).toBe(0o600);
  });

  it('starts although a crash left a pid file whose number now belongs to another process', async () => {
    await whileServing((url) => select(url, 'SELECT 1 AS value'));
    const startedLongAgo = 1_000_000_000;
    writeFileSync(
      join(dataDir, 'cluster', 'postmaster.pid'),
      `${process.pid}\n${join(dataDir, 'cluster')}\n${startedLongAgo}\n5432\n\n127.0.0.1\n`,
    );
    expect(await whileServing((url) => select(url, 'SELECT 7 AS value'))).toBe(7);
    expect(isRunning(identifyProcess(process.pid))).toBe(true);
  });

  it('is stopped, with every other process and their children, when the parent is killed without warning', async () => {
    const { child, started } = await startVictim();
    expect(started.every(isRunning)).toBe(true);
    child.kill('SIGKILL');
    await waitFor('everything to end', allGone(started));
    expect(await whileServing((url) => select(url, 'SELECT 7 AS value'))).toBe(7);
  });

  it('takes over from a server whose parent and watchdog were both killed', async () => {
    const { child, ownerUrl, started } = await startVictim();
    await select(ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS value');
    const watchdog = findWatchdogOf(child.pid ?? 0);
    process.kill(watchdog, 'SIGKILL');
    child.kill('SIGKILL');
    await waitFor('the parent to be gone', () => (child.signalCode === null ? undefined : true));
    expect(started.every(isRunning)).toBe(true);
    expect(await whileServing((url) => select(url, 'SELECT value FROM kept'))).toBe(42);
    expect(await stopLeftovers(join(dataDir, 'processes.json'))).toBe(1);
    // A signal to a group is answered by each of its processes in its own time.
    await waitFor('every process of the group to end', allGone(started));
  });
});

function findWatchdogOf(pid: number): number {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' }).split('\n');
  for (const row of rows) {
    const [own, parent, ...command] = row.trim().split(/\s+/);
    if (Number(parent) === pid && command.join(' ').includes('watchdog.mjs')) return Number(own);
  }
  throw new Error('The victim has no watchdog.');
}
