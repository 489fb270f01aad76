import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { guardedFetch, RefusedAddressError, TooLargeAnswerError } from '#app/adapters/http/guarded-fetch.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export const IMPORT_FOLDER_PREFIX = 'perennial-import-';
// A million orders are some 2.5 GB; ten times that is no history any more, and would fill the disk.
const FILE_LIMITS = { deadlineMs: 10 * 60 * 1000, maxBytes: 25 * 1024 ** 3 };
const SWEEP_BYTES = 2 * 1024 ** 2;

/**
 * Downloads the file of a bulk operation for as long as `work` takes. Answers `gone` when the address does not give it,
 * and will not. Throws ShopifyUnavailableError.
 */
export async function withBulkFile<T>(
  context: Pick<ShopContext, 'fetch'>,
  url: string,
  work: (file: string) => Promise<T>,
): Promise<T | { kind: 'gone' }> {
  const folder = await mkdtemp(join(tmpdir(), IMPORT_FOLDER_PREFIX));
  try {
    const file = join(folder, 'bulk.jsonl');
    return (await download(context, url, file)) ? await work(file) : { kind: 'gone' };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** False when the address is refused: by whoever is there, because it has expired, or by us. */
async function download({ fetch }: Pick<ShopContext, 'fetch'>, url: string, file: string): Promise<boolean> {
  try {
    const response = await guardedFetch(fetch, url, FILE_LIMITS);
    if (response.status >= 400 && response.status < 500 && response.status !== 429) return false;
    if (!response.ok || !response.body) throw new Error(`The file answered ${response.status}`);
    await pipeline(Readable.from(sweptBehind(response.body)), createWriteStream(file, { mode: 0o600 }));
    return true;
  } catch (cause) {
    // Neither would be otherwise the next time.
    if (cause instanceof RefusedAddressError || cause instanceof TooLargeAnswerError) return false;
    throw new ShopifyUnavailableError('The file of the bulk operation did not arrive whole', { cause });
  }
}

/**
 * Each piece comes in buffers outside the heap that nothing needs once it is written. Left to itself V8 lets 64 MB of
 * them gather before it looks, and what they took mostly stays with the process. Without `--expose-gc` it is left to itself.
 */
async function* sweptBehind(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of body) {
    yield piece;
    bytes += piece.byteLength;
    if (bytes < SWEEP_BYTES) continue;
    bytes = 0;
    globalThis.gc?.({ type: 'minor' });
  }
}
