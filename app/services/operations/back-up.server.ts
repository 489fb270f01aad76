import { existsSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { dumpDatabase } from '#app/adapters/backup/dump-database.server.ts';
import { encodeFrames, type DumpFrame } from '#app/adapters/backup/dump-frames.server.ts';
import { sealChunks } from '#app/adapters/backup/sealed-file.server.ts';
import type { EncryptionKey } from '#app/adapters/crypto/sealed-box.server.ts';
import type { Runtime } from '#app/runtime.server.ts';

interface BackUpOptions {
  ownerUrl: string;
  /** The active one of ENCRYPTION_KEYS. */
  key: EncryptionKey;
  runtime: Pick<Runtime, 'now' | 'randomBytes'>;
}

export interface BackupMade {
  asOf: string;
  tables: number;
  rows: number;
  bytes: number;
}

// The first steps of compression bring most of the gain, and the database should not wait for us.
const GZIP_LEVEL = 1;

/** Writes one encrypted file, whole or not at all, and never over another. */
export async function backUp({ ownerUrl, key, runtime }: BackUpOptions, file: string): Promise<BackupMade> {
  // The name at the end would replace what is there without a word.
  if (existsSync(file)) throw new Error(`${file} is there already: a backup is written over nothing.`);
  const draft = `${file}.part`;
  const target = await open(draft, 'wx', 0o600);
  const made: BackupMade = { asOf: '', tables: 0, rows: 0, bytes: 0 };
  try {
    const gzip = createGzip({ level: GZIP_LEVEL });
    await Promise.all([
      pipeline(Readable.from(encodeFrames(counted(dumpDatabase(ownerUrl), made))), gzip),
      pipeline(Readable.from(sealChunks(gzip, { key, runtime })), target.createWriteStream({ flush: true })),
    ]);
    await rename(draft, file);
  } catch (error) {
    await target.close().catch(() => {});
    await rm(draft, { force: true });
    throw error;
  }
  return { ...made, bytes: (await stat(file)).size };
}

async function* counted(frames: AsyncIterable<DumpFrame>, made: BackupMade): AsyncGenerator<DumpFrame> {
  for await (const frame of frames) {
    if (frame.is === 'begin') made.asOf = frame.value.asOf;
    if (frame.is === 'manifest') {
      made.tables = frame.value.tables.length;
      made.rows = frame.value.tables.reduce((sum, { rows }) => sum + rows, 0);
    }
    yield frame;
  }
}
