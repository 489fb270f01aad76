import type { Currency, SimMoney, SimMoneyBag } from '../state.ts';

/** ISO 4217 currencies whose minor unit is not a hundredth. */
const EXPONENTS: ReadonlyMap<Currency, number> = new Map([
  ...[
    'BIF',
    'CLP',
    'DJF',
    'GNF',
    'ISK',
    'JPY',
    'KMF',
    'KRW',
    'PYG',
    'RWF',
    'UGX',
    'VND',
    'VUV',
    'XAF',
    'XOF',
    'XPF',
  ].map((code): [Currency, number] => [code, 0]),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code): [Currency, number] => [code, 3]),
]);

/** Digits after the decimal point: USD 2, JPY 0, KWD 3. */
export function minorUnitExponent(currency: Currency): number {
  return EXPONENTS.get(currency) ?? 2;
}

/**
 * An unsigned decimal text as whole minor units, without a float in between: `12.5` is 1250 in USD. Null when it is
 * no such number, is finer than the currency, or is too large to be exact.
 */
export function parseAmountMinor(text: string, currency: Currency): number | null {
  const match = /^(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) return null;
  const exponent = minorUnitExponent(currency);
  const decimals = (match[2] ?? '').replace(/0+$/, '');
  if (decimals.length > exponent) return null;
  const minor = Number(`${match[1] ?? ''}${decimals.padEnd(exponent, '0')}`);
  return Number.isSafeInteger(minor) ? minor : null;
}

/**
 * Splits a whole amount over weights so that the parts sum to it exactly: floors first, then one unit each to the
 * largest remainders, the earlier part first at a tie. Weights that sum to zero give everything to the first part.
 */
export function allocateMinor(totalMinor: number, weights: readonly number[]): number[] {
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  if (weights.length === 0) return [];
  if (weightSum === 0) return weights.map((_, index) => (index === 0 ? totalMinor : 0));
  const parts = weights.map((weight, index) => {
    const { quotient, remainder } = divide(totalMinor, weight, weightSum);
    return { index, amountMinor: quotient, remainder };
  });
  let leftMinor = totalMinor - parts.reduce((sum, part) => sum + part.amountMinor, 0);
  const result = parts.map((part) => part.amountMinor);
  for (const part of [...parts].sort((a, b) => b.remainder - a.remainder || a.index - b.index)) {
    if (leftMinor <= 0) break;
    result[part.index] = part.amountMinor + 1;
    leftMinor -= 1;
  }
  return result;
}

function divide(amount: number, part: number, whole: number): { quotient: number; remainder: number } {
  const product = amount * part;
  if (Number.isSafeInteger(product)) {
    return { quotient: Math.floor(product / whole), remainder: product % whole };
  }
  // Two amounts in millions of minor units already pass 2^53 when multiplied.
  const exact = BigInt(amount) * BigInt(part);
  return { quotient: Number(exact / BigInt(whole)), remainder: Number(exact % BigInt(whole)) };
}

/** One amount in two currencies, from two whole numbers. */
export function moneyBag(
  shopMinor: number,
  shop: Currency,
  presentmentMinor: number,
  presentment: Currency,
): SimMoneyBag {
  return {
    shop: { amountMinor: shopMinor, currency: shop },
    presentment: { amountMinor: presentmentMinor, currency: presentment },
  };
}

export type MoneySide = 'shop' | 'presentment';

/** Applies the same whole-number calculation to both currencies, each reconciling by itself. */
export function onBothSides(calculate: (side: MoneySide) => number, like: SimMoneyBag): SimMoneyBag {
  return moneyBag(calculate('shop'), like.shop.currency, calculate('presentment'), like.presentment.currency);
}

export function sumBags(bags: readonly SimMoneyBag[], like: SimMoneyBag): SimMoneyBag {
  return onBothSides((side) => bags.reduce((sum, bag) => sum + bag[side].amountMinor, 0), like);
}

/**
 * Money bags that are shared between the records of a large import: half a million lines repeat a few thousand prices.
 * Shared bags are frozen, so that a write to one is an error instead of a change to every other line.
 */
export function sharedMoney(currency: Currency): (amountMinor: number) => SimMoneyBag {
  const bags = new Map<number, SimMoneyBag>();
  return (amountMinor) => {
    const known = bags.get(amountMinor);
    if (known !== undefined) return known;
    const money: SimMoney = Object.freeze({ amountMinor, currency });
    const bag: SimMoneyBag = Object.freeze({ shop: money, presentment: money });
    bags.set(amountMinor, bag);
    return bag;
  };
}
