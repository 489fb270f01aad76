import { wilsonInterval } from '../../retention/products/wilson-interval.ts';
import { studentQuantile95 } from './student-quantile.ts';

/** One side of a comparison, of customers whose time is over. */
export interface Side {
  readonly customers: number;
  /** Those who bought again within the time. */
  readonly returned: number;
  /** What each spent within the time, 0 for those who did not: the sum, and the sum of the squares. Minor units. */
  readonly spentMinor: number;
  readonly squaresMinor: number;
}

export interface Difference {
  readonly value: number;
  /** 95 % confidence. */
  readonly low: number;
  readonly high: number;
}

export interface Lift {
  /** How many more of a hundred came back, as a fraction: offered less held out. */
  readonly returned: Difference;
  /** How much more each spent, in minor units; null while a side is too small to say how far its customers differ. */
  readonly spentMinor: Difference | null;
}

/** Below it the expansion of Student's quantile is not good enough, and neither would the answer be. */
const FEWEST_DEGREES_OF_FREEDOM = 6;

/** What an offer added: the offered against those who were held out by chance. Null while a side has nobody. */
export function measureLift(offered: Side, heldOut: Side): Lift | null {
  if (offered.customers === 0 || heldOut.customers === 0) return null;
  return { returned: differenceOfShares(offered, heldOut), spentMinor: differenceOfMeans(offered, heldOut) };
}

/** Newcombe 1998, Statistics in Medicine 17:873, method 10: two Wilson intervals, squared and added. */
function differenceOfShares(offered: Side, heldOut: Side): Difference {
  const [p, q] = [offered.returned / offered.customers, heldOut.returned / heldOut.customers];
  const a = wilsonInterval(offered.returned, offered.customers);
  const b = wilsonInterval(heldOut.returned, heldOut.customers);
  const value = p - q;
  return { value, low: value - Math.hypot(p - a.low, b.high - q), high: value + Math.hypot(a.high - p, q - b.low) };
}

/** Welch 1947, Biometrika 34:28: the sides may spread differently. */
function differenceOfMeans(offered: Side, heldOut: Side): Difference | null {
  const [a, b] = [momentsOf(offered), momentsOf(heldOut)];
  if (a === null || b === null) return null;
  const variance = a.varianceOfMean + b.varianceOfMean;
  const value = a.mean - b.mean;
  if (variance === 0) return { value, low: value, high: value };
  const degreesOfFreedom =
    variance ** 2 / (a.varianceOfMean ** 2 / (offered.customers - 1) + b.varianceOfMean ** 2 / (heldOut.customers - 1));
  if (degreesOfFreedom < FEWEST_DEGREES_OF_FREEDOM) return null;
  const reach = studentQuantile95(degreesOfFreedom) * Math.sqrt(variance);
  return { value, low: value - reach, high: value + reach };
}

function momentsOf({ customers, spentMinor, squaresMinor }: Side): { mean: number; varianceOfMean: number } | null {
  if (customers < 2) return null;
  const mean = spentMinor / customers;
  // Rounding may bring equal amounts a little below nothing.
  const variance = Math.max(0, (squaresMinor - customers * mean ** 2) / (customers - 1));
  return { mean, varianceOfMean: variance / customers };
}

/**
 * How many customers a side of held-out ones has to have until a difference of this size would be seen nine times in ten
 * (two proportions, 95 % confidence, Fleiss 1981, equation 3.14, for sides of unequal size).
 *
 * @param ratio offered customers for each held-out one
 */
export function customersNeeded({ share, difference, ratio }: { share: number; difference: number; ratio: number }): number {
  const other = share + difference;
  const mean = (share + ratio * other) / (1 + ratio);
  const [zAlpha, zBeta] = [1.959963984540054, 1.2815515655446004];
  const root = zAlpha * Math.sqrt((ratio + 1) * mean * (1 - mean)) + zBeta * Math.sqrt(ratio * share * (1 - share) + other * (1 - other));
  return Math.ceil(root ** 2 / (ratio * difference ** 2));
}
