import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { vi } from 'vitest';

import { promiseOf } from './promise.ts';
import { startTcpProxy, targetOf, type TcpProxy } from '#test/support/tcp-proxy.ts';
import { judgeOutcomes, startTroubledApp, suffer, type Outcome, type TroubledApp } from '#test/support/troubled-app.ts';

interface Bench extends Pick<TroubledApp, 'clock'> {
  proxy: TcpProxy;
  /** Around the proxy. */
  owner: pg.Pool;
}

interface Trouble {
  name: string;
  isLongOnly?: boolean;
  begin: (bench: Bench) => Promise<void>;
  end: (bench: Bench) => Promise<void>;
}

const raise = (table: string, event: string, sqlState: string, twoOfThree: boolean) => `
  CREATE SEQUENCE IF NOT EXISTS o4_changes; GRANT USAGE ON SEQUENCE o4_changes TO perennial_app, perennial_registry;
  CREATE OR REPLACE FUNCTION o4_trouble() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF ${twoOfThree ? "nextval('public.o4_changes') % 3 <> 0" : 'true'} THEN RAISE EXCEPTION 'trouble' USING ERRCODE = '${sqlState}'; END IF;
    RETURN NEW;
  END $$;
  CREATE OR REPLACE TRIGGER o4_trouble BEFORE ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION o4_trouble()`;

const stopped: number[] = [];

const TROUBLES: readonly Trouble[] = [
  {
    name: 'reset and refused',
    isLongOnly: true,
    begin: async ({ proxy }) => {
      proxy.isRefusing = true;
      proxy.resetAll();
    },
    end: async ({ proxy }) => void (proxy.isRefusing = false),
  },
  {
    name: 'latency of 150 ms',
    isLongOnly: true,
    begin: async ({ proxy }) => void (proxy.latencyMs = 150),
    end: async ({ proxy }) => void (proxy.latencyMs = 0),
  },
  {
    name: 'reset after 20 kB',
    isLongOnly: true,
    begin: async ({ proxy }) => void (proxy.resetAfterBytes = 20_000),
    end: async ({ proxy }) => void (proxy.resetAfterBytes = null),
  },
  {
    name: 'half open',
    isLongOnly: true,
    begin: async ({ proxy }) => void (proxy.isHalfOpen = true),
    end: async ({ proxy }) => void (proxy.isHalfOpen = false),
  },
  {
    name: 'SIGSTOP',
    isLongOnly: true,
    begin: async ({ owner }) => {
      const { rows } = await owner.query<{ pid: number }>("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'perennial_app'");
      stopped.push(...rows.map(({ pid }) => pid));
      // The whole server stands still only where no other test is on it.
      if (process.env['PROMISE_SIZE'] === 'long') stopped.push(await postmasterPid(owner));
      for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    },
    end: async () => {
      for (const pid of stopped.splice(0)) process.kill(pid, 'SIGCONT');
    },
  },
  {
    name: 'connections used up',
    begin: async ({ owner }) => {
      await owner.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 0', current_database()); END $$`);
      await owner.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'perennial_app'");
    },
    end: async ({ owner }) => void (await owner.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT -1', current_database()); END $$`)),
  },
  ...['40001', '40P01'].map((sqlState) => ({
    name: `storm of ${sqlState}`,
    isLongOnly: sqlState !== '40P01',
    begin: async ({ owner }: Bench) => void (await owner.query(raise('shops', 'UPDATE', sqlState, true))),
    end: async ({ owner }: Bench) => void (await owner.query('DROP TRIGGER o4_trouble ON shops')),
  })),
  {
    // As PostgreSQL says it; the volume itself is not filled.
    name: 'disk full (53100)',
    begin: async ({ owner }) => void (await owner.query(raise('webhook_inbox', 'INSERT OR UPDATE', '53100', false))),
    end: async ({ owner }) => void (await owner.query('DROP TRIGGER o4_trouble ON webhook_inbox')),
  },
  {
    name: 'clock five minutes back',
    begin: async ({ clock }) => void (clock.stepMs = -300_000),
    end: async ({ clock }) => void (clock.stepMs = 0),
  },
  {
    name: 'clock five minutes ahead',
    isLongOnly: true,
    begin: async ({ clock }) => void (clock.stepMs = 300_000),
    end: async ({ clock }) => void (clock.stepMs = 0),
  },
];

async function postmasterPid(owner: pg.Pool): Promise<number> {
  const { rows } = await owner.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${rows[0]?.pid}/stat`, 'utf8'))?.[1]);
}

promiseOf('O4', 'web and worker beside a database that fails in many ways', async ({ size, pick }) => {
  // What pg and Prisma say of a lost connection goes to the log, which is silent here.
  let proxy: TcpProxy | undefined;
  const app = await startTroubledApp(async (url) => {
    proxy = await startTcpProxy(targetOf(url));
    return proxy.address(url);
  });
  if (!proxy) throw new Error('no proxy');
  const bench: Bench = { ...app, proxy };
  const outcomes: Outcome[] = [];
  const unheard = vi.fn();
  process.on('unhandledRejection', unheard);
  try {
    const wanted = process.env['O4_ONLY'];
    for (const { name, begin, end } of TROUBLES.filter(({ isLongOnly, name }) => (size === 'long' || !isLongOnly) && (!wanted || name.includes(wanted)))) {
      outcomes.push(await suffer(app, { name, begin: () => begin(bench), end: () => end(bench) }, pick(350, 10_000)));
    }
  } finally {
    for (const pid of stopped.splice(0)) process.kill(pid, 'SIGCONT');
    await app.stop();
    await proxy.close();
    process.off('unhandledRejection', unheard);
  }
  const { measured, isKept } = judgeOutcomes(outcomes);
  return {
    tried: `${outcomes.length} troubles of ${pick(0.35, 10)} s (${outcomes.map(({ name }) => name).join(', ')})`,
    measured,
    isKept: isKept && unheard.mock.calls.length === 0,
  };
});
