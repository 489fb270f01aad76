import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface JsonLine {
  /** From 1, blank lines counted, so that an editor finds it. */
  number: number;
  text: string;
  /** Why it cannot be read, if its bytes say so already. */
  problem: string | null;
  /** False for a last line without an end: the file may have been cut in it. */
  isWhole: boolean;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BLANK = /^[ \t\r]*$/;
const BYTE_ORDER_MARK = '\uFEFF';
const MAX_LINE_BYTES = 32 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
// Between so many bytes others get their turn: an import has its batch under way to the database meanwhile.
const TURN_BYTES = 32 * 1024;

/**
 * The lines of a file that are not blank. They end at newlines and nowhere else: `node:readline` also breaks at U+2028
 * and U+2029, which JSON allows inside a string.
 */
export async function* readJsonLines(file: string, maxLineBytes = MAX_LINE_BYTES): AsyncGenerator<JsonLine> {
  let pieces: Buffer[] = [];
  let held = 0;
  let isTooLong = false;
  let number = 0;

  const keep = (piece: Buffer): void => {
    isTooLong ||= held + piece.length > maxLineBytes;
    if (isTooLong) return;
    pieces.push(piece);
    held += piece.length;
  };
  const finish = (isWhole: boolean): JsonLine | null => {
    number += 1;
    const bytes = pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
    const problem = isTooLong ? `longer than ${maxLineBytes} bytes` : isUtf8(bytes) ? null : 'not UTF-8';
    [pieces, held, isTooLong] = [[], 0, false];
    const text = textOf(bytes, number);
    return BLANK.test(text) && problem === null ? null : { number, text, problem, isWhole };
  };

  const handle = await open(file);
  try {
    // One buffer for the whole file: a new one for each piece would wait outside the heap until somebody collects it.
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) break;
      const bytes = buffer.subarray(0, bytesRead);
      let start = 0;
      let turnEnds = TURN_BYTES;
      for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
        keep(bytes.subarray(start, end));
        start = end + 1;
        const line = finish(true);
        if (line) yield line;
        if (start < turnEnds) continue;
        turnEnds = start + TURN_BYTES;
        await nextTurn();
      }
      // Copied, because the next piece of the file takes its place.
      if (start < bytes.length) keep(Buffer.from(bytes.subarray(start)));
    }
  } finally {
    await handle.close();
  }
  const rest = held > 0 || isTooLong ? finish(false) : null;
  if (rest) yield rest;
}

function textOf(bytes: Buffer, number: number): string {
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  const text = bytes.toString('utf8', 0, end);
  return number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
