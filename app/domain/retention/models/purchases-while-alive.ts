import { logBeta } from './special-functions.ts';

/** E[Y] and E[Y^2] of purchases within a horizon. */
export interface Moments {
  readonly mean: number;
  readonly meanSquare: number;
}

/** Below this, e to its power is no longer a number of full precision. */
const LEAST_EXPONENT = -700;
const NEGLIGIBLE_EXPONENT = -100;
const ENOUGH_DIGITS = 1e-17;

/**
 * Purchases within t of somebody alive now, whose rate is gamma(shape, scale) and who leaves after each purchase with a
 * chance p that is beta(a, b).
 *
 * Without leaving they would make K purchases, negative binomial; of those they make a (j + 1)-th when K > j and none of
 * the first j was the last, so P(Y > j) = P(K > j) E[(1 - p)^j]. Summed over j this is equation 10 of Fader, Hardie and
 * Lee (2005) without its Gauss hypergeometric function: all terms are positive, there is no pole at a = 1, and neither
 * a + b < 1 nor an argument near 1 takes digits away. For MBG/NBD (b = b0 + x + 1) it is Wagner and Hoppe's correction
 * (2008) of the equation in Batislam, Denizel and Filiztekin (2007).
 */
export function purchasesWhileAlive(
  rate: { readonly shape: number; readonly scale: number },
  leaving: { readonly a: number; readonly b: number },
  horizon: number,
): Moments {
  const { shape, scale } = rate;
  const { a, b } = leaving;
  const growth = Math.log1p(horizon / scale);
  const share = horizon / (scale + horizon);
  if (!(share > 0)) return { mean: 0, meanSquare: 0 };
  const start = firstCount(shape, growth, share);
  // Sums over j below k of E[(1 - p)^j], and of (2j + 1) times it: the moments of purchases given K = k.
  let stay = 1;
  let mean = 0;
  let meanSquare = 0;
  const result = { mean: 0, meanSquare: 0 };
  let chance = start.chance;
  for (let k = 0; ; k += 1) {
    if (k >= start.k) {
      result.mean += chance * mean;
      result.meanSquare += chance * meanSquare;
      const ratio = (share * (shape + k)) / (k + 1);
      // What is left is less than a geometric series whose terms grow as k^2 at most.
      const rest = ratio < 1 ? (chance * (meanSquare + 2 * k + 1)) / (1 - ratio) ** 3 : Infinity;
      if (rest <= ENOUGH_DIGITS * result.meanSquare && chance * (k + 1) <= ENOUGH_DIGITS * result.mean * (1 - ratio) ** 2) {
        return result;
      }
      chance *= ratio;
      if (chance === 0) return result;
    }
    mean += stay;
    meanSquare += (2 * k + 1) * stay;
    stay *= (b + k) / (a + b + k);
  }
}

/** Where the negative binomial distribution begins to matter, and its chance there. */
function firstCount(shape: number, growth: number, share: number): { k: number; chance: number } {
  const exponentAt = (k: number) => {
    return k === 0 ? -shape * growth : k * Math.log(share) - shape * growth - Math.log(shape + k) - logBeta(shape, k + 1);
  };
  // Up to its mode the distribution rises.
  let k = 0;
  let mode = Math.max(0, Math.floor((shape - 1) * Math.expm1(growth)));
  if (exponentAt(0) < LEAST_EXPONENT) {
    while (mode - k > 1) {
      const middle = Math.floor((k + mode) / 2);
      if (exponentAt(middle) < NEGLIGIBLE_EXPONENT) k = middle;
      else mode = middle;
    }
  }
  return { k, chance: Math.exp(exponentAt(k)) };
}
