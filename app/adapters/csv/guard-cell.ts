/** What the apostrophe stands before: see `guardCell`. */
export const GUARD = "'";

// Unicode's look-alikes (＝ ﹢ ⁻) become these under NFKC; the minus sign proper does not.
const OPENS_FORMULA = /^[=+\-@\u2212|%]/;
// Programs differ in what they drop before they look: NUL, spaces, line ends, byte order marks, marks of direction.
const DROPPED = /^[\p{C}\p{Z}\p{M}]+/u;
const TABS_AND_LINES = /^[\t\r\n\0]/;

/**
 * A text that no spreadsheet takes for a formula. Where it could, an apostrophe is put before it, which spreadsheets
 * read as "text follows"; a text that begins with an apostrophe gets another, so that taking one away from each text
 * that begins with one gives back what was written.
 */
export function guardCell(text: string): string {
  const seen = text.replace(DROPPED, '');
  const isFormula = OPENS_FORMULA.test(seen.slice(0, 2).normalize('NFKC')) || TABS_AND_LINES.test(text);
  return isFormula || seen.startsWith(GUARD) ? GUARD + text : text;
}
