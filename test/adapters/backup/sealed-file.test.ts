import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { BackupFileError, openChunks, sealChunks } from '#app/adapters/backup/sealed-file.server.ts';

const KEY = { id: 'k1', key: Buffer.alloc(32, 7) };
const OTHER = { id: 'k2', key: Buffer.alloc(32, 8) };
const PLAIN = Buffer.alloc(2_500_000, 'canary of nobody ');

async function* piecesOf(bytes: Buffer, size = 65_536): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function seal(plain: Buffer, key = KEY): Promise<Buffer[]> {
  const runtime = { now: () => new Date('2026-11-22T00:00:00Z'), randomBytes: (length: number) => new Uint8Array(randomBytes(length)) };
  const parts: Buffer[] = [];
  for await (const part of sealChunks(piecesOf(plain), { key, runtime })) parts.push(part);
  return parts;
}

async function unseal(sealed: Buffer, keys = [KEY]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of openChunks(piecesOf(sealed, 1_000), keys)) parts.push(part);
  return Buffer.concat(parts);
}

/** A chunk whose mark says that it is the last, or that it is not. */
function marked(chunk: Buffer, mark: 0 | 1): Buffer {
  const other = Buffer.from(chunk);
  other[4] = mark;
  return other;
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a sealed file', () => {
  it.each([0, 1, 1024 * 1024, PLAIN.length])('opens as it was, %i bytes of it', async (length) => {
    const plain = PLAIN.subarray(0, length);
    const sealed = Buffer.concat(await seal(plain));
    expect(digest(await unseal(sealed, [OTHER, KEY]))).toBe(digest(plain));
    expect(sealed.includes('canary')).toBe(false);
  });

  it('never seals twice alike', async () => {
    const [first, second] = [Buffer.concat(await seal(PLAIN)), Buffer.concat(await seal(PLAIN))];
    expect(first.subarray(-100).equals(second.subarray(-100))).toBe(false);
  });

  it('refuses each byte that was changed', async () => {
    const sealed = Buffer.concat(await seal(Buffer.from('a little')));
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(unseal(changed), `byte ${at}`).rejects.toThrow(BackupFileError);
    }
  });

  it('refuses to be cut, anywhere', async () => {
    const parts = await seal(PLAIN);
    for (let kept = 0; kept < parts.length; kept += 1) {
      await expect(unseal(Buffer.concat(parts.slice(0, kept))), `${kept} parts`).rejects.toThrow(BackupFileError);
    }
    await expect(unseal(Buffer.concat(parts).subarray(0, -1))).rejects.toThrow('cut short');
  });

  it('refuses an end that was moved ahead, over what was cut off, or that was taken away', async () => {
    const [header = Buffer.alloc(0), ...chunks] = await seal(PLAIN);
    expect(chunks).toHaveLength(3);
    for (let kept = 1; kept < chunks.length; kept += 1) {
      const cut = chunks.slice(0, kept).map((chunk, at) => (at === kept - 1 ? marked(chunk, 1) : chunk));
      await expect(unseal(Buffer.concat([header, ...cut])), `${kept} chunks`).rejects.toThrow(`Chunk ${kept} of the backup was changed, or is out of its place.`);
    }
    const endless = chunks.map((chunk) => marked(chunk, 0));
    await expect(unseal(Buffer.concat([header, ...endless]))).rejects.toThrow('Chunk 3 of the backup was changed, or is out of its place.');
  });

  it('refuses chunks in another order, doubled, left out, of another file, or after the end', async () => {
    const [header = Buffer.alloc(0), ...chunks] = await seal(PLAIN);
    const [a = header, b = header, last = header] = chunks;
    const [, foreign = header] = await seal(PLAIN);
    expect(chunks).toHaveLength(3);
    for (const wrong of [[b, a, last], [a, a, b, last], [a, last], [foreign, b, last], [a, b, last, a], [last]]) {
      await expect(unseal(Buffer.concat([header, ...wrong]))).rejects.toThrow(BackupFileError);
    }
  });

  it('names the key that it needs', async () => {
    await expect(unseal(Buffer.concat(await seal(PLAIN)), [OTHER])).rejects.toThrow('sealed under key k1');
    const impostor = { id: 'k1', key: OTHER.key };
    await expect(unseal(Buffer.concat(await seal(PLAIN)), [impostor])).rejects.toThrow('Chunk 1 of the backup was changed');
  });
});
