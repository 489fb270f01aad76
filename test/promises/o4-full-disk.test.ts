import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, vi } from 'vitest';

import { migrateDatabase } from '#test/support/migrate.ts';
import { startEmbeddedPostgres, type PostgresServer } from '#test/support/postgres.ts';
import { createSupervisor } from '#test/support/processes.ts';
import { startTcpProxy, targetOf } from '#test/support/tcp-proxy.ts';
import { judgeOutcomes, startTroubledApp, suffer, type Outcome, type Trouble } from '#test/support/troubled-app.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { promiseOf } from './promise.ts';

const VOLUME_MB = 320;
const FULL_FOR_MS = 15_000;
const DATABASE = 'perennial_full_disk';
// As soon as PostgreSQL gives something back, it is taken again.
const REFILL_EVERY_MS = 20;
const WATCHED_EVERY_MS = 500;

/** A volume of its own: mounting one is root's. */
function mountVolume(): { path: string; unmount: () => void } | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const path = mkdtempSync(join(tmpdir(), 'perennial-small-volume-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${VOLUME_MB}m,mode=0755`, 'tmpfs', path]);
  if (status === 0) return { path, unmount: () => void (spawnSync('umount', [path]).status === 0 && rmdirSync(path)) };
  rmdirSync(path);
  return null;
}

/** Takes all that is free, and goes on taking what becomes free, until it is stopped. */
function fillVolume(path: string): () => void {
  const file = join(path, 'filler');
  const handle = openSync(file, 'a');
  const fill = () => {
    for (const bytes of [2 ** 20, 2 ** 12]) {
      const piece = Buffer.alloc(bytes, 1);
      try {
        while (writeSync(handle, piece) === bytes);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    }
  };
  fill();
  const timer = setInterval(fill, REFILL_EVERY_MS);
  return () => {
    clearInterval(timer);
    closeSync(handle);
    rmSync(file);
  };
}

/** A PostgreSQL on the volume at one address, whichever port it has after it was started again. */
async function startOnVolume(path: string, recordDir: string) {
  const supervisor = createSupervisor(join(recordDir, 'processes.json'));
  const launch = () =>
    startEmbeddedPostgres({ dataDir: join(path, 'data'), supervisor, durability: 'durable', settings: { max_wal_size: '64MB', min_wal_size: '32MB' } });
  let server: PostgresServer = await launch();
  await server.createDatabase(DATABASE);
  await migrateDatabase(server.ownerUrl(DATABASE));
  const appUrl = (await server.prepareAppLogin())(DATABASE);
  const target = targetOf(appUrl);
  const proxy = await startTcpProxy(target);
  let starts = 1;
  let isStarting = false;
  // As whatever watches over a server does when it has ended.
  const startIfEnded = async () => {
    if (isStarting || server.process?.hasEnded() === false) return;
    isStarting = true;
    try {
      server = await launch();
      starts += 1;
      target.port = targetOf(server.ownerUrl(DATABASE)).port;
    } catch {
      // Its volume is full still, which is what this is about; the next look tries again.
    } finally {
      isStarting = false;
    }
  };
  const watch = setInterval(() => void startIfEnded(), WATCHED_EVERY_MS);
  return {
    appUrl: proxy.address(appUrl),
    ownerUrl: proxy.address(server.ownerUrl(DATABASE)),
    execute: (sql: string) => server.execute(sql),
    starts: () => starts,
    stop: async () => {
      clearInterval(watch);
      await waitFor('PostgreSQL to have been started', async () => !isStarting || undefined, { timeoutMs: 30_000 });
      await proxy.close();
      await supervisor.stopAll();
    },
  };
}

async function fillUnderLoad(volume: { path: string }): Promise<{ outcomes: Outcome[]; starts: number; isHeard: boolean }> {
  const recordDir = mkdtempSync(join(tmpdir(), 'perennial-full-disk-'));
  mkdirSync(join(volume.path, 'data'));
  const database = await startOnVolume(volume.path, recordDir);
  const unheard = vi.fn();
  process.on('unhandledRejection', unheard);
  const app = await startTroubledApp(async () => database.appUrl, database.ownerUrl);
  let free = () => {};
  const end = async () => {
    free();
    free = () => {};
  };
  const fill = async () => void (free = fillVolume(volume.path));
  const troubles: Trouble[] = [
    { name: 'no room for tables', begin: fill, end },
    {
      // Here PostgreSQL gives up, recovers from its log, and gives up again where that wants room.
      name: 'no room for the log',
      begin: async () => {
        await fill();
        for (let segment = 0; segment < 8; segment += 1) await database.execute('SELECT pg_switch_wal()').catch(() => {});
      },
      end,
    },
  ];
  try {
    const outcomes: Outcome[] = [];
    for (const trouble of troubles) outcomes.push(await suffer(app, trouble, FULL_FOR_MS));
    return { outcomes, starts: database.starts(), isHeard: unheard.mock.calls.length === 0 };
  } finally {
    free();
    await app.stop();
    await database.stop();
    process.off('unhandledRejection', unheard);
    rmSync(recordDir, { recursive: true, force: true });
  }
}

const volume = process.env['PROMISE_SIZE'] === 'long' ? mountVolume() : null;

if (volume === null) {
  test.skip('O4 PostgreSQL in trouble: its volume really full (at full size alone, and only root may mount a small volume)', () => {});
} else {
  promiseOf('O4', 'its volume really full', async () => {
    try {
      const { outcomes, starts, isHeard } = await fillUnderLoad(volume);
      const { measured, isKept } = judgeOutcomes(outcomes);
      return {
        tried: `a volume of ${VOLUME_MB} MB, full for ${FULL_FOR_MS / 1000} s twice (${outcomes.map(({ name }) => name).join(', ')})`,
        measured: `${measured}; PostgreSQL started ${starts - 1} times more`,
        // A trouble in which everything was taken was none.
        isKept: isKept && isHeard && outcomes.every(({ refused }) => refused > 0),
      };
    } finally {
      volume.unmount();
    }
  });
}
