/** Reads exact numbers of bytes from pieces of any length. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Null when the end comes first. */
  async read(bytes: number): Promise<Buffer | null> {
    if (this.#held.length < bytes) {
      const parts = [this.#held];
      let total = this.#held.length;
      while (total < bytes) {
        const next = await this.#pieces.next();
        if (next.done) return null;
        parts.push(Buffer.from(next.value));
        total += next.value.byteLength;
      }
      this.#held = Buffer.concat(parts);
    }
    const read = this.#held.subarray(0, bytes);
    this.#held = this.#held.subarray(bytes);
    return read;
  }
}
