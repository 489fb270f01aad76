import { ShopifyRecordError } from '#app/adapters/shopify/record-schemas.ts';
import type { ImportBatch, ImportSource, RefusedLine } from '#app/services/sync/import/import-source.server.ts';
import type { BulkObject } from '#app/services/sync/import/read-bulk-object.ts';

/** What was read and is not stored yet. */
export class PendingBatch {
  readonly rows: ImportBatch = { orders: [], lines: [], customers: [] };
  readonly refused: RefusedLine[] = [];
  readonly #source: ImportSource;
  #readable = 0;

  constructor(source: ImportSource) {
    this.#source = source;
  }

  get readable(): number {
    return this.#readable;
  }

  get size(): number {
    return this.#readable + this.refused.length;
  }

  add(number: number, object: BulkObject): void {
    if (object.kind === 'broken' || object.kind === 'no-object') {
      this.refused.push({ number, problem: object.problem });
      return;
    }
    try {
      const parentId = object.kind === 'child' ? object.parentId : null;
      this.#source.read({ number, parentId, content: object.content }, this.rows);
      this.#readable += 1;
    } catch (error) {
      if (!(error instanceof ShopifyRecordError)) throw error;
      this.refused.push({ number, problem: error.message });
    }
  }
}
