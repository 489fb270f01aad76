import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

/** The browser tests that the filters leave, as vitest would choose them: any filter that is part of the path. */
export function listBrowserTests(filters: string[]): string[] {
  const folder = join(PROJECT_DIR, 'test', 'e2e');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => relative(PROJECT_DIR, join(folder, name)))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)));
}
