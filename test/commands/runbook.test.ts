import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { INVARIANT_RULES } from '#app/adapters/db/checks/invariant-rules.ts';
import { LEDGER_RULES } from '#app/adapters/db/checks/ledger-rules.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

const read = (...path: string[]) => readFileSync(join(PROJECT_DIR, ...path), 'utf8');

it('the runbook says what to do about everything that `check` may find in a shop', () => {
  const [, section = ''] = read('app', 'commands', 'RUNBOOK.md').split('## What `check` says\n');
  const cells = (section.split('\n## ')[0] ?? '').split('\n').map((line) => line.split('|')[1] ?? '');
  const known = cells.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)…?`/g)].map((match) => match[1] ?? ''));
  const inCode = ['invariants.server.ts', 'check-ledger.server.ts'].map((file) => read('app', 'adapters', 'db', 'checks', file)).join('\n');
  const codes = [...Object.keys({ ...INVARIANT_RULES, ...LEDGER_RULES }), ...[...inCode.matchAll(/code: '([a-z-]+)'/g)].map((match) => match[1] ?? '')];
  expect(codes.length).toBeGreaterThan(45);
  expect(codes.filter((code) => !known.some((beginning) => code.startsWith(beginning)))).toEqual([]);
});

it('the runbook names commands that there are', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const documents = [read('app', 'commands', 'RUNBOOK.md'), read('README.md'), read('CONTRIBUTING.md')].join('\n');
  const named = [...documents.matchAll(/npm run (?:--silent )?([a-z][a-z:-]+)/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
