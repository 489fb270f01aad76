import {
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  writeSync,
  truncateSync,
  renameSync,
} from 'node:fs';
import { join } from 'node:path';

/** One remembered fact: the last line of a kind and key wins when the journal is read again. */
export interface JournalLine {
  kind: string;
  /** Domain of the shop that it belongs to, or null for the whole platform. */
  shop: string | null;
  value: unknown;
}

const storeFile = 'store.jsonl';
const changesFile = 'journal.jsonl';

/**
 * Append-only memory on disk: `store.jsonl` holds the stores as they were made, `journal.jsonl` all that happened
 * since. A line is in the file when `append` returns, so a killed process forgets nothing that it has answered.
 */
export class Journal {
  readonly #directory: string;
  #descriptor: number | null = null;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** True when a store was written here before, completely. */
  holdsStore(): boolean {
    return existsSync(join(this.#directory, storeFile));
  }

  /** Writes the initial stores under another name first, so that half a store is never taken for one. */
  writeStore(lines: Iterable<JournalLine>): void {
    mkdirSync(this.#directory, { recursive: true });
    const partial = join(this.#directory, `${storeFile}.partial`);
    const descriptor = openSync(partial, 'w');
    let pending: string[] = [];
    const flush = (): void => {
      writeSync(descriptor, pending.join(''));
      pending = [];
    };
    for (const line of lines) {
      pending.push(`${JSON.stringify(line)}\n`);
      if (pending.length >= 500) flush();
    }
    flush();
    closeSync(descriptor);
    renameSync(partial, join(this.#directory, storeFile));
  }

  /** Hands over every line, oldest first, and cuts off a last line that a crash left half written. */
  async replay(apply: (line: JournalLine) => void): Promise<void> {
    for (const name of [storeFile, changesFile]) {
      const path = join(this.#directory, name);
      if (!existsSync(path)) continue;
      const completeBytes = await readLines(path, (text) => apply(parseLine(text)));
      truncateSync(path, completeBytes);
    }
  }

  append(line: JournalLine): void {
    if (this.#descriptor === null) {
      mkdirSync(this.#directory, { recursive: true });
      this.#descriptor = openSync(join(this.#directory, changesFile), 'a');
    }
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

/** Returns how many bytes belong to complete lines. */
async function readLines(path: string, onLine: (text: string) => void): Promise<number> {
  let rest: Buffer = Buffer.alloc(0);
  let completeBytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes: Buffer = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, Buffer.from(chunk)]);
    let start = 0;
    for (let end = bytes.indexOf(10, start); end !== -1; end = bytes.indexOf(10, start)) {
      onLine(bytes.toString('utf8', start, end));
      start = end + 1;
    }
    completeBytes += start;
    rest = bytes.subarray(start);
  }
  return completeBytes;
}

function parseLine(text: string): JournalLine {
  const line: unknown = JSON.parse(text);
  if (typeof line !== 'object' || line === null || !('kind' in line) || typeof line.kind !== 'string') {
    throw new Error('The journal of the local Shopify holds a line that it did not write.');
  }
  const shop = 'shop' in line && typeof line.shop === 'string' ? line.shop : null;
  return { kind: line.kind, shop, value: 'value' in line ? line.value : null };
}
