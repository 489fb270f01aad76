/** Part of a file, whole lines, small enough for one request. */
export interface FilePiece {
  readonly text: string;
  /** Of the file, from 1. */
  readonly firstLine: number;
}

/** Text of this many characters is at most three times as many bytes, within what a form may be. */
export const PIECE_CHARACTERS = 150_000;

/**
 * Cuts the text of a CSV file behind its header into pieces at line breaks that are not within quotes.
 *
 * @returns the header line and the pieces, in their order
 */
export function cutFile(text: string, pieceCharacters = PIECE_CHARACTERS): { header: string; pieces: FilePiece[] } {
  const headerEnd = nextBreak(text, 0);
  const header = text.slice(0, headerEnd).replace(/[\r\n]+$/, '');
  const pieces: FilePiece[] = [];
  let line = 1 + countLines(text, 0, headerEnd);
  for (let start = headerEnd; start < text.length; ) {
    let end = nextBreak(text, start);
    while (end < text.length && end - start < pieceCharacters) {
      const further = nextBreak(text, end);
      if (further - start > pieceCharacters) break;
      end = further;
    }
    pieces.push({ text: text.slice(start, end), firstLine: line });
    line += countLines(text, start, end);
    start = end;
  }
  return { header, pieces };
}

/** Behind the first line break from there on that no quotes enclose. */
function nextBreak(text: string, from: number): number {
  let isQuoted = false;
  for (let index = from; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 34) isQuoted = !isQuoted;
    else if (!isQuoted && (code === 10 || code === 13)) return code === 13 && text.charCodeAt(index + 1) === 10 ? index + 2 : index + 1;
  }
  return text.length;
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let index = from; index < to; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 10 || (code === 13 && text.charCodeAt(index + 1) !== 10)) lines += 1;
  }
  return lines;
}
