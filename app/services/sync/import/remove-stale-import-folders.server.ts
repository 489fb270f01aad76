import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { IMPORT_FOLDER_PREFIX } from '#app/services/sync/import/with-bulk-file.server.ts';

const STALE_MS = 24 * 60 * 60 * 1000;

/**
 * Removes the files that a killed worker left behind: they hold orders. One that is a day old is nobody's any more.
 * What another worker removes meanwhile, or what belongs to another user of the machine, is passed over.
 * @returns how many folders went
 */
export async function removeStaleImportFolders(parent: string, now: Date): Promise<number> {
  let removed = 0;
  for (const name of await readdir(parent)) {
    if (!name.startsWith(IMPORT_FOLDER_PREFIX)) continue;
    try {
      const folder = join(parent, name);
      const { mtimeMs } = await stat(folder);
      if (now.getTime() - mtimeMs < STALE_MS) continue;
      await rm(folder, { recursive: true });
      removed += 1;
    } catch (error) {
      if (!isPassedOver(error)) throw error;
    }
  }
  return removed;
}

function isPassedOver(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'EPERM'].includes(String(error.code));
}
