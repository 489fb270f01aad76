import type { ShopperLocale } from './surfaces.ts';

/** Small numbers first; a million is where some languages change. */
const NUMBERS = [...Array.from({ length: 120 }, (_, index) => index), 1_000_000];
const MOST_EXAMPLES = 3;

/** The numbers that a plural form of a language is for; empty for one that is for fractions alone. */
export function pluralExamples(locale: ShopperLocale, form: string): { numbers: readonly number[]; isAll: boolean } {
  const rules = new Intl.PluralRules(locale);
  const numbers = NUMBERS.filter((number) => rules.select(number) === form);
  return { numbers: numbers.slice(0, MOST_EXAMPLES), isAll: numbers.length <= MOST_EXAMPLES && !numbers.includes(1_000_000) };
}
