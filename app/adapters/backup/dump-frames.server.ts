import { z } from 'zod';

import { ByteReader } from '#app/adapters/backup/byte-reader.server.ts';
import { BackupFileError } from '#app/adapters/backup/sealed-file.server.ts';

const beginSchema = z.object({
  /** The snapshot's moment: what was committed later is not in the file. */
  asOf: z.iso.datetime(),
  migrations: z.array(z.string()),
});
const tableSchema = z.object({ table: z.string(), columns: z.array(z.string()) });
const manifestSchema = z.object({
  tables: z.array(z.object({ table: z.string(), rows: z.number().int(), digest: z.string() })),
  /** Where each sequence stood, and which column takes its numbers. */
  sequences: z.array(z.object({ table: z.string(), column: z.string(), last: z.string() })),
});

export type DumpBegin = z.infer<typeof beginSchema>;
export type DumpTable = z.infer<typeof tableSchema>;
export type DumpManifest = z.infer<typeof manifestSchema>;

/** What a backup holds, in this order: begin, then for each table its name and its rows as COPY writes them, manifest. */
export type DumpFrame =
  | { is: 'begin'; value: DumpBegin }
  | { is: 'table'; value: DumpTable }
  | { is: 'rows'; value: Buffer }
  | { is: 'manifest'; value: DumpManifest };

const TYPES = { begin: 1, table: 2, rows: 3, manifest: 4 } as const;
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

export async function* encodeFrames(frames: AsyncIterable<DumpFrame>): AsyncGenerator<Buffer> {
  for await (const frame of frames) {
    const body = frame.is === 'rows' ? frame.value : Buffer.from(JSON.stringify(frame.value), 'utf8');
    const front = Buffer.alloc(5);
    front.writeUInt8(TYPES[frame.is]);
    front.writeUInt32BE(body.length, 1);
    yield front;
    yield body;
  }
}

/** Throws BackupFileError for what is no dump. */
export async function* decodeFrames(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<DumpFrame> {
  const reader = new ByteReader(bytes);
  for (let front = await reader.read(5); front !== null; front = await reader.read(5)) {
    const length = front.readUInt32BE(1);
    const body = length <= MAX_FRAME_BYTES ? await reader.read(length) : null;
    if (body === null) throw new BackupFileError('The rows of the backup are cut short.');
    yield decodeFrame(front.readUInt8(0), body);
  }
}

function decodeFrame(type: number, body: Buffer): DumpFrame {
  switch (type) {
    case TYPES.begin:
      return { is: 'begin', value: beginSchema.parse(JSON.parse(body.toString('utf8'))) };
    case TYPES.table:
      return { is: 'table', value: tableSchema.parse(JSON.parse(body.toString('utf8'))) };
    case TYPES.rows:
      return { is: 'rows', value: body };
    case TYPES.manifest:
      return { is: 'manifest', value: manifestSchema.parse(JSON.parse(body.toString('utf8'))) };
    default:
      throw new BackupFileError(`The backup has a part of kind ${type}, which this version does not know.`);
  }
}
