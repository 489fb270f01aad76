import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import type { Import } from '#app/generated/prisma/client.ts';
import { storeBulkFile, type FileOutcome } from '#app/services/sync/import/store-bulk-file.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export const IMPORT_FOLDER_PREFIX = 'perennial-import-';
const DOWNLOAD_DEADLINE_MS = 10 * 60 * 1000;

/** `gone`: the address does not give the file, and will not. */
export type StoreOutcome = FileOutcome | { kind: 'gone' };

/**
 * Downloads the file of a bulk operation and stores it batch by batch from the import's bookmark on. A line that cannot
 * be read is counted and named, and the rest goes on.
 */
export async function storeImportFile(context: ShopContext, pull: Import, url: string): Promise<StoreOutcome> {
  const folder = await mkdtemp(join(tmpdir(), IMPORT_FOLDER_PREFIX));
  try {
    const file = join(folder, 'bulk.jsonl');
    return (await download(context, url, file)) ? await storeBulkFile(context, pull, file) : { kind: 'gone' };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** False when the address is refused: it has expired. */
async function download({ fetch }: ShopContext, url: string, file: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_DEADLINE_MS), redirect: 'error' });
    if (response.status >= 400 && response.status < 500 && response.status !== 429) return false;
    if (!response.ok || !response.body) throw new Error(`The file answered ${response.status}`);
    await pipeline(Readable.from(response.body), createWriteStream(file, { mode: 0o600 }));
    return true;
  } catch (cause) {
    throw new ShopifyUnavailableError('The file of the bulk operation did not arrive whole', { cause });
  }
}

