import { moveImportBookmark, refuseStoredObjects, type ImportBookmark } from '#app/adapters/db/imports.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { readJsonLines } from '#app/adapters/shopify/read-json-lines.server.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { Import } from '#app/generated/prisma/client.ts';
import { importSourceOf, type ImportSource } from '#app/services/sync/import/import-source.server.ts';
import { PendingBatch } from '#app/services/sync/import/pending-batch.ts';
import { readBulkObject } from '#app/services/sync/import/read-bulk-object.ts';
import { RecentParents } from '#app/services/sync/import/recent-parents.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// Objects a transaction: enough that COPY pays, few enough that progress is seen and a kill costs little.
const BATCH_OBJECTS = 6_000;
/** One is saved while the next is brought. */
const MAX_UNDER_WAY = 2;
const MAX_PROBLEMS_KEPT = 20;

/**
 * Shopify promises no order of the lines. In the first pass come the roots and each child that has its parent shortly
 * before it, which is nearly every one; the second brings the other children, and is skipped where there are none.
 */
const NEAR_PASS = 0;
const FAR_PASS = 1;

export type FileOutcome =
  | { kind: 'stored'; lines: number; isCut: boolean }
  /** The import was cancelled, or another worker has taken it up. */
  | { kind: 'left' };

/**
 * Stores the file of a bulk operation batch by batch from the import's bookmark on. A line that cannot be read is
 * counted and named, and the rest goes on. Which pass a line belongs to is a matter of the file alone, so that an import
 * that was interrupted goes on exactly where it was.
 */
export async function storeBulkFile(
  context: Pick<ShopContext, 'pool' | 'shop' | 'sealedBox'>,
  pull: Import,
  file: string,
): Promise<FileOutcome> {
  const storing = new BatchStore(context, pull);
  const near = pull.pass === NEAR_PASS ? await storePass(storing, file, NEAR_PASS) : null;
  if (near === 'left') return { kind: 'left' };
  if (near !== null && near.farChildren === 0) return { kind: 'stored', ...near };
  const far = await storePass(storing, file, FAR_PASS);
  return far === 'left' ? { kind: 'left' } : { kind: 'stored', ...far };
}

interface PassOutcome {
  lines: number;
  /** The number of lines does not tell when the file ends within its last one. */
  isCut: boolean;
  farChildren: number;
}

async function storePass(storing: BatchStore, file: string, pass: number): Promise<PassOutcome | 'left'> {
  const outcome: PassOutcome = { lines: 0, isCut: false, farChildren: 0 };
  const parents = new RecentParents();
  const startsAfter = storing.bookmark.pass === pass ? storing.bookmark.line : 0;
  let batch = new PendingBatch(storing.source);
  try {
    for await (const line of readJsonLines(file)) {
      outcome.lines += 1;
      const object = readBulkObject(line, storing.source.scan);
      outcome.isCut = !line.isWhole && object.kind === 'broken';
      const isFar = object.kind === 'child' && !parents.has(object.parentId);
      if (isFar) outcome.farChildren += 1;
      if (object.kind === 'root') parents.add(object.id);
      if (isFar !== (pass === FAR_PASS) || outcome.lines <= startsAfter) continue;
      batch.add(line.number, object);
      if (batch.size < BATCH_OBJECTS) continue;
      if (!(await storing.hasRoom())) return 'left';
      storing.begin(batch, { pass, line: outcome.lines });
      batch = new PendingBatch(storing.source);
    }
    if (!(await storing.hasRoom())) return 'left';
    storing.begin(batch, { pass, line: outcome.lines });
    return (await storing.isDone()) ? outcome : 'left';
  } finally {
    await storing.settle();
  }
}

/**
 * Stores each batch in a transaction of its own that moves the bookmark, one after the other. While one is saved the next
 * is brought to the database and the one after that is read, so that Node and PostgreSQL both always have work.
 */
class BatchStore {
  readonly source: ImportSource;
  readonly #context: Pick<ShopContext, 'pool' | 'shop' | 'sealedBox'>;
  readonly #importId: string;
  #bookmark: ImportBookmark;
  #problemsKept: number;
  #hasTombstones = false;
  #underWay: Promise<boolean>[] = [];

  constructor(context: Pick<ShopContext, 'pool' | 'shop' | 'sealedBox'>, pull: Import) {
    this.#context = context;
    this.source = importSourceOf(pull.resource);
    this.#importId = pull.importId;
    this.#bookmark = { pass: pull.pass, line: pull.line };
    this.#problemsKept = pull.errorDetail === null ? 0 : pull.errorDetail.split('\n').length;
  }

  /** Up to where everything is stored, or on its way. */
  get bookmark(): ImportBookmark {
    return this.#bookmark;
  }

  /** Waits until another batch may begin; false when the import is no longer ours. */
  async hasRoom(): Promise<boolean> {
    return this.#underWay.length < MAX_UNDER_WAY || (await this.#underWay.shift()) === true;
  }

  async isDone(): Promise<boolean> {
    return (await Promise.all(this.#underWay)).every(Boolean);
  }

  /** Whatever becomes of them. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  begin(batch: PendingBatch, to: ImportBookmark): void {
    const running = this.#store(batch, { from: this.#bookmark, to, previous: this.#underWay.at(-1) ?? Promise.resolve(true) });
    // Who awaits it hears of the error; until then it must not count as one that nobody handles.
    running.catch(() => {});
    this.#underWay.push(running);
    this.#bookmark = to;
  }

  async #store(
    batch: PendingBatch,
    { from, to, previous }: { from: ImportBookmark; to: ImportBookmark; previous: Promise<boolean> },
  ): Promise<boolean> {
    const { pool, shop, sealedBox } = this.#context;
    const importId = this.#importId;
    const kept = await withTenantConnection(pool, shop, async (connection) => {
      const target = { context: { sealedBox, shop }, connection, importId };
      // Most shops keep nobody away: their rows can be brought before it is known.
      const early = this.#hasTombstones ? null : await this.source.stage(target, batch.rows, null);
      if (!(await previous)) return null;
      const room = MAX_PROBLEMS_KEPT - this.#problemsKept;
      const problems = batch.refused.slice(0, room).map(describe);
      const counts = { storedObjects: batch.readable, refusedObjects: batch.refused.length, problems };
      // Before the tombstones, because it makes redactions and webhooks of this shop wait: they are then the latest.
      if (!(await moveImportBookmark(connection, shop, { importId, from, to, ...counts }))) return null;
      const tombstones = await Tombstones.loadOn(connection, sealedBox, shop);
      this.#hasTombstones = !tombstones.isEmpty;
      const save = early !== null && tombstones.isEmpty ? early : await this.source.stage(target, batch.rows, tombstones);
      const lost = await save();
      const lostProblems = lost.slice(0, room - problems.length).map(describe);
      if (lost.length > 0) await refuseStoredObjects(connection, shop, { importId, objects: lost.length, problems: lostProblems });
      await failpoint('import-inside-batch');
      return problems.length + lostProblems.length;
    });
    if (kept === null) return false;
    this.#problemsKept += kept;
    await failpoint('import-after-batch');
    return true;
  }
}

function describe({ number, problem }: { number: number; problem: string }): string {
  return `line ${number}: ${problem}`;
}
