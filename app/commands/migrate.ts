import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

// Migrations run as the owner of the tables, whom web and worker must not be.
const ownerUrl = process.env.DATABASE_OWNER_URL;
if (!ownerUrl) {
  console.error('DATABASE_OWNER_URL is missing: the address of the database as the owner of its tables.');
  process.exit(1);
}
const prismaCli = createRequire(import.meta.url).resolve('prisma/build/index.js');
const result = spawnSync(process.execPath, [prismaCli, 'migrate', 'deploy'], {
  env: { ...process.env, DATABASE_OWNER_URL: ownerUrl, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  encoding: 'utf8',
});
if (result.status !== 0) {
  console.error(`The migration failed.\n${result.stdout}${result.stderr}`);
  process.exit(1);
}
console.log(result.stdout.includes('No pending migrations') ? 'Nothing to migrate.' : 'Migrated.');
