import { decimalOfMinorUnits } from '../../money/decimal-of-minor-units.ts';
import { parseMinorUnits } from '../../money/parse-minor-units.ts';
import { currencyExponent } from '../../money/currency.ts';
import { ProblemList } from './field-problems.ts';
import type { FieldProblem } from './field-problems.ts';

const WHOLE = /^\d{1,12}$/;
const DECIMAL = /^(\d{1,12})(?:\.(\d*))?$/;

/**
 * Reads what a merchant typed. What cannot be read is NaN, which is above and below nothing, and its problem is noted
 * under the field's path; limits are judged afterwards, over the whole program.
 */
export class FieldReader {
  readonly list = new ProblemList();

  whole(path: string, text: string): number {
    const typed = text.trim();
    if (WHOLE.test(typed)) return Number(typed);
    return this.#wrong(path, typed === '' ? 'missing' : 'not-a-number');
  }

  /** Nothing typed is none. */
  wholeOrNone(path: string, text: string): number | null {
    return text.trim() === '' ? null : this.whole(path, text);
  }

  /** With at most so many decimals, as a whole number of the smallest of them: `1.5` with two is 150. */
  decimal(path: string, text: string, digits: number): number {
    const typed = text.trim();
    const match = DECIMAL.exec(typed);
    if (match === null) return this.#wrong(path, typed === '' ? 'missing' : 'not-a-number');
    const [, whole = '', fraction = ''] = match;
    if (/[1-9]/.test(fraction.slice(digits))) return this.#wrong(path, 'too-many-digits');
    return Number(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  }

  money(path: string, text: string, currency: string): number {
    const typed = text.trim();
    if (typed === '') return this.#wrong(path, 'missing');
    const parsed = parseMinorUnits(typed, currency);
    if (parsed.ok) return parsed.value;
    switch (parsed.reason) {
      case 'not-a-decimal':
        return this.#wrong(path, 'not-a-number');
      case 'too-many-digits':
        return this.#wrong(path, 'too-many-digits');
      case 'too-large':
        return this.#wrong(path, 'out-of-range');
      case 'unknown-currency':
        // Said of the currency itself.
        return NaN;
    }
  }

  /** One of those that there are; the first of them where a page sends another. */
  choice<Choice extends string>(choices: readonly [Choice, ...Choice[]], text: string): Choice {
    return choices.find((known) => known === text) ?? choices[0];
  }

  #wrong(path: string, problem: FieldProblem): number {
    this.list.add(path, problem);
    return NaN;
  }
}

/** Minor units as they are typed; as they are where the currency is none. */
export function typedMoney(amountMinor: number, currency: string): string {
  return currencyExponent(currency) === null ? String(amountMinor) : decimalOfMinorUnits(amountMinor, currency);
}

export function typedOrNothing(value: number | null): string {
  return value === null ? '' : String(value);
}

/** The inverse of `FieldReader.decimal`, without noughts at the end. */
export function typedDecimal(scaled: number, digits: number): string {
  const text = String(scaled).padStart(digits + 1, '0');
  const [whole, fraction] = [text.slice(0, text.length - digits), text.slice(text.length - digits).replace(/0+$/, '')];
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
