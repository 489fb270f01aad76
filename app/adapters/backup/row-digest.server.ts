import { hash } from 'node:crypto';

const NEWLINE = 0x0a;
const LINE_BITS = 64;

/** Counts rows of COPY's text format and sums their hashes: two tables with equal rows agree, in whatever order. */
export class RowDigest {
  #rows = 0;
  #sum = 0n;
  #unfinished: Buffer = Buffer.alloc(0);

  add(piece: Buffer): void {
    const text = this.#unfinished.length === 0 ? piece : Buffer.concat([this.#unfinished, piece]);
    let start = 0;
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
      this.#sum += hash('sha256', text.subarray(start, end), 'buffer').readBigUInt64BE(0);
      this.#rows += 1;
      start = end + 1;
    }
    // A copy, since a part would hold all of the piece that it is of.
    this.#unfinished = Buffer.from(text.subarray(start));
  }

  finish(): { rows: number; digest: string } {
    if (this.#unfinished.length > 0) throw new Error('A table ended within a row.');
    return { rows: this.#rows, digest: BigInt.asUintN(LINE_BITS, this.#sum).toString(16) };
  }
}
