/** Equal texts become one, and none keeps the piece of the file alive that it was cut from. */
export class TextKeeper {
  readonly #kept = new Map<string, string>();

  /** Null for an empty text. */
  keep(text: string): string | null {
    if (text === '') return null;
    const known = this.#kept.get(text);
    if (known !== undefined) return known;
    const own = copyOf(text);
    this.#kept.set(own, own);
    return own;
  }
}

/** A text of its own: a slice would hold the whole text that it was cut from in memory. */
export function copyOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
