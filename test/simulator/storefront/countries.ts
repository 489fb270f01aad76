/** Where the shop sends to, with the tax on goods in basis points and the currency that buyers there expect. */
export interface Country {
  code: string;
  taxBasisPoints: number;
  currency: string;
}

export const COUNTRIES: readonly Country[] = [
  { code: 'AE', taxBasisPoints: 500, currency: 'AED' },
  { code: 'AU', taxBasisPoints: 1000, currency: 'AUD' },
  { code: 'BR', taxBasisPoints: 1700, currency: 'BRL' },
  { code: 'CA', taxBasisPoints: 500, currency: 'CAD' },
  { code: 'CN', taxBasisPoints: 1300, currency: 'CNY' },
  { code: 'DE', taxBasisPoints: 1900, currency: 'EUR' },
  { code: 'EG', taxBasisPoints: 1400, currency: 'EGP' },
  { code: 'ES', taxBasisPoints: 2100, currency: 'EUR' },
  { code: 'FR', taxBasisPoints: 2000, currency: 'EUR' },
  { code: 'GB', taxBasisPoints: 2000, currency: 'GBP' },
  { code: 'HK', taxBasisPoints: 0, currency: 'HKD' },
  { code: 'ID', taxBasisPoints: 1100, currency: 'IDR' },
  { code: 'IE', taxBasisPoints: 2300, currency: 'EUR' },
  { code: 'IL', taxBasisPoints: 1800, currency: 'ILS' },
  { code: 'IT', taxBasisPoints: 2200, currency: 'EUR' },
  { code: 'JP', taxBasisPoints: 1000, currency: 'JPY' },
  { code: 'KR', taxBasisPoints: 1000, currency: 'KRW' },
  { code: 'KW', taxBasisPoints: 0, currency: 'KWD' },
  { code: 'MX', taxBasisPoints: 1600, currency: 'MXN' },
  { code: 'NL', taxBasisPoints: 2100, currency: 'EUR' },
  { code: 'SA', taxBasisPoints: 1500, currency: 'SAR' },
  { code: 'SG', taxBasisPoints: 900, currency: 'SGD' },
  { code: 'TH', taxBasisPoints: 700, currency: 'THB' },
  { code: 'TW', taxBasisPoints: 500, currency: 'TWD' },
  { code: 'US', taxBasisPoints: 0, currency: 'USD' },
  { code: 'VN', taxBasisPoints: 1000, currency: 'VND' },
];

export function taxBasisPointsOf(countryCode: string): number {
  return COUNTRIES.find((country) => country.code === countryCode)?.taxBasisPoints ?? 0;
}

/** The country that a language hints at, for a buyer who has not said where they are. */
export function likelyCountry(locale: string): string {
  const region = new Intl.Locale(locale).maximize().region ?? 'US';
  return COUNTRIES.some((country) => country.code === region) ? region : 'US';
}
