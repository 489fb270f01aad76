import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { moveImportBookmark } from '#app/adapters/db/imports.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { ShopifyRecordError } from '#app/adapters/shopify/order-record.ts';
import type { Import } from '#app/generated/prisma/client.ts';
import {
  importSourceOf,
  type ImportBatch,
  type ImportedObject,
  type ImportPass,
} from '#app/services/sync/import/import-source.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// Rows a transaction: enough that COPY pays, few enough that progress is seen and a kill costs little.
const BATCH_OBJECTS = 2_000;
const MAX_PROBLEMS_KEPT = 20;
const DOWNLOAD_DEADLINE_MS = 10 * 60 * 1000;
// How a child differs from a root without parsing it: inside a string the closing quote would carry a backslash.
const PARENT_KEY = '"__parentId":';

export type StoreOutcome =
  | { kind: 'stored'; lines: number; firstProblems: string[] }
  | { kind: 'cancelled' };

/**
 * Downloads the file of a bulk operation and stores it batch by batch from the import's bookmark on. A line that cannot
 * be read is counted and named, and the rest goes on.
 */
export async function storeImportFile(context: ShopContext, pull: Import, url: string): Promise<StoreOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'perennial-import-'));
  try {
    const file = join(folder, 'bulk.jsonl');
    await download(url, file);
    return await storeFile(context, pull, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function download(url: string, file: string): Promise<void> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_DEADLINE_MS), redirect: 'error' });
    if (!response.ok || !response.body) throw new Error(`The file answered ${response.status}`);
    await pipeline(Readable.from(response.body), createWriteStream(file, { mode: 0o600 }));
  } catch (cause) {
    throw new ShopifyUnavailableError('The file of the bulk operation did not arrive whole', { cause });
  }
}

async function storeFile(context: ShopContext, pull: Import, file: string): Promise<StoreOutcome> {
  const { passes } = importSourceOf(pull.resource);
  const tombstones = await context.inShop((db) => Tombstones.load(db, context.sealedBox, context.shop));
  const firstProblems: string[] = [];
  let lines = 0;
  for (const [index, pass] of passes.entries()) {
    lines = 0;
    const batch = new PendingBatch(pass, firstProblems);
    const commit = () =>
      withTenantConnection(context.pool, context.shop, async (connection) => {
        await pass.store({ context, connection, importId: pull.importId, tombstones }, batch.rows);
        const bookmark = { pass: index, line: lines, storedObjects: batch.stored, rejectedObjects: batch.rejected };
        const isWanted = await moveImportBookmark(connection, context.shop, pull.importId, bookmark);
        if (!isWanted) throw new ImportCancelled();
      });
    try {
      for await (const line of readLines(file)) {
        lines += 1;
        if (index < pull.pass || (index === pull.pass && lines <= pull.line)) continue;
        batch.add(line, lines);
        if (batch.size < BATCH_OBJECTS) continue;
        await commit();
        batch.clear();
      }
      if (index >= pull.pass) await commit();
    } catch (error) {
      if (error instanceof ImportCancelled) return { kind: 'cancelled' };
      throw error;
    }
  }
  return { kind: 'stored', lines, firstProblems };
}

/** Rolls the batch back that was under way when the import was cancelled. */
class ImportCancelled extends Error {
  override name = 'ImportCancelled';
}

class PendingBatch {
  rows: ImportBatch = emptyRows();
  stored = 0;
  rejected = 0;
  readonly #pass: ImportPass;
  readonly #firstProblems: string[];

  constructor(pass: ImportPass, firstProblems: string[]) {
    this.#pass = pass;
    this.#firstProblems = firstProblems;
  }

  get size(): number {
    return this.stored + this.rejected;
  }

  add(line: string, lineNumber: number): void {
    const isChild = line.includes(PARENT_KEY);
    if (isChild !== (this.#pass.reads === 'children')) return;
    try {
      this.#pass.prepare(readObject(line))(this.rows);
      this.stored += 1;
    } catch (error) {
      if (!(error instanceof ShopifyRecordError)) throw error;
      this.rejected += 1;
      if (this.#firstProblems.length < MAX_PROBLEMS_KEPT) this.#firstProblems.push(`line ${lineNumber}: ${error.message}`);
    }
  }

  clear(): void {
    this.rows = emptyRows();
    this.stored = 0;
    this.rejected = 0;
  }
}

function emptyRows(): ImportBatch {
  return { orders: [], lines: [], customers: [] };
}

function readObject(line: string): ImportedObject {
  let body: unknown;
  try {
    body = JSON.parse(line);
  } catch (cause) {
    throw new ShopifyRecordError('not JSON', { cause });
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new ShopifyRecordError('not an object');
  const fields = Object.fromEntries(Object.entries(body));
  return { body: fields, parentId: typeof fields.__parentId === 'string' ? fields.__parentId : null };
}

async function* readLines(file: string): AsyncGenerator<string> {
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) if (line !== '') yield line;
}
