import type { Currency, SimMoney, SimMoneyBag } from './state.ts';

const digitsByCurrency = new Map<Currency, number>();

/** How many decimal places ISO 4217 gives the currency's minor unit: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorUnitDigits(currency: Currency): number {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  digitsByCurrency.set(currency, digits);
  return digits;
}

/** `12.50`, `500`, `-0.05`: as many decimals as the currency has, which is how REST payloads print money. */
export function fixedDecimal(money: SimMoney): string {
  const digits = minorUnitDigits(money.currency);
  const sign = money.amountMinor < 0 ? '-' : '';
  const text = String(Math.abs(money.amountMinor)).padStart(digits + 1, '0');
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** `12.5`, `500.0`: GraphQL's Decimal drops trailing zeros but keeps one place, as live responses show. */
export function shortDecimal(money: SimMoney): string {
  const fixed = fixedDecimal(money);
  if (!fixed.includes('.')) return `${fixed}.0`;
  const trimmed = fixed.replace(/0+$/, '');
  return trimmed.endsWith('.') ? `${trimmed}0` : trimmed;
}

/** Minor units of a decimal text; null when it is not a number or has more places than the currency. */
export function parseDecimal(text: string, currency: Currency): number | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const digits = minorUnitDigits(currency);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > digits) return null;
  const minor = Number(`${match[2] ?? ''}${fraction.padEnd(digits, '0')}`);
  if (!Number.isSafeInteger(minor)) return null;
  return match[1] === '-' && minor !== 0 ? -minor : minor;
}

export function zeroBag(shop: Currency, presentment: Currency): SimMoneyBag {
  return { shop: { amountMinor: 0, currency: shop }, presentment: { amountMinor: 0, currency: presentment } };
}

/** Applies one function to the shop side and to the presentment side of several bags. */
export function mapBags(
  bags: readonly [SimMoneyBag, ...SimMoneyBag[]],
  combine: (amountsMinor: number[]) => number,
): SimMoneyBag {
  const [first] = bags;
  return {
    shop: { amountMinor: combine(bags.map((bag) => bag.shop.amountMinor)), currency: first.shop.currency },
    presentment: {
      amountMinor: combine(bags.map((bag) => bag.presentment.amountMinor)),
      currency: first.presentment.currency,
    },
  };
}

export function addBags(first: SimMoneyBag, ...rest: SimMoneyBag[]): SimMoneyBag {
  return mapBags([first, ...rest], (amounts) => amounts.reduce((sum, amount) => sum + amount, 0));
}

export function subtractBags(from: SimMoneyBag, ...rest: SimMoneyBag[]): SimMoneyBag {
  return mapBags([from, ...rest], ([head = 0, ...tail]) => tail.reduce((sum, amount) => sum - amount, head));
}

/** `bag × numerator / denominator`, each side rounded half away from zero; zero when the denominator is. */
export function shareOfBag(bag: SimMoneyBag, numerator: number, denominator: number): SimMoneyBag {
  return mapBags([bag], ([amount = 0]) => {
    if (denominator === 0 || numerator === 0) return 0;
    if (numerator === denominator) return amount;
    const exact = (Math.abs(amount) * numerator) / denominator;
    return Math.sign(amount) * Math.round(exact);
  });
}
