import type { Currency } from '../state.ts';
import { minorUnitExponent } from './money-arithmetic.ts';
import { hashText } from './seeded-random.ts';

/** Round figures near the rates of 2025; only their order of magnitude matters. */
const US_DOLLARS_PER_UNIT: ReadonlyMap<Currency, number> = new Map([
  ['USD', 1],
  ['CAD', 0.73],
  ['GBP', 1.3],
  ['EUR', 1.12],
  ['JPY', 0.0067],
  ['KRW', 0.00072],
  ['CNY', 0.14],
  ['HKD', 0.128],
  ['TWD', 0.032],
  ['SGD', 0.76],
  ['AUD', 0.65],
  ['BRL', 0.18],
  ['MXN', 0.054],
  ['SAR', 0.2667],
  ['AED', 0.2723],
  ['KWD', 3.25],
  ['ILS', 0.28],
]);

/**
 * Minor units of `to` for one minor unit of `from` in a given month. Rates wander by up to three percent from month to
 * month, so that no code can get away with assuming one rate per currency.
 */
export function exchangeRate(from: Currency, to: Currency, month: string): number {
  if (from === to) return 1;
  const dollars = (currency: Currency) => {
    const base = US_DOLLARS_PER_UNIT.get(currency);
    if (base === undefined) throw new RangeError(`The generator knows no exchange rate for ${currency}.`);
    const drift = currency === 'USD' ? 0 : ((hashText(`${currency}${month}`) >>> 8) % 601) / 10_000 - 0.03;
    return base * (1 + drift);
  };
  return (dollars(from) / dollars(to)) * 10 ** (minorUnitExponent(to) - minorUnitExponent(from));
}
