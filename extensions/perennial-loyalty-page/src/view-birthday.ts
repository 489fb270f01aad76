import type { ShopperBirthday } from '../../../app/contracts/shopper-loyalty.ts';
import { formatCount, sayPoints } from '../../shopper-kit/src/words.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';

export interface BirthdayView {
  sentence: string;
  /** Where it may be told: the twelve months, and the days of each. */
  choice: { months: Option[]; daysOf: (month: number) => Option[] } | null;
}

export interface Option {
  value: string;
  label: string;
}

/** A year with a 29 February, which is a birthday too. */
const LEAP_YEAR = 2024;

/** Null where a birthday earns nothing. */
export function viewBirthday({ points, day, canSet }: ShopperBirthday, wording: Wording): BirthdayView | null {
  if (points === null) return null;
  const { formatDate } = wording;
  const known = day === null ? null : new Date(`${LEAP_YEAR}-${day}T12:00:00Z`);
  if (known && !Number.isNaN(known.getTime())) {
    const date = formatDate(known, { inExtensionLocale: true, timeZone: 'UTC', month: 'long', day: 'numeric' });
    return { sentence: sayPoints('birthdayIs', points, wording, { date }), choice: null };
  }
  if (!canSet) return null;
  return { sentence: sayPoints('birthdayHint', points, wording), choice: { months: months(wording), daysOf: (month) => days(month, wording) } };
}

function months({ formatDate }: Wording): Option[] {
  return Array.from({ length: 12 }, (_, index) => ({
    value: String(index + 1),
    label: formatDate(new Date(Date.UTC(LEAP_YEAR, index, 15)), { inExtensionLocale: true, timeZone: 'UTC', month: 'long' }),
  }));
}

function days(month: number, wording: Wording): Option[] {
  const count = month >= 1 && month <= 12 ? new Date(Date.UTC(LEAP_YEAR, month, 0)).getUTCDate() : 31;
  return Array.from({ length: count }, (_, index) => ({ value: String(index + 1), label: formatCount(index + 1, wording) }));
}
