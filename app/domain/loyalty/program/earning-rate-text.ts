import { currencyExponent } from '../../money/currency.ts';
import type { FieldReader } from './field-reader.ts';
import { typedDecimal, typedMoney } from './field-reader.ts';
import type { EarningRate } from './program.ts';

/** A rate as it is typed: so many points for so much money. */
export interface RateDraft {
  readonly currency: string;
  /** `5` or `1.5`. */
  readonly points: string;
  /** A decimal in the currency. */
  readonly per: string;
}

const DIGITS = 2;

/** 1.5 points for 1.00 are kept as 15 for 10.00: points are whole, and rates are fractions. */
export function readRate(draft: RateDraft, path: string, reader: FieldReader): EarningRate {
  const hundredths = reader.decimal(`${path}.points`, draft.points, DIGITS);
  const perMinor = reader.money(`${path}.perMinor`, draft.per, draft.currency);
  let scale = 10 ** DIGITS;
  let points = hundredths;
  while (scale > 1 && points % 10 === 0) {
    points /= 10;
    scale /= 10;
  }
  return { currency: draft.currency, points, perMinor: perMinor * scale };
}

/** For as little money as two decimals of points allow; in currencies without decimals money is counted in hundreds anyway. */
export function writeRate({ currency, points, perMinor }: EarningRate): RateDraft {
  const exponent = currencyExponent(currency) ?? 0;
  let digits = 0;
  let per = perMinor;
  while (exponent > 0 && digits < DIGITS && points % 10 !== 0 && per % 10 ** (exponent + 1) === 0 && points >= 10 ** (digits + 1)) {
    per /= 10;
    digits += 1;
  }
  return { currency, points: typedDecimal(points, digits), per: typedMoney(per, currency) };
}
