import { minorUnitDigits } from '../currency-amount.ts';
import type { Currency, SimMoney, SimMoneyBag } from '../state.ts';

/** Units of each currency for one US dollar; fixed, so that the same cart always costs the same. */
const UNITS_PER_DOLLAR: Readonly<Record<string, number>> = {
  AED: 3.67,
  AUD: 1.52,
  BRL: 5.4,
  CAD: 1.38,
  CHF: 0.88,
  CLP: 940,
  CNY: 7.2,
  CZK: 23,
  DKK: 6.9,
  EGP: 48.5,
  EUR: 0.92,
  GBP: 0.79,
  HKD: 7.8,
  IDR: 15_800,
  ILS: 3.6,
  INR: 84,
  JPY: 150,
  KRW: 1_350,
  KWD: 0.31,
  MXN: 18.5,
  MYR: 4.5,
  NOK: 10.8,
  NZD: 1.66,
  PHP: 57,
  PLN: 4,
  SAR: 3.75,
  SEK: 10.6,
  SGD: 1.34,
  THB: 35,
  TRY: 34,
  TWD: 32,
  USD: 1,
  VND: 25_000,
  ZAR: 18,
};

/** Half up in the target's minor units. Currencies without a fixed rate exchange one to one with the dollar. */
export function exchange(money: SimMoney, currency: Currency): SimMoney {
  if (money.currency === currency) return money;
  const dollars = money.amountMinor / 10 ** minorUnitDigits(money.currency) / (UNITS_PER_DOLLAR[money.currency] ?? 1);
  const units = dollars * (UNITS_PER_DOLLAR[currency] ?? 1);
  return { amountMinor: Math.round(units * 10 ** minorUnitDigits(currency)), currency };
}

/** What the buyer pays, and the same in the currency of the shop. */
export function bagOf(presentment: SimMoney, shopCurrency: Currency): SimMoneyBag {
  return { presentment, shop: exchange(presentment, shopCurrency) };
}

export function formatMoney(money: SimMoney, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency: money.currency }).format(
    money.amountMinor / 10 ** minorUnitDigits(money.currency),
  );
}
