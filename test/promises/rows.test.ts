import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { ROWS } from './rows.ts';

it('every row has a test, and every test of the folder a row', () => {
  const tests = readdirSync(join(PROJECT_DIR, 'test', 'promises')).filter((name) => name.endsWith('.test.ts') && name !== 'rows.test.ts');
  const tested = new Set(tests.map((name) => name.split('-')[0]?.toUpperCase()));
  expect([...tested].sort()).toEqual(Object.keys(ROWS).sort());
});
