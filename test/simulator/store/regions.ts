import type { Currency, SimAddress } from '../state.ts';

export type NameStyle =
  | 'english'
  | 'german'
  | 'french'
  | 'dutch'
  | 'spanish'
  | 'italian'
  | 'portuguese'
  | 'japanese'
  | 'korean'
  | 'chinese'
  | 'taiwanese'
  | 'arabic'
  | 'hebrew';

export interface Place extends SimAddress {
  weight: number;
  /** Where it differs from its country's: states of the United States and provinces of Canada set their own. */
  taxRateBasisPoints?: number;
}

export interface Region {
  countryCode: string;
  /** Share of first-time buyers. */
  weight: number;
  /** What its buyers pay in. */
  currency: Currency;
  locales: readonly [{ locale: string; weight: number }, ...{ locale: string; weight: number }[]];
  names: NameStyle;
  /** What this shop collects there, not always what the country charges: many parcels go untaxed. */
  taxRateBasisPoints: number;
  taxesIncluded: boolean;
  isShippingTaxed: boolean;
  /** Standard time; believable shopping hours do not need summer time. */
  utcOffsetHours: number;
  season: 'northern' | 'southern' | 'lunar';
  places: readonly [Place, ...Place[]];
}

type RegionRow = [
  countryCode: string,
  weight: number,
  currency: Currency,
  locales: string,
  names: NameStyle,
  taxRateBasisPoints: number,
  habit: 'included' | 'added' | 'included-with-shipping' | 'added-with-shipping',
  utcOffsetHours: number,
  season: Region['season'],
  places: string,
];

