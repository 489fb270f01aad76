/** What the apostrophe stands before: see `guardCell`. */
export const GUARD = "'";

// Unicode's look-alikes (＝ ﹢ ⁻) become these under NFKC; the minus sign proper does not.
const OPENS_FORMULA = /^[=+\-@\u2212|%]/;
// Programs differ in what they drop before they look: NUL, spaces, line ends, byte order marks, marks of direction.
const DROPPED = /^[\p{C}\p{Z}\p{M}]+/u;
const TABS_AND_LINES = /^[\t\r\n\0]/;

// Where a file with commas is opened by a program that parts at semicolons or tabs, cells begin behind these as well: of a
// line, such a program heeds the quotation marks of the first cell alone.
const CELL_ENDS = /(?<=[;\t\n]|\r(?!\n))/;
const QUOTES = /^[\p{C}\p{Z}\p{M}"]+/u;

/**
 * A text that no spreadsheet takes for a formula, nor any part of it behind a semicolon, a tab or a line's end. Where one
 * could, an apostrophe is put before it, which spreadsheets read as "text follows"; what begins with an apostrophe gets
 * another, so that taking one away from each part that begins with one gives back what was written.
 */
export function guardCell(text: string): string {
  const [first = '', ...parts] = text.split(CELL_ENDS);
  const isGuarded = TABS_AND_LINES.test(first) || needsGuard(first.replace(DROPPED, ''));
  const guarded = parts.map((part) => (TABS_AND_LINES.test(part) || needsGuard(part.replace(QUOTES, '')) ? GUARD + part : part));
  return (isGuarded ? GUARD : '') + first + guarded.join('');
}

/** @param seen what is left when a program has dropped what it drops */
function needsGuard(seen: string): boolean {
  return seen.startsWith(GUARD) || OPENS_FORMULA.test(seen.slice(0, 2).normalize('NFKC'));
}
