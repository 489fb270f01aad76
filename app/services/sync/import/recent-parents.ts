// Far more than Shopify was seen to put between a parent and its children, and a few megabytes at most.
const MAX_PARENTS = 50_000;

/** The roots that came last. Bounded, so that a file of any size is read in the same memory. */
export class RecentParents {
  readonly #ids = new Set<string>();

  add(id: unknown): void {
    if (typeof id !== 'string') return;
    this.#ids.add(id);
    if (this.#ids.size <= MAX_PARENTS) return;
    const [oldest] = this.#ids;
    if (oldest !== undefined) this.#ids.delete(oldest);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }
}
