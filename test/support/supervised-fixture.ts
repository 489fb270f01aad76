import { join } from 'node:path';
import { startEmbeddedPostgres } from './postgres.ts';
import { createSupervisor } from './processes.ts';

/**
 * A process for tests to kill: starts an embedded PostgreSQL and a child that has a child of its own, prints one
 * JSON line with what it started, and stays.
 */
const [dataDir] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('Usage: supervised-fixture.ts DATA_DIR');

const supervisor = createSupervisor(join(dataDir, 'processes.json'));
const server = await startEmbeddedPostgres({ dataDir, supervisor, durability: 'fast' });
const stay = 'setInterval(() => {}, 1e6)';
const parent = supervisor.start({
  name: 'parent',
  command: process.execPath,
  args: [
    '-e',
    `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stay)}]);
     require('node:fs').writeFileSync(process.env.GRANDCHILD_FILE, String(child.pid)); ${stay}`,
  ],
  logFile: join(dataDir, 'parent.log'),
  env: { ...process.env, GRANDCHILD_FILE: join(dataDir, 'grandchild') },
});
console.log(JSON.stringify({ ownerUrl: server.ownerUrl('postgres'), childPid: parent.pid }));
setInterval(() => {}, 1e6);
