/**
 * What parts small orders from large ones: the mean order of Shopify's stores, which Red Stag Fulfillment gives as 85 to
 * 92 US dollars for late 2024 ("What is the average order value for Shopify stores?"), taken at 85. In other currencies
 * it is that in round figures, by rates of the year 2025: a line to see by, and no more exact than a round figure. A
 * currency whose worth halves within a year has none.
 */
const ANCHORS: Readonly<Record<string, number>> = {
  USD: 85, EUR: 75, GBP: 65, CHF: 70, CAD: 120, AUD: 130, NZD: 145, JPY: 12_500, CNY: 600, HKD: 660, TWD: 2_600, SGD: 110, KRW: 120_000,
  INR: 7_300, THB: 2_800, VND: 2_200_000, IDR: 1_400_000, MYR: 360, PHP: 4_900, AED: 310, SAR: 320, QAR: 310, KWD: 26, BHD: 32, OMR: 33,
  JOD: 60, ILS: 290, SEK: 820, NOK: 860, DKK: 560, ISK: 10_500, PLN: 310, CZK: 1_850, HUF: 30_000, RON: 380, BGN: 147, BRL: 470, MXN: 1_600,
  CLP: 80_000, COP: 340_000, PEN: 305, ZAR: 1_500,
}; // prettier-ignore

/** In units of the currency; null where there is none. */
export function orderValueAnchor(currency: string): number | null {
  return ANCHORS[currency] ?? null;
}
