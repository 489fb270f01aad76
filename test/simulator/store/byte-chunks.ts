import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

async function* behind(first: Buffer, rest: AsyncIterator<unknown>): AsyncGenerator<Buffer> {
  yield first;
  for (let step = await rest.next(); step.done !== true; step = await rest.next()) yield bytesOf(step.value);
}

function bytesOf(chunk: unknown): Buffer {
  if (typeof chunk === 'string') return Buffer.from(chunk, 'utf8');
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw new TypeError('A stream of an orders export must carry bytes or text.');
}

/**
 * The text of a file or stream, gunzipped when its first bytes say gzip, whatever it is called; UTF-8, or UTF-16 with
 * a byte order mark, which is taken off. Rejects with the stream's error when the source cannot be read.
 */
export async function* readTextChunks(source: string | Readable): AsyncGenerator<string> {
  const raw = typeof source === 'string' ? createReadStream(source, { highWaterMark: 1 << 20 }) : source;
  const iterator: AsyncIterator<unknown> = raw[Symbol.asyncIterator]();
  const start = await iterator.next();
  if (start.done === true) return;
  const first = bytesOf(start.value);
  let bytes: AsyncIterable<unknown> = behind(first, iterator);
  if (first[0] === 0x1f && first[1] === 0x8b) {
    // The callback only keeps pipeline from throwing: a failure also ends the iteration below with its error.
    bytes = pipeline(Readable.from(bytes), createGunzip({ chunkSize: 1 << 18 }), () => undefined);
  }
  let decoder: TextDecoder | null = null;
  for await (const chunk of bytes) {
    const part = bytesOf(chunk);
    decoder ??= new TextDecoder(part[0] === 0xff && part[1] === 0xfe ? 'utf-16le' : 'utf-8');
    yield decoder.decode(part, { stream: true });
  }
  yield decoder?.decode() ?? '';
}
