import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';

import { z } from 'zod';

import { ByteReader } from '#app/adapters/backup/byte-reader.server.ts';
import type { EncryptionKey } from '#app/adapters/crypto/sealed-box.server.ts';
import type { Runtime } from '#app/runtime.server.ts';

/** The file is not ours, was changed, was cut short, or no key of ours opens it. */
export class BackupFileError extends Error {
  override name = 'BackupFileError';
}

const MAGIC = Buffer.from('PERENNIAL-BACKUP-1\n', 'ascii');
const CHUNK_BYTES = 1024 * 1024;
const MAX_HEADER_BYTES = 4_096;
const SALT_BYTES = 32;
const KEY_BYTES = 32;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;

const headerSchema = z.object({ keyId: z.string(), salt: z.base64(), madeAt: z.iso.datetime() });

/**
 * AES-256-GCM in chunks, under a key that is derived for this one file. The file begins with the id of the key that it
 * was derived from; every chunk is bound to that beginning, to its number and to whether it is the last one, so a file
 * that was cut, mended together from two or put into another order does not open.
 *
 * Layout: MAGIC, length of the header (4 bytes), header (JSON); then for each chunk the length of its ciphertext (4),
 * 1 for the last or 0, tag (16), ciphertext.
 */
export async function* sealChunks(
  plain: AsyncIterable<Uint8Array>,
  { key, runtime }: { key: EncryptionKey; runtime: Pick<Runtime, 'randomBytes' | 'now'> },
): AsyncGenerator<Buffer> {
  const salt = Buffer.from(runtime.randomBytes(SALT_BYTES));
  const json = Buffer.from(JSON.stringify({ keyId: key.id, salt: salt.toString('base64'), madeAt: runtime.now().toISOString() }));
  const header = Buffer.concat([MAGIC, uint32(json.length), json]);
  yield header;
  const chunks = new ChunkCipher(key.key, salt, header);
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const piece of plain) {
    held.push(Buffer.from(piece));
    heldBytes += piece.byteLength;
    if (heldBytes < CHUNK_BYTES) continue;
    yield chunks.seal(Buffer.concat(held), false);
    held = [];
    heldBytes = 0;
  }
  yield chunks.seal(Buffer.concat(held), true);
}

/** Throws BackupFileError, at the latest at the end: nothing that was read counts before that. */
export async function* openChunks(sealed: AsyncIterable<Uint8Array>, keys: readonly EncryptionKey[]): AsyncGenerator<Buffer> {
  const reader = new ByteReader(sealed);
  const start = await reader.read(MAGIC.length + 4);
  if (!start || !start.subarray(0, MAGIC.length).equals(MAGIC)) throw new BackupFileError('This is no backup of Perennial.');
  const length = start.readUInt32BE(MAGIC.length);
  const json = length <= MAX_HEADER_BYTES ? await reader.read(length) : null;
  const header = readHeader(json);
  const key = keys.find(({ id }) => id === header.keyId);
  if (!key) throw new BackupFileError(`The backup was sealed under key ${header.keyId}, which ENCRYPTION_KEYS does not have.`);
  const chunks = new ChunkCipher(key.key, Buffer.from(header.salt, 'base64'), Buffer.concat([start, json ?? Buffer.alloc(0)]));
  for (let isLast = false; !isLast; ) {
    const front = await reader.read(4 + 1 + TAG_BYTES);
    const body = front && (await reader.read(checkedLength(front.readUInt32BE(0))));
    if (!front || !body) throw new BackupFileError('The backup is cut short.');
    isLast = front[4] === 1;
    yield chunks.open(body, front.subarray(5), isLast);
  }
  if (await reader.read(1)) throw new BackupFileError('The backup goes on after its end.');
}

function readHeader(json: Buffer | null): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse((json ?? Buffer.alloc(0)).toString('utf8')));
  } catch (cause) {
    throw new BackupFileError('The beginning of the backup cannot be read.', { cause });
  }
}

function checkedLength(bytes: number): number {
  // A piece of the source may have been added to an almost full chunk; zlib's pieces are far below one.
  if (bytes > 2 * CHUNK_BYTES) throw new BackupFileError('A chunk of the backup is longer than any that we write.');
  return bytes;
}

class ChunkCipher {
  readonly #key: Buffer;
  readonly #binding: Buffer;
  #number = 0n;

  constructor(rootKey: Buffer, salt: Buffer, header: Buffer) {
    this.#key = Buffer.from(hkdfSync('sha256', rootKey, salt, 'perennial:backup', KEY_BYTES));
    this.#binding = createHash('sha256').update(header).digest();
  }

  seal(plain: Buffer, isLast: boolean): Buffer {
    const { nonce, facts } = this.#next(isLast);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(facts);
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([uint32(body.length), Buffer.of(isLast ? 1 : 0), cipher.getAuthTag(), body]);
  }

  open(body: Buffer, tag: Buffer, isLast: boolean): Buffer {
    const { nonce, facts } = this.#next(isLast);
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES }).setAAD(facts);
      decipher.setAuthTag(tag);
      return Buffer.concat([decipher.update(body), decipher.final()]);
    } catch (cause) {
      throw new BackupFileError(`Chunk ${this.#number} of the backup was changed, or is out of its place.`, { cause });
    }
  }

  /** No key serves two files, so a counter never makes a nonce serve twice. */
  #next(isLast: boolean): { nonce: Buffer; facts: Buffer } {
    this.#number += 1n;
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeBigUInt64BE(this.#number, NONCE_BYTES - 8);
    return { nonce, facts: Buffer.concat([this.#binding, nonce, Buffer.of(isLast ? 1 : 0)]) };
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
