import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { findFreePort } from './free-port.ts';
import { findPostgresBinaries, planPostgresLaunch } from './postgres-binaries.ts';
import { identifyProcess, isRunning, readCommandLine } from './process-identity.ts';
import { ProcessEndedError, signalGroup } from './processes.ts';
import type { SupervisedProcess, Supervisor } from './processes.ts';
import { waitFor } from './wait-for.ts';

export const APP_ROLE = 'perennial_app';
const SUPERUSER = 'postgres';
const START_ATTEMPTS = 5;

/**
 * `durable` survives the machine's death and is what the demo runs on; `fast` gives that up, for databases that are
 * thrown away after the test.
 */
export type Durability = 'durable' | 'fast';

export interface PostgresServer {
  /** Null when it is not ours: the user brought it. */
  process: SupervisedProcess | null;
  /** An address of a database on this server, for the superuser that owns everything. */
  ownerUrl(database: string): string;
  /** Runs one statement in the maintenance database. */
  execute(sql: string): Promise<void>;
  /** True when the database was made just now. */
  createDatabase(name: string, template?: string): Promise<boolean>;
  dropDatabase(name: string): Promise<void>;
  /** Lets the app role of the migrations log in; answers how to reach a database as that role. */
  prepareAppLogin(): Promise<(database: string) => string>;
}

type PostgresAccess = Omit<PostgresServer, 'process'>;

export interface EmbeddedPostgresOptions {
  /** Holds the cluster (`cluster/`), the superuser's password (mode 0600) and the log. */
  dataDir: string;
  supervisor: Supervisor;
  durability: Durability;
  /** Server settings beside those that all have, or in their place: a bench gives its rival more memory. */
  settings?: Readonly<Record<string, string>>;
}

/**
 * Starts the embedded PostgreSQL on a free port of this machine only, making the cluster at the first start. A server
 * that an earlier run left behind in the same directory is stopped first.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<PostgresServer> {
  const dataDir = resolve(options.dataDir);
  const clusterDir = join(dataDir, 'cluster');
  const binaries = findPostgresBinaries();
  mkdirSync(dataDir, { recursive: true });
  const password = readOrMakePassword(join(dataDir, 'password'));
  if (!existsSync(clusterDir)) await initialiseCluster(binaries.initdb, clusterDir, password, options);
  await stopOrphanedServer(clusterDir);

  const launcher = planPostgresLaunch(binaries.postgres, clusterDir, [binaries.postgres, clusterDir]);
  const { uid, gid } = launcher;
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort();
    const child = options.supervisor.start({
      name: 'postgres',
      command: launcher.command,
      args: [...launcher.leadingArgs, '-D', clusterDir, '-p', String(port), ...serverSettings(options)],
      logFile: join(dataDir, 'postgres.log'),
      env: { ...process.env, LC_ALL: 'C' },
      stopSignal: 'SIGINT',
      ...(uid === undefined ? {} : { uid, gid }),
    });
    const server = connectTo(`postgres://${SUPERUSER}:${password}@127.0.0.1:${port}`);
    try {
      await waitUntilReady(server, child);
      return { ...server, process: child };
    } catch (error) {
      await child.stop();
      // The port may have been taken meanwhile, or backends of a server that was killed may still be going.
      const isPassing = error instanceof ProcessEndedError && /could not bind|still in use|shared memory/.test(error.message);
      if (!isPassing || attempt === START_ATTEMPTS) throw error;
      await new Promise((proceed) => setTimeout(proceed, attempt * 200));
    }
  }
}

/**
 * A PostgreSQL that the user brought, named by `DATABASE_URL`: its user must be able to create databases and roles.
 * Only databases and roles whose names begin with `perennial_` are made there, and no password of a role that
 * existed before is changed.
 */
export async function useOwnPostgres(url: string): Promise<PostgresServer> {
  const server = connectTo(url);
  try {
    await server.execute('SELECT 1');
  } catch (cause) {
    throw new Error('DATABASE_URL is set, but no PostgreSQL answers there with that user and password.', { cause });
  }
  return {
    ...server,
    process: null,
    async prepareAppLogin() {
      const password = randomBytes(18).toString('base64url');
      const login = `${APP_ROLE}_${randomBytes(4).toString('hex')}`;
      await server.execute(`CREATE ROLE ${login} LOGIN PASSWORD '${password}' IN ROLE ${APP_ROLE}`);
      return (database) => addressFor(url, database, { user: login, password });
    },
  };
}

