import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROWS } from '#test/promises/rows.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

/*
 * The rows of test/promises at full size, one after the other, and the table of what was measured.
 *   npm run test:long -- --list          names the rows
 *   npm run test:long -- --row W2        runs one; several are parted by commas
 *   npm run test:long -- --seed 7        other chance than the usual
 */
const { values } = parseArgs({
  options: { list: { type: 'boolean' }, row: { type: 'string' }, seed: { type: 'string' } },
});

if (values.list) {
  for (const [id, { risk, pass }] of Object.entries(ROWS)) console.log(`${id.padEnd(4)} ${risk}: ${pass}`);
  process.exit(0);
}
const wanted = values.row?.split(',').map((id) => id.trim().toUpperCase()) ?? Object.keys(ROWS);
const unknown = wanted.filter((id) => !(id in ROWS));
if (unknown.length > 0 || (values.seed !== undefined && !/^\d+$/.test(values.seed))) {
  console.error(unknown.length > 0 ? `No row is called ${unknown.join(', ')}; --list names them.` : '--seed wants a whole number.');
  process.exit(2);
}
const files = readdirSync(join(PROJECT_DIR, 'test', 'promises'))
  .filter((name) => name.endsWith('.test.ts') && wanted.includes(name.split('-')[0]?.toUpperCase() ?? ''))
  .map((name) => `test/promises/${name}`);
const run = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=./test/promises/table-reporter.ts', ...files],
  {
    cwd: PROJECT_DIR,
    stdio: 'inherit',
    env: { ...process.env, PROMISE_SIZE: 'long', PROMISE_ROWS: wanted.join(','), ...(values.seed === undefined ? {} : { PROMISE_SEED: values.seed }) },
  },
);
process.exit(run.status ?? 1);
