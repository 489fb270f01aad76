interface Entry<Columns> {
  version: string;
  columns: Promise<Columns>;
}

// They hold customers' ids, and a page that nobody opens again would keep those of people who were redacted since.
const KEPT_MS = 60 * 60 * 1000;

/**
 * The order columns of a few shops; those of the shop that was not asked for the longest go first, and all after an
 * hour. Requests that come while columns are being loaded wait for them.
 */
export class ColumnsCache<Columns> {
  readonly #entries = new Map<number, Entry<Columns>>();
  readonly #shops: number;
  readonly #keptMs: number;

  constructor({ shops, keptMs = KEPT_MS }: { shops: number; keptMs?: number }) {
    this.#shops = shops;
    this.#keptMs = keptMs;
  }

  /** @param version names the state of the data: another version means other columns */
  get(shopId: number, version: string, load: () => Promise<Columns>): Promise<Columns> {
    const known = this.#entries.get(shopId);
    this.#entries.delete(shopId);
    const entry = known?.version === version ? known : { version, columns: load() };
    this.#entries.set(shopId, entry);
    if (entry !== known) {
      this.#forgetFailure(shopId, entry);
      setTimeout(() => this.#forget(shopId, entry), this.#keptMs).unref();
    }
    this.#forgetOldest();
    return entry.columns;
  }

  #forgetFailure(shopId: number, entry: Entry<Columns>): void {
    entry.columns.catch(() => this.#forget(shopId, entry));
  }

  #forget(shopId: number, entry: Entry<Columns>): void {
    if (this.#entries.get(shopId) === entry) this.#entries.delete(shopId);
  }

  #forgetOldest(): void {
    for (const shopId of this.#entries.keys()) {
      if (this.#entries.size <= this.#shops) return;
      this.#entries.delete(shopId);
    }
  }
}
