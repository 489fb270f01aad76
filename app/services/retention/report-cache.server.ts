interface Entry<Report> {
  version: string;
  report: Promise<Report>;
}

/**
 * One report a shop, for a few shops; the shop that was not asked for the longest goes first. Requests that come while
 * a report is being computed wait for that one.
 */
export class ReportCache<Report> {
  readonly #entries = new Map<number, Entry<Report>>();
  readonly #shops: number;

  constructor({ shops }: { shops: number }) {
    this.#shops = shops;
  }

  /** @param version names the state of the data: another version means another report */
  get(shopId: number, version: string, compute: () => Promise<Report>): Promise<Report> {
    const known = this.#entries.get(shopId);
    this.#entries.delete(shopId);
    const entry = known?.version === version ? known : { version, report: compute() };
    this.#entries.set(shopId, entry);
    if (entry !== known) this.#forgetFailure(shopId, entry);
    this.#forgetOldest();
    return entry.report;
  }

  #forgetFailure(shopId: number, entry: Entry<Report>): void {
    entry.report.catch(() => {
      if (this.#entries.get(shopId) === entry) this.#entries.delete(shopId);
    });
  }

  #forgetOldest(): void {
    for (const shopId of this.#entries.keys()) {
      if (this.#entries.size <= this.#shops) return;
      this.#entries.delete(shopId);
    }
  }
}
