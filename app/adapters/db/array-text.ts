// PostgreSQL's own text of arrays, for statements that carry hundreds of values. What the client library makes of a list
// takes each element through two replacements, and each moment through the parts of a local time: five times as long.

/** For arrays of integers. */
export function numbersText(values: readonly (number | bigint | null)[]): string {
  return arrayText(values.map((value) => (value === null ? 'NULL' : String(value))));
}

/** For arrays of text, and of what is written as text: uuid, date, jsonb. */
export function textsText(values: readonly (string | null)[]): string {
  return arrayText(values.map((value) => (value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`)));
}

/** For arrays of timestamptz. @throws RangeError for what is no moment */
export function momentsText(valuesMs: readonly (number | null)[]): string {
  return arrayText(valuesMs.map((epochMs) => (epochMs === null ? 'NULL' : new Date(epochMs).toISOString())));
}

/** For arrays of bytea. */
export function bytesText(values: readonly (Uint8Array | null)[]): string {
  return arrayText(values.map((value) => (value === null ? 'NULL' : `"\\\\x${hexOf(value)}"`)));
}

function hexOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}

function arrayText(elements: readonly string[]): string {
  return `{${elements.join(',')}}`;
}
