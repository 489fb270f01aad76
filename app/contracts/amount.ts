/** Money as every answer of ours to an extension gives it. */
export interface Amount {
  /** Whole minor units: 1250 EUR is 12.50. */
  amountMinor: number;
  /** ISO 4217. */
  currency: string;
  /** Digits of the minor unit: EUR 2, JPY 0. */
  decimals: number;
}
