// Far more than Shopify was seen to put between a parent and its children, and four megabytes at most.
const GENERATION = 25_000;

/**
 * The roots that came last, 25,000 of them at least and twice as many at most. Bounded, so that a file of any size is
 * read in the same memory.
 */
export class RecentParents {
  #younger = new Set<string>();
  #older: ReadonlySet<string> = new Set();

  add(id: unknown): void {
    if (typeof id !== 'string') return;
    this.#younger.add(apartFromItsLine(id));
    if (this.#younger.size < GENERATION) return;
    this.#older = this.#younger;
    this.#younger = new Set();
  }

  has(id: string): boolean {
    return this.#younger.has(id) || this.#older.has(id);
  }
}

/**
 * What an expression found in a text is a window on it to V8, which keeps all of the text for as long: fifty megabytes of
 * lines for these ids.
 */
function apartFromItsLine(id: string): string {
  return Buffer.from(id).toString();
}
