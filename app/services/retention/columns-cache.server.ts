/** What is kept of a shop: in what state of its data, and how much room it takes. */
export interface KeptColumns {
  readonly shopId: number;
  readonly byteSize: number;
}

export interface Wanted<Columns> {
  /** Whether columns that are here are new enough for who asks. */
  isFresh: (columns: Columns) => boolean;
  /** Makes new ones, of those that are here where there are any. */
  bring: (known: Columns | null) => Promise<Columns>;
}

interface Entry<Columns> {
  columns: Columns | null;
  /** While columns are being brought. */
  pending: Promise<Columns> | null;
  timer: NodeJS.Timeout;
}

// They hold customers' ids, and a page that nobody opens again would keep those of people who were redacted since.
const KEPT_MS = 60 * 60 * 1000;

/**
 * The columns of shops, within a budget of bytes: those of the shop that was not asked for the longest go first, and all
 * that nobody asks for in an hour. Requests that come while columns are being brought wait for them. New columns take the
 * place of old ones and do not change them; where they take their memory, that is because nobody reads the old ones.
 *
 * The shop that was asked for last keeps its columns even where they alone are above the budget. It would otherwise be
 * read whole for each page.
 */
export class ColumnsCache<Columns extends KeptColumns> {
  readonly #entries = new Map<number, Entry<Columns>>();
  readonly #budgetBytes: number;
  readonly #keptMs: number;

  constructor({ budgetBytes, keptMs = KEPT_MS }: { budgetBytes: number; keptMs?: number }) {
    this.#budgetBytes = budgetBytes;
    this.#keptMs = keptMs;
  }

  async get(shopId: number, { isFresh, bring }: Wanted<Columns>): Promise<Columns> {
    for (;;) {
      const entry = this.#use(shopId);
      if (entry.pending === null) {
        if (entry.columns !== null && isFresh(entry.columns)) return entry.columns;
        return this.#bring(shopId, entry, bring);
      }
      const brought = await entry.pending;
      if (isFresh(brought)) return brought;
    }
  }

  /** Whether some are here, fresh or not: to ask costs nothing and brings nothing. */
  has(shopId: number): boolean {
    return this.known(shopId) !== null;
  }

  /** Those that are here, fresh or not; they do not count as asked for. */
  known(shopId: number): Columns | null {
    return this.#entries.get(shopId)?.columns ?? null;
  }

  /** Those that are here, where they are new enough: whoever asks waits for none that somebody else is having brought. */
  fresh(shopId: number, isFresh: Wanted<Columns>['isFresh']): Columns | null {
    const known = this.known(shopId);
    return known !== null && isFresh(known) ? this.#use(shopId).columns : null;
  }

  forget(shopId: number): void {
    const entry = this.#entries.get(shopId);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    this.#entries.delete(shopId);
  }

  /** The shop's entry, as the one that was used last. */
  #use(shopId: number): Entry<Columns> {
    const known = this.#entries.get(shopId);
    if (known) clearTimeout(known.timer);
    const timer = setTimeout(() => this.forget(shopId), this.#keptMs).unref();
    const entry: Entry<Columns> = known ?? { columns: null, pending: null, timer };
    entry.timer = timer;
    this.#entries.delete(shopId);
    this.#entries.set(shopId, entry);
    return entry;
  }

  async #bring(shopId: number, entry: Entry<Columns>, bring: Wanted<Columns>['bring']): Promise<Columns> {
    entry.pending = bring(entry.columns).then((columns) => {
      if (columns.shopId !== shopId) throw new Error(`columns of shop ${columns.shopId} came for shop ${shopId}`);
      return columns;
    });
    try {
      entry.columns = await entry.pending;
      this.#makeRoomBeside(entry);
      return entry.columns;
    } finally {
      // After a failure the columns that were here are still what they were: the next request begins with them.
      entry.pending = null;
    }
  }

  #makeRoomBeside(newest: Entry<Columns>): void {
    let bytes = 0;
    for (const { columns } of this.#entries.values()) bytes += columns?.byteSize ?? 0;
    for (const [shopId, entry] of this.#entries) {
      if (bytes <= this.#budgetBytes) return;
      if (entry === newest || entry.columns === null || entry.pending !== null) continue;
      bytes -= entry.columns.byteSize;
      this.forget(shopId);
    }
  }
}
