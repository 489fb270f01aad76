import type { Amount } from '../../../app/contracts/amount.ts';
import { isRecord } from './is-record.ts';

// An older server leaves out what came later, so each field has what holds without it.

export function readNumber(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

export function readNumberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function readTextOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function readAmount(value: unknown): Amount | null {
  if (!isRecord(value)) return null;
  const { amountMinor, currency, decimals } = value;
  if (typeof amountMinor !== 'number' || typeof currency !== 'string') return null;
  return { amountMinor, currency, decimals: typeof decimals === 'number' ? decimals : 2 };
}

/** The items that can be read; one that cannot is passed over. */
export function readList<Item>(value: unknown, read: (item: Record<string, unknown>) => Item | null): Item[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    const found = isRecord(item) ? read(item) : null;
    return found === null ? [] : [found];
  });
}

/** The value where it is one of those that we know. */
export function readWord<Word extends string>(value: unknown, known: readonly Word[]): Word | null {
  return known.find((word) => word === value) ?? null;
}

/** The merchant's own texts: what is none is passed over. */
export function readTexts(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
