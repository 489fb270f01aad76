import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { UnusableExportError } from './unusable-export.ts';

/** Bytes that tell what a file is; the longest signature below and a byte order mark fit. */
const HEAD_BYTES = 512;

const EXPORT_ADVICE = 'An orders export is a CSV file: in the Shopify admin, Orders, Export, Plain CSV file.';

const SIGNATURES: readonly (readonly [what: string, bytes: readonly number[]])[] = [
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG image', [0xff, 0xd8, 0xff]],
  ['a GIF image', [0x47, 0x49, 0x46, 0x38]],
  ['an image or a sound', [0x52, 0x49, 0x46, 0x46]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['a ZIP archive or an Excel workbook', [0x50, 0x4b, 0x03, 0x04]],
  ['an old Excel workbook', [0xd0, 0xcf, 0x11, 0xe0]],
  ['a 7-Zip archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['a Zstandard archive', [0x28, 0xb5, 0x2f, 0xfd]],
];

/**
 * The text of a CSV file, plain or gzipped, in UTF-8 or (as office programs save "Unicode text") UTF-16, without its
 * byte order mark. What the file is, its first bytes tell and not its name.
 *
 * @throws UnusableExportError for an image, a web page, an archive, and for a gzip file that is damaged
 */
export async function* readTextChunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const { head, chunks } = await peek(source);
  if (!isGzip(head)) {
    yield* decode(head, chunks);
    return;
  }
  const unzipped = await peek(gunzip(chunks));
  yield* decode(unzipped.head, unzipped.chunks);
}

interface Peeked {
  head: Uint8Array;
  /** All of them, the head too. */
  chunks: AsyncIterable<Uint8Array>;
}

async function peek(source: AsyncIterable<Uint8Array>): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* first;
      for (;;) {
        const next = await iterator.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(first).subarray(0, HEAD_BYTES), chunks: all() };
}

function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const compressed = Readable.from(chunks);
  const unzip = createGunzip({ chunkSize: 256 * 1024 });
  // `pipe` hands on the bytes and not the failure.
  compressed.on('error', (error) => unzip.destroy(error));
  try {
    for await (const chunk of compressed.pipe(unzip)) yield chunk;
  } catch (cause) {
    if (!isZlibFailure(cause)) throw cause;
    const what = cause.code === 'Z_BUF_ERROR' ? 'ends too early' : 'is damaged';
    throw new UnusableExportError(`The gzip file ${what}: not all of its orders are there. Fetch it again.`, { cause });
  } finally {
    compressed.destroy();
  }
}

function isZlibFailure(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}

async function* decode(head: Uint8Array, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  if (head.length === 0) throw new UnusableExportError('The file is empty.');
  const encoding = encodingOf(head);
  requireCsv(head, encoding);
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

function encodingOf(head: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function requireCsv(head: Uint8Array, encoding: string): void {
  const known = SIGNATURES.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte));
  const what = known === undefined ? describeText(head, encoding) : known[0];
  if (what !== null) throw new UnusableExportError(`The file is ${what}. ${EXPORT_ADVICE}`);
}

function describeText(head: Uint8Array, encoding: string): string | null {
  const text = new TextDecoder(encoding).decode(head).trimStart();
  if (encoding === 'utf-8' && head.includes(0)) return 'no text';
  if (text.startsWith('<')) return 'a web page or XML';
  if (text.startsWith('{') || text.startsWith('[')) return 'JSON';
  return null;
}
