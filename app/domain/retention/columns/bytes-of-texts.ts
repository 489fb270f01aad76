/** A text is held as two bytes a letter at most, and by a reference. */
const BYTES_A_LETTER = 2;
const BYTES_A_REFERENCE = 8;

/** What a list of texts holds in memory, with room to spare; numbers among them are held in their references. */
export function bytesOfTexts(texts: readonly (string | number | null)[]): number {
  let bytes = texts.length * BYTES_A_REFERENCE;
  for (const text of texts) if (typeof text === 'string') bytes += text.length * BYTES_A_LETTER;
  return bytes;
}
