import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_DIR } from './support/project-dir.ts';

/** Up to here migrations only ever ran on empty databases, so what they hold up held up nobody. */
const BASELINE = '20261121000500_offer_currency';

/** What squawk would have us do, and why we do not. */
const EXCLUDED: Record<string, string> = {
  'prefer-robust-stmts': 'A migration is sent whole (prisma.config.ts): all of it holds or nothing, so none is run half again.',
  'prefer-bigint-over-int': 'Counts of one shop, and the number of a shop, stay far below two thousand million.',
};

const folder = join(PROJECT_DIR, 'prisma', 'migrations');
const names = readdirSync(folder).filter((name) => /^\d/.test(name) && name > BASELINE);
const fileOf = (name: string) => join(folder, name, 'migration.sql');

describe('migrations that run beside the version before them', () => {
  it.each(names)('%s gives way to traffic and takes no longer than it may', (name) => {
    const sql = readFileSync(fileOf(name), 'utf8');
    expect(sql).toMatch(/^SET lock_timeout = '1s';\nSET statement_timeout = '\d+s';\n/);
  });

  // What a worker or a web process of the version before would fail on.
  it.each(names)('%s takes nothing away that the version before uses', (name) => {
    const sql = readFileSync(fileOf(name), 'utf8').replaceAll(/--.*$/gm, '');
    expect(sql).not.toMatch(/\b(DROP\s+(TABLE|COLUMN|FUNCTION|TYPE)|RENAME\s+(TO|COLUMN)|ALTER\s+COLUMN\s+\w+\s+(SET\s+NOT\s+NULL|TYPE))\b/i);
  });

  // A transaction that holds one table and waits for the next is what a deadlock with the app's own is made of.
  it.each(names)('%s locks one table at most that was there before', (name) => {
    const sql = readFileSync(fileOf(name), 'utf8').replaceAll(/--.*$/gm, '').replaceAll('"', '');
    const made = new Set([...sql.matchAll(/CREATE (?:UNLOGGED )?TABLE (\w+)/g)].map((match) => match[1]));
    const named = [...sql.matchAll(/(?:ALTER TABLE|REFERENCES|INDEX \w+ ON|^UPDATE|TRIGGER \w+ [\w ]+ ON) (\w+)/gm)].map((match) => match[1]);
    expect([...new Set(named.filter((table) => !made.has(table)))].length).toBeLessThanOrEqual(1);
  });

  it('are clean to squawk', () => {
    const words = ['--assume-in-transaction', '--reporter', 'gcc', '--exclude', Object.keys(EXCLUDED).join(','), ...names.map(fileOf)];
    const { status, stdout, stderr } = spawnSync(findSquawk(), words, { encoding: 'utf8' });
    expect({ status, found: `${stdout}${stderr}`.trim() }).toEqual({ status: 0, found: '' });
  });
});

/** The binary itself, without another Node in between. */
function findSquawk(): string {
  const require = createRequire(import.meta.url);
  const home = require.resolve(`@squawk-cli/${process.platform}-${process.arch}/package.json`);
  const bin = join(home, '..', 'bin', process.platform === 'win32' ? 'squawk.exe' : 'squawk');
  if (!existsSync(bin)) throw new Error(`no squawk at ${bin}`);
  return bin;
}
