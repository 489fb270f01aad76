/**
 * ISO 4217: how many decimal digits the minor unit of a currency has.
 *
 * The table is written out and not asked of `Intl`, whose data differ between engines and from ISO 4217 in places. It
 * holds the active list (with XAD and XCG, 2025) and, apart from it, codes that were withdrawn but stay on old orders.
 * JEP and KID are no ISO 4217 codes, but Shopify's. Metals, funds of supranational banks and the codes for testing have no minor unit and cannot price an order.
 */
const WITHOUT_MINOR_UNIT = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';

const WITH_TWO_DIGITS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY ' +
  'COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS ' +
  'INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR ' +
  'MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP ' +
  'STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG';

const WITH_THREE_DIGITS = 'BHD IQD JOD KWD LYD OMR TND';

const WITH_FOUR_DIGITS = 'CLF UYW';

const WITHDRAWN_WITHOUT_MINOR_UNIT = 'BYR';

const WITHDRAWN_WITH_TWO_DIGITS = 'ANG BGN CUC EEK HRK LTL LVL MRO SKK SLL STD VEF ZMK ZWL';

const OF_SHOPIFY_WITH_TWO_DIGITS = 'JEP KID';

/** What ISO 4217 lists today, without metals, funds of supranational banks and codes for testing. */
export const ACTIVE_CURRENCIES: readonly string[] = [WITHOUT_MINOR_UNIT, WITH_TWO_DIGITS, WITH_THREE_DIGITS, WITH_FOUR_DIGITS].flatMap(
  (codes) => codes.split(' '),
);

const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...entriesOf(WITHOUT_MINOR_UNIT, 0),
  ...entriesOf(WITH_TWO_DIGITS, 2),
  ...entriesOf(WITH_THREE_DIGITS, 3),
  ...entriesOf(WITH_FOUR_DIGITS, 4),
  ...entriesOf(WITHDRAWN_WITHOUT_MINOR_UNIT, 0),
  ...entriesOf(WITHDRAWN_WITH_TWO_DIGITS, 2),
  ...entriesOf(OF_SHOPIFY_WITH_TWO_DIGITS, 2),
]);

function entriesOf(codes: string, exponent: number): [string, number][] {
  return codes.split(' ').map((code) => [code, exponent]);
}

/** Codes in use, in alphabetical order, for whoever has to choose one. */
export function currencyCodes(): string[] {
  const inUse = [WITHOUT_MINOR_UNIT, WITH_TWO_DIGITS, WITH_THREE_DIGITS, WITH_FOUR_DIGITS, OF_SHOPIFY_WITH_TWO_DIGITS];
  return inUse.flatMap((codes) => codes.split(' ')).sort();
}

/** Decimal digits of the currency's minor unit (EUR 2, JPY 0, KWD 3), or null for a code that cannot price an order. */
export function currencyExponent(currency: string): number | null {
  return EXPONENTS.get(currency) ?? null;
}

export class UnknownCurrencyError extends Error {
  override readonly name = 'UnknownCurrencyError';
  readonly currency: string;

  constructor(currency: string) {
    super(`"${currency}" is not an ISO 4217 currency with a minor unit`);
    this.currency = currency;
  }
}

/** As `currencyExponent`, where the currency has been accepted before. @throws UnknownCurrencyError */
export function requireCurrencyExponent(currency: string): number {
  const exponent = currencyExponent(currency);
  if (exponent === null) throw new UnknownCurrencyError(currency);
  return exponent;
}
