import { createReadStream } from 'node:fs';
import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { decodeFrames } from '#app/adapters/backup/dump-frames.server.ts';
import { restoreDatabase, type Restored } from '#app/adapters/backup/restore-database.server.ts';
import { BackupFileError, openChunks } from '#app/adapters/backup/sealed-file.server.ts';
import type { EncryptionKey } from '#app/adapters/crypto/sealed-box.server.ts';

interface RestoreOptions {
  ownerUrl: string;
  /** All of ENCRYPTION_KEYS: the file says which one it was sealed under. */
  keys: readonly EncryptionKey[];
}

/**
 * Fills an empty database from a file of `backUp`. Throws BackupFileError for a file that is not whole, and
 * UnfitTargetError for a database that may not be filled; nothing was done then.
 */
export async function restoreBackup({ ownerUrl, keys }: RestoreOptions, file: string): Promise<Restored> {
  const gunzip = createGunzip();
  // Whichever part fails, the reader below is told.
  pipeline(Readable.from(openChunks(createReadStream(file), keys)), gunzip, () => {});
  try {
    return await restoreDatabase(ownerUrl, decodeFrames(gunzip));
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw new BackupFileError('The rows of the backup cannot be unpacked.', { cause: error });
    }
    throw error;
  }
}
