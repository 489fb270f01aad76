import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { NEWEST_MIGRATION } from '#app/adapters/db/expected-migration.server.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

it('expects the newest migration that there is', () => {
  const names = readdirSync(join(PROJECT_DIR, 'prisma', 'migrations')).filter((name) => /^\d/.test(name));
  expect(NEWEST_MIGRATION).toBe(names.sort().at(-1));
});
