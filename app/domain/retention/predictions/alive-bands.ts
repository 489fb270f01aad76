/** Customers whose chance of being still a customer lies between two numbers; the higher one belongs to the band above. */
export interface AliveBand {
  readonly name: AliveBandName;
  readonly from: number;
  /** 1 in the highest band, to which it belongs. */
  readonly to: number;
  readonly customers: number;
}

export type AliveBandName = 'gone' | 'open' | 'probable' | 'sure';

const BANDS: readonly Omit<AliveBand, 'customers'>[] = [
  { name: 'gone', from: 0, to: 0.3 },
  { name: 'open', from: 0.3, to: 0.7 },
  { name: 'probable', from: 0.7, to: 0.9 },
  { name: 'sure', from: 0.9, to: 1 },
];

/** The highest first. Customers of whom nothing is known yet, NaN, are in none. */
export function countAliveBands(pAlive: Float64Array): AliveBand[] {
  const counts = BANDS.map((band) => ({ ...band, customers: 0 }));
  for (const alive of pAlive) {
    const band = counts.findLast(({ from }) => alive >= from);
    if (band !== undefined) band.customers += 1;
  }
  return counts.reverse();
}
