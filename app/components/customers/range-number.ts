import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import { parseMinorUnits } from '#app/domain/money/parse-minor-units.ts';
import type { RangeField } from '#app/domain/segments/segment.ts';

/** Whole for what is counted, money as the shop writes it, and a chance in percent: how a range is typed. */
type Unit = 'count' | 'money' | 'percent' | 'decimal';

const UNITS: Readonly<Record<RangeField, Unit>> = {
  orders: 'count',
  spentMinor: 'money',
  spentScore: 'count',
  averageOrderMinor: 'money',
  daysSinceFirstOrder: 'count',
  daysSinceLastOrder: 'count',
  pAlive: 'percent',
  expectedOrders365: 'decimal',
  predictedClv365Minor: 'money',
};

export function unitOf(field: RangeField): Unit {
  return UNITS[field];
}

export function typedNumber(field: RangeField, value: number | null, currency: string): string {
  if (value === null) return '';
  if (UNITS[field] === 'money') return decimalOfMinorUnits(value, currency);
  // Of 0.29 x 100 a float makes 28.999999999999996.
  return UNITS[field] === 'percent' ? String(Number((value * 100).toPrecision(12))) : String(value);
}

/** Null for nothing, undefined for what is no such number. A decimal comma is taken for a point. */
export function readTypedNumber(field: RangeField, text: string, currency: string): number | null | undefined {
  const typed = text.trim().replace(/^(\d+),(\d+)$/, '$1.$2');
  if (typed === '') return null;
  if (!/^\d{1,15}(\.\d{1,9})?$/.test(typed)) return undefined;
  switch (UNITS[field]) {
    case 'money': {
      const parsed = parseMinorUnits(typed, currency);
      return parsed.ok ? parsed.value : undefined;
    }
    case 'percent':
      return Number(typed) <= 100 ? Number((Number(typed) / 100).toPrecision(12)) : undefined;
    case 'count':
      return Number.isInteger(Number(typed)) ? Number(typed) : undefined;
    case 'decimal':
      return Number(typed);
  }
}
