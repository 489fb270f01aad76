import { moveImportBookmark } from '#app/adapters/db/imports.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { ShopifyRecordError } from '#app/adapters/shopify/parse-order.ts';
import { readJsonLines, type JsonLine } from '#app/adapters/shopify/read-json-lines.server.ts';
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
// How a child differs from a root without parsing it: inside a string the closing quote would carry a backslash.
const PARENT_KEY = '"__parentId":';

export type FileOutcome =
  | { kind: 'stored'; lines: number; isCut: boolean; firstProblems: string[] }
  /** The import was cancelled, or another worker has taken it up. */
  | { kind: 'left' };

export async function storeBulkFile(context: ShopContext, pull: Import, file: string): Promise<FileOutcome> {
  const { passes } = importSourceOf(pull.resource);
  const firstProblems: string[] = [];
  let bookmark = { pass: pull.pass, line: pull.line };
  let lines = 0;
  let last: JsonLine | undefined;
  for (const [index, pass] of passes.entries()) {
    lines = 0;
    const batch = new PendingBatch(pass, firstProblems);
    const commit = async (): Promise<boolean> => {
      const next = { pass: index, line: lines };
      const counts = { storedObjects: batch.stored, rejectedObjects: batch.rejected };
      const isOurs = await withTenantConnection(context.pool, context.shop, async (connection) => {
        // First, because it makes redactions and webhooks of this shop wait: the tombstones are then the latest.
        const move = { importId: pull.importId, from: bookmark, to: next, ...counts };
        if (!(await moveImportBookmark(connection, context.shop, move))) return false;
        const tombstones = await Tombstones.loadOn(connection, context.sealedBox, context.shop);
        await pass.store({ context, connection, importId: pull.importId, tombstones }, batch.rows);
        return true;
      });
      bookmark = next;
      batch.clear();
      return isOurs;
    };
    for await (const line of readJsonLines(file)) {
      lines += 1;
      last = line;
      if (index < pull.pass || (index === pull.pass && lines <= pull.line)) continue;
      batch.add(line);
      if (batch.size >= BATCH_OBJECTS && !(await commit())) return { kind: 'left' };
    }
    if (index >= pull.pass && !(await commit())) return { kind: 'left' };
  }
  return { kind: 'stored', lines, isCut: last !== undefined && isCutOff(last), firstProblems };
}

/** The number of lines does not tell when the file ends within its last one. */
function isCutOff(last: JsonLine): boolean {
  return !last.isWhole && (last.problem !== null || !isJson(last.text));
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

  add({ number, text, problem }: JsonLine): void {
    const isChild = text.includes(PARENT_KEY);
    if (isChild !== (this.#pass.reads === 'children')) return;
    try {
      if (problem !== null) throw new ShopifyRecordError(problem);
      this.#pass.prepare(readObject(text))(this.rows);
      this.stored += 1;
    } catch (error) {
      if (!(error instanceof ShopifyRecordError)) throw error;
      this.rejected += 1;
      if (this.#firstProblems.length < MAX_PROBLEMS_KEPT) this.#firstProblems.push(`line ${number}: ${error.message}`);
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

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
