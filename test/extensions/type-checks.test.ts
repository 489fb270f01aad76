import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { readExtensions } from '#test/simulator/storefront/extension-catalogue.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

const FOLDER = join(PROJECT_DIR, 'extensions');

it('every extension with code of its own is type-checked by itself', async () => {
  const references = [...readFileSync(join(FOLDER, 'tsconfig.json'), 'utf8').matchAll(/"path": "(.+)"/g)].map(([, path = '']) => join(FOLDER, path));
  const extensions = (await readExtensions(FOLDER)).map(({ folder }) => folder);
  expect(references).toEqual([...extensions].sort());
  for (const folder of references) expect(readdirSync(folder)).toContain('tsconfig.json');
});
