import type { Journal } from './journal.ts';
import type { ShopStore } from './shop-store.ts';
import type { SimRedeemCode } from './state.ts';

export interface CodeBatchEntry {
  code: string;
  /** Set once the code exists. */
  codeId: number | null;
  errors: string[];
}

/** One `discountRedeemCodeBulkAdd`: accepted at once, carried out a moment later, polled until done. */
export interface CodeBatch {
  id: number;
  shop: string;
  discountId: number;
  createdAt: string;
  done: boolean;
  entries: CodeBatchEntry[];
}

const maxCodeLength = 255;

export interface CodeBatchOptions {
  journal: Journal | null;
  now(): Date;
  /** How long Shopify takes before the codes exist. */
  delayMs: number;
}

export class CodeBatches {
  readonly #options: CodeBatchOptions;
  readonly #batches = new Map<number, CodeBatch>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #whenCarriedOut: (() => void)[] = [];

  constructor(options: CodeBatchOptions) {
    this.#options = options;
  }

  find(id: number | null): CodeBatch | null {
    return id === null ? null : this.#batches.get(id) ?? null;
  }

  start(store: ShopStore, discountId: number, codes: readonly string[]): CodeBatch {
    const batch: CodeBatch = {
      id: store.nextId(),
      shop: store.domain,
      discountId,
      createdAt: this.#options.now().toISOString(),
      done: false,
      entries: codes.map((code) => ({ code, codeId: null, errors: [] })),
    };
    this.#save(batch);
    this.#finishLater(batch.id, store);
    return batch;
  }

  restore(batch: CodeBatch): void {
    this.#batches.set(batch.id, batch);
  }

  /** After a restart: batches that were accepted are carried out. */
  resume(storeOf: (shop: string) => ShopStore | undefined): void {
    for (const batch of this.#batches.values()) {
      const store = storeOf(batch.shop);
      if (!batch.done && store) this.#finishLater(batch.id, store);
    }
  }

  /** Comes when no batch is under way. */
  async carriedOut(): Promise<void> {
    if (this.#timers.size > 0) await new Promise<void>((resolve) => this.#whenCarriedOut.push(resolve));
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #finishLater(id: number, store: ShopStore): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#finish(id, store);
      if (this.#timers.size === 0) for (const tell of this.#whenCarriedOut.splice(0)) tell();
    }, this.#options.delayMs);
    timer.unref();
    this.#timers.add(timer);
  }

  #finish(id: number, store: ShopStore): void {
    const batch = this.#batches.get(id);
    const discount = batch && store.discounts.get(batch.discountId);
    if (!batch || !discount) return;
    const added: SimRedeemCode[] = [];
    const seen = new Set<string>();
    const entries = batch.entries.map(({ code }): CodeBatchEntry => {
      const errors = problemsOf(code, seen, store);
      seen.add(code.toLowerCase());
      if (errors.length > 0) return { code, codeId: null, errors };
      const redeem = { id: store.nextId(), code, asyncUsageCount: 0 };
      added.push(redeem);
      return { code, codeId: redeem.id, errors };
    });
    if (added.length > 0) store.save('discount', { ...discount, codes: [...discount.codes, ...added] });
    this.#save({ ...batch, done: true, entries });
  }

  #save(batch: CodeBatch): void {
    this.#options.journal?.append({ kind: 'codeBatch', shop: batch.shop, value: batch });
    this.restore(batch);
  }
}

function problemsOf(code: string, seen: ReadonlySet<string>, store: ShopStore): string[] {
  if (code === '') return ['is too short (minimum is 1 character)'];
  if (/[\r\n]/.test(code)) return ['cannot contain newline characters.'];
  if (code.length > maxCodeLength) return [`is too long (maximum is ${maxCodeLength} characters)`];
  if (seen.has(code.toLowerCase())) return ['Codes must be unique within BulkDiscountCodeCreation'];
  return store.findCode(code) ? ['must be unique. Please try a different code.'] : [];
}
