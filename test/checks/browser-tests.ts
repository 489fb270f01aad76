import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

const IS_BROWSER_TEST = /^test\/(e2e\/.*|.*\.(browser|stack))\.test\.ts$/;

/**
 * The tests that need a build, and most of them a browser, that the filters leave, as vitest would choose them: any
 * filter that is part of the path.
 */
export function listBrowserTests(filters: string[]): string[] {
  return readdirSync(join(PROJECT_DIR, 'test'), { recursive: true, encoding: 'utf8' })
    .map((name) => join('test', name).replaceAll('\\', '/'))
    .filter((path) => IS_BROWSER_TEST.test(path))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)));
}