/** Locales and places carry their weight after a colon; a place is `province/city/zip/tax`, each part optional. */
const ROWS: readonly RegionRow[] = [
  [
    'US', 400, 'USD', 'en-US:92 es-US:8', 'english', 0, 'added', -6, 'northern',
    'CA/Los Angeles/90012/950:20|NY/New York/10013/887:17|TX/Austin/78701/825:14|FL/Tampa/33602/750:9|' +
      'WA/Seattle/98101/1025:7|IL/Chicago/60607/1025:8|OR/Portland/97205/0:6|MA/Boston/02110/625:7|' +
      'GA/Atlanta/30303/890:7|CO/Denver/80202/881:5',
  ],
  [
    'CA', 80, 'CAD', 'en-CA:78 fr-CA:22', 'english', 500, 'added-with-shipping', -5, 'northern',
    'ON/Toronto/M5V 2T6/1300:50|QC/Montréal/H2Y 1C6/1498:25|BC/Vancouver/V6B 1A1/1200:25',
  ],
  [
    'GB', 90, 'GBP', 'en-GB:100', 'english', 2000, 'included-with-shipping', 0, 'northern',
    'ENG/London/SE1 9GF:60|ENG/Leeds/LS1 4DY:20|SCT/Edinburgh/EH1 1YZ:20',
  ],
  [
    'DE', 75, 'EUR', 'de-DE:92 en:8', 'german', 1900, 'included-with-shipping', 1, 'northern',
    '/Berlin/10115:40|/München/80331:35|/Köln/50667:25',
  ],
  [
    'FR', 55, 'EUR', 'fr-FR:95 en:5', 'french', 2000, 'included-with-shipping', 1, 'northern',
    '/Paris/75011:60|/Lyon/69002:40',
  ],
  [
    'NL', 32, 'EUR', 'nl-NL:80 en:20', 'dutch', 2100, 'included-with-shipping', 1, 'northern',
    '/Amsterdam/1012 LG:60|/Utrecht/3511 ED:40',
  ],
  [
    'ES', 20, 'EUR', 'es-ES:100', 'spanish', 2100, 'included-with-shipping', 1, 'northern',
    'B/Barcelona/08002:50|M/Madrid/28013:50',
  ],
  [
    'IT', 20, 'EUR', 'it-IT:100', 'italian', 2200, 'included-with-shipping', 1, 'northern',
    'MI/Milano/20121:60|RM/Roma/00184:40',
  ],
  [
    'JP', 48, 'JPY', 'ja-JP:96 en:4', 'japanese', 1000, 'included-with-shipping', 9, 'northern',
    'JP-13/渋谷区/150-0002:60|JP-27/大阪市/530-0001:40',
  ],
  ['KR', 30, 'KRW', 'ko-KR:100', 'korean', 0, 'included', 9, 'lunar', 'KR-11/서울/04524:80|KR-26/부산/48058:20'],
  ['CN', 22, 'CNY', 'zh-CN:100', 'chinese', 0, 'included', 8, 'lunar', 'SH/上海市/200020:50|GD/深圳市/518000:50'],
  ['HK', 22, 'HKD', 'zh-TW:60 en:40', 'taiwanese', 0, 'included', 8, 'lunar', 'HK/中環/:100'],
  ['TW', 22, 'TWD', 'zh-TW:100', 'taiwanese', 500, 'included', 8, 'lunar', '/臺北市/106:100'],
  ['SG', 14, 'SGD', 'en-SG:80 zh-CN:20', 'english', 900, 'included', 8, 'lunar', '/Singapore/018956:100'],
  [
    'AU', 45, 'AUD', 'en-AU:100', 'english', 1000, 'included-with-shipping', 10, 'southern',
    'NSW/Sydney/2000:55|VIC/Melbourne/3000:45',
  ],
  [
    'BR', 20, 'BRL', 'pt-BR:100', 'portuguese', 0, 'added', -3, 'southern',
    'SP/São Paulo/01310-100:70|RJ/Rio de Janeiro/20040-002:30',
  ],
  ['MX', 16, 'MXN', 'es-MX:100', 'spanish', 1600, 'included', -6, 'northern', 'CMX/Ciudad de México/06000:100'],
  ['SA', 12, 'SAR', 'ar-SA:90 en:10', 'arabic', 1500, 'included-with-shipping', 3, 'northern', '/الرياض/12211:100'],
  ['AE', 14, 'AED', 'ar-AE:60 en:40', 'arabic', 500, 'included-with-shipping', 4, 'northern', 'DU/دبي/:100'],
  ['KW', 5, 'KWD', 'ar-KW:80 en:20', 'arabic', 0, 'included', 3, 'northern', '/مدينة الكويت/:100'],
  ['IL', 12, 'ILS', 'he-IL:85 en:15', 'hebrew', 1800, 'included', 2, 'northern', '/תל אביב-יפו/6688310:100'],
];

function parsePlace(countryCode: string, text: string): Place {
  const [address = '', weight = '1'] = text.split(':');
  const [province, city, zip, tax] = address.split('/');
  return {
    countryCode,
    provinceCode: province || null,
    city: city || null,
    zip: zip || null,
    weight: Number(weight),
    ...(tax === undefined ? {} : { taxRateBasisPoints: Number(tax) }),
  };
}

function parseRegion(row: RegionRow): Region {
  const [countryCode, weight, currency, locales, names, taxRateBasisPoints, habit, utcOffsetHours, season, places] =
    row;
  const [firstLocale = { locale: 'en', weight: 1 }, ...otherLocales] = locales.split(' ').map((text) => {
    const [locale = 'en', share = '1'] = text.split(':');
    return { locale, weight: Number(share) };
  });
  const [firstPlace = parsePlace(countryCode, ''), ...otherPlaces] = places
    .split('|')
    .map((text) => parsePlace(countryCode, text));
  return {
    countryCode,
    weight,
    currency,
    locales: [firstLocale, ...otherLocales],
    names,
    taxRateBasisPoints,
    taxesIncluded: habit.startsWith('included'),
    isShippingTaxed: habit.endsWith('with-shipping'),
    utcOffsetHours,
    season,
    places: [firstPlace, ...otherPlaces],
  };
}

const [first, ...others] = ROWS.map(parseRegion);
if (first === undefined) throw new Error('The table of regions is empty.');

export const REGIONS: readonly [Region, ...Region[]] = [first, ...others];
