import { mkdtemp, mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { removeStaleImportFolders } from '#app/services/sync/import/remove-stale-import-folders.server.ts';

const NOW = new Date('2026-11-21T12:00:00.000Z');
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 60 * 60 * 1000);

it('removes files of pulls that a killed worker left a day ago, and nothing else', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'stale-folders-'));
  try {
    for (const [name, hours] of [['perennial-import-old', 25], ['perennial-import-new', 23], ['somebody-elses', 99]] as const) {
      await mkdir(join(parent, name));
      await writeFile(join(parent, name, 'bulk.jsonl'), '{}');
      await utimes(join(parent, name), hoursAgo(hours), hoursAgo(hours));
    }
    expect(await removeStaleImportFolders(parent, NOW)).toBe(1);
    expect((await readdir(parent)).sort()).toEqual(['perennial-import-new', 'somebody-elses']);
  } finally {
    await rm(parent, { recursive: true });
  }
});
