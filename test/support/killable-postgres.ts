import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

import type { TestDatabase } from './database.ts';
import { migrateDatabase } from './migrate.ts';
import { startEmbeddedPostgres, type PostgresServer } from './postgres.ts';
import { createSupervisor } from './processes.ts';
import { startTcpProxy, targetOf } from './tcp-proxy.ts';

/** `immediate` is what `pg_ctl stop -m immediate` does; `backend` is one connection's process, for which all others are ended. */
export type PostgresDeath = 'immediate' | 'postmaster' | 'backend';

/** A durable PostgreSQL of its own that a test kills, at one address whichever port it has after it was started again. */
export interface KillablePostgres {
  readonly database: TestDatabase;
  /** Kills it now, and starts it again if it does not come back by itself. */
  kill(death: PostgresDeath): Promise<void>;
  stop(): Promise<void>;
}

const DATABASE = 'perennial_killed';

export async function startKillablePostgres(): Promise<KillablePostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-killed-'));
  const supervisor = createSupervisor(join(folder, 'processes.json'));
  const launch = (): Promise<PostgresServer> => startEmbeddedPostgres({ dataDir: folder, supervisor, durability: 'durable' });
  let server = await launch();
  await server.createDatabase(DATABASE);
  await migrateDatabase(server.ownerUrl(DATABASE));
  const appUrl = (await server.prepareAppLogin())(DATABASE);
  const target = targetOf(appUrl);
  const proxy = await startTcpProxy(target);
  const stop = async (): Promise<void> => {
    await proxy.close();
    await supervisor.stopAll();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    database: { url: proxy.address(appUrl), ownerUrl: proxy.address(server.ownerUrl(DATABASE)), drop: stop },
    kill: async (death) => {
      if (death === 'backend') {
        process.kill(await findBackend(server), 'SIGKILL');
        return;
      }
      const postmaster = Number(readFileSync(join(folder, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
      process.kill(postmaster, death === 'immediate' ? 'SIGQUIT' : 'SIGKILL');
      await server.process?.ended;
      server = await launch();
      target.port = targetOf(server.ownerUrl(DATABASE)).port;
    },
    stop,
  };
}

/** One that is writing, if there is one at this moment. */
async function findBackend(server: PostgresServer): Promise<number> {
  const client = new pg.Client({ connectionString: server.ownerUrl('postgres') });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend' ORDER BY (state = 'active') DESC, (backend_xid IS NOT NULL) DESC LIMIT 1",
      [DATABASE],
    );
    if (rows[0] === undefined) throw new Error('nobody is connected');
    return rows[0].pid;
  } finally {
    await client.end();
  }
}
