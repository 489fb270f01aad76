import { expect } from 'vitest';

/** The same structure and the same whole numbers; fractions to nine digits, since two orders of arithmetic may differ. */
export function expectSameNumbers(actual: unknown, expected: unknown): void {
  expect(rounded(actual)).toEqual(rounded(expected));
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(10));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rounded(entry)]));
}