function connectTo(url: string): PostgresAccess {
  const ownerUrl = (database: string) => addressFor(url, database);
  const run = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ connectionString: ownerUrl('postgres'), connectionTimeoutMillis: 5_000 });
    // Without a listener, a server that stops while we are connected would end our process.
    client.on('error', () => {});
    try {
      await client.connect();
      return await work(client);
    } finally {
      await client.end();
    }
  };
  return {
    ownerUrl,
    execute: (sql) => run(async (client) => void (await client.query(sql))),
    createDatabase: (name, template) =>
      run(async (client) => {
        const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
        if (found.rowCount !== 0) return false;
        // FILE_COPY clones a small migrated template several times quicker than the default once fsync is off.
        const origin = template === undefined ? '' : ` TEMPLATE ${pg.escapeIdentifier(template)} STRATEGY FILE_COPY`;
        await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}${origin}`);
        return true;
      }),
    dropDatabase: (name) =>
      run(async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`))),
    prepareAppLogin: () =>
      run(async (client) => {
        const password = randomBytes(18).toString('base64url');
        await client.query(`ALTER ROLE ${APP_ROLE} LOGIN PASSWORD '${password}'`);
        return (database) => addressFor(url, database, { user: APP_ROLE, password });
      }),
  };
}

function addressFor(url: string, database: string, login?: { user: string; password: string }): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  if (login !== undefined) {
    address.username = login.user;
    address.password = login.password;
  }
  return address.href;
}

/**
 * PostgreSQL refuses a data directory whose `postmaster.pid` names a living process, whichever process that is. After
 * a crash the number may belong to anybody: only a server of this very directory is stopped.
 */
async function stopOrphanedServer(clusterDir: string): Promise<void> {
  const pidFile = join(clusterDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const isOurs = Number.isInteger(pid) && pid > 0 && readCommandLine(pid).includes(clusterDir);
  if (isOurs) {
    const server = identifyProcess(pid);
    const isGone = () => (isRunning(server) ? undefined : true);
    signalGroup(pid, 'SIGINT');
    try {
      await waitFor('the PostgreSQL of an earlier run to stop', isGone);
    } catch {
      signalGroup(pid, 'SIGKILL');
      await waitFor('the PostgreSQL of an earlier run to be killed', isGone);
    }
  }
  rmSync(pidFile, { force: true });
}

/** Made beside its place and moved there when it is whole, so that a run cut short leaves nothing half made. */
async function initialiseCluster(
  initdb: string,
  clusterDir: string,
  password: string,
  { supervisor, durability }: EmbeddedPostgresOptions,
): Promise<void> {
  const draftDir = `${clusterDir}.new`;
  rmSync(clusterDir, { recursive: true, force: true });
  rmSync(draftDir, { recursive: true, force: true });
  mkdirSync(draftDir, { mode: 0o700 });
  const { command, leadingArgs, owner, uid, gid } = planPostgresLaunch(initdb, draftDir, [initdb, draftDir]);
  const passwordFile = join(clusterDir, '..', 'initdb-password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner !== undefined) {
    for (const path of [draftDir, passwordFile]) chownSync(path, owner.uid, owner.gid);
  }
  const args = [
    `--pgdata=${draftDir}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorts the same on every machine, whatever locales it has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durability === 'fast' ? ['--no-sync'] : []),
  ];
  const child = supervisor.start({
    name: 'initdb',
    command,
    args: [...leadingArgs, ...args],
    logFile: join(clusterDir, '..', 'initdb.log'),
    env: { ...process.env, LC_ALL: 'C' },
    ...(uid === undefined ? {} : { uid, gid }),
  });
  const ended = await child.ended;
  rmSync(passwordFile, { force: true });
  if (ended !== 'ended with code 0') throw new ProcessEndedError(child, ended);
  renameSync(draftDir, clusterDir);
}

function serverSettings({ durability, settings: others = {} }: EmbeddedPostgresOptions): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    // A socket's path may be no longer than about 100 bytes, which a deep folder exceeds.
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    shared_buffers: '128MB',
    max_connections: '100',
    max_wal_size: '2GB',
    jit: 'off',
    // Nothing replicates from here.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
  };
  if (durability === 'fast') Object.assign(settings, { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' });
  Object.assign(settings, others);
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function waitUntilReady(server: PostgresAccess, child: SupervisedProcess): Promise<void> {
  await waitFor(
    `PostgreSQL to accept connections (its log: ${child.logFile})`,
    async () => {
      if (child.hasEnded()) throw new ProcessEndedError(child, await child.ended);
      try {
        await server.execute('SELECT 1');
        return true;
      } catch {
        return undefined;
      }
    },
    // Recovery after a crash replays the log before it answers.
    { timeoutMs: 60_000 },
  );
}

function readOrMakePassword(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, password, { mode: 0o600 });
  return password;
}
