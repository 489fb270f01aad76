import { z } from 'zod';

import { TOMBSTONE_KINDS } from '#app/adapters/db/tombstones.repository.server.ts';

const bytes = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
const instant = z.iso.datetime().transform((text) => new Date(text));
const shopId = z.number().int();
export const tombstoneKindSchema = z.enum(TOMBSTONE_KINDS);

/** One line of a file of tombstones. It names nobody: every id in it is a keyed hash or a pseudonym. */
const lineSchema = z.discriminatedUnion('is', [
  z.object({ is: z.literal('tombstones'), format: z.literal(1) }),
  /** Whose the lines are that follow; the hash tells whether a restored row of this number is the same shop. */
  z.object({ is: z.literal('shop'), shopId, domainHash: bytes }),
  z.object({
    is: z.literal('tombstone'),
    shopId,
    kind: tombstoneKindSchema,
    idHash: bytes,
    createdAt: instant,
  }),
  /** Of merges only those into somebody who was redacted since: the others come back with the next comparison. */
  z.object({ is: z.literal('merge'), shopId, removedHash: bytes, pseudonym: z.string().regex(/^-\d+$/), mergedAt: instant }),
  z.object({ is: z.literal('forgotten-shop'), domainHash: bytes, forgottenAt: instant }),
  z.object({ is: z.literal('end'), lines: z.number().int() }),
]);

export type TombstoneLine = z.infer<typeof lineSchema>;

/** The file is not ours, damaged or cut short. Nothing was done then. */
export class TombstoneFileError extends Error {
  override name = 'TombstoneFileError';
}

export function writeTombstoneLine(line: TombstoneLine): string {
  const asText = (_key: string, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value);
  return JSON.stringify(line, asText);
}

/** All lines of the file, whole or not at all. Throws TombstoneFileError. */
export async function readTombstoneLines(texts: AsyncIterable<string> | Iterable<string>): Promise<TombstoneLine[]> {
  const lines: TombstoneLine[] = [];
  for await (const text of texts) {
    if (text !== '') lines.push(readLine(text, lines.length + 1));
  }
  const [first, last] = [lines[0], lines.at(-1)];
  if (first?.is !== 'tombstones') throw new TombstoneFileError('This is no file of tombstones.');
  if (last?.is !== 'end' || last.lines !== lines.length) throw new TombstoneFileError('The file of tombstones is cut short.');
  return lines;
}

function readLine(text: string, number: number): TombstoneLine {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    throw new TombstoneFileError(`Line ${number} of the file of tombstones is not to be read.`);
  }
}
