import type { IndexedHistories } from './indexed-histories.ts';
import type { Evaluation } from './minimize.ts';
import { purchaseProcess } from './purchase-rates.ts';
import { sumOfParts } from './sum-of-parts.ts';

/**
 * How many chances to leave a customer has had who is alive after x purchases: one after each (BG/NBD), or one after the
 * first purchase too (MBG/NBD).
 */
export type FirstChance = 'after-second-purchase' | 'after-first-purchase';

/**
 * Minus the log-likelihood of BG/NBD (Fader, Hardie and Lee 2005, equation 6) and MBG/NBD (Batislam, Denizel and
 * Filiztekin 2007, equation 5) in the parameters (r, alpha, a, b). With k chances to leave, x or x + 1,
 *
 *   L = L(alive) * [B(a, b + k) / B(a, b)] * [1 + e^D],   D = ln(a / (b + k - 1)) + (r + x) ln((alpha + T) / (alpha + t_x))
 *
 * where e^D is the odds of having left at t_x, missing when k = 0. Written with sums over purchases in place of gamma
 * functions, it has no differences of large numbers at any x, T, or parameters, so the edges can be walked up to.
 */
export function betaGeometricLikelihood(histories: IndexedHistories, firstChance: FirstChance) {
  const earlier = firstChance === 'after-first-purchase' ? 1 : 0;
  return ([r = NaN, alpha = NaN, a = NaN, b = NaN]: Float64Array): Evaluation => {
    return sumOfParts({
      purchases: purchaseProcess(histories, r, alpha),
      stays: staying(histories, { a, b, earlier }),
      left: havingLeft(histories, { r, alpha, a, b, earlier }),
    });
  };
}

interface DropoutParameters {
  readonly a: number;
  readonly b: number;
  readonly earlier: number;
}

/** Minus the sum of ln [B(a, b + k) / B(a, b)], by (a, b): each chance is survived with (b + i) / (a + b + i). */
function staying({ customersBeyond, customerCount }: IndexedHistories, { a, b, earlier }: DropoutParameters): Evaluation {
  let value = 0;
  let byB = 0;
  let byA = 0;
  let byBB = 0;
  let byAB = 0;
  let byAA = 0;
  for (let i = 0; i < customersBeyond.length + earlier; i += 1) {
    const chances = (i < earlier ? customerCount : customersBeyond[i - earlier]) ?? NaN;
    const survived = 1 / (b + i);
    const tried = 1 / (a + b + i);
    value += chances * Math.log1p(a * survived);
    byA += chances * tried;
    byB -= chances * a * survived * tried;
    byAA -= chances * tried * tried;
    byAB -= chances * tried * tried;
    byBB += chances * a * survived * tried * (survived + tried);
  }
  return { value, gradient: Float64Array.of(byA, byB), hessian: Float64Array.of(byAA, byAB, byAB, byBB) };
}

/** Minus the sum of ln(1 + e^D): the one part that needs each row. */
function havingLeft(
  histories: IndexedHistories,
  { r, alpha, a, b, earlier }: DropoutParameters & { r: number; alpha: number },
): Evaluation {
  const { rowCount, frequency, customers, ages, agePlaces, recencies, recencyPlaces, customersBeyond } = histories;
  const grownAge = ages.map((age) => Math.log1p(age / alpha));
  const inverseAge = ages.map((age) => 1 / (alpha + age));
  const grownRecency = recencies.map((recency) => Math.log1p(recency / alpha));
  const inverseRecency = recencies.map((recency) => 1 / (alpha + recency));
  const inverseB = Float64Array.from({ length: customersBeyond.length + 1 }, (_, x) => 1 / (b + x + earlier - 1));
  const logOdds = inverseB.map((inverse) => Math.log(a * inverse));
  let value = 0;
  let [byR, byAlpha, byB, left] = [0, 0, 0, 0];
  let [byRR, byRAlpha, byRB, byRLeft, byAlphaAlpha] = [0, 0, 0, 0, 0];
  let [byAlphaB, byAlphaLeft, byBB, byBLeft, byLeftLeft] = [0, 0, 0, 0, 0];
  for (let i = 0; i < rowCount; i += 1) {
    const x = frequency[i] ?? NaN;
    if (x + earlier === 0) continue;
    const weight = customers[i] ?? NaN;
    const age = agePlaces[i] ?? NaN;
    const recency = recencyPlaces[i] ?? NaN;
    const early = inverseRecency[recency] ?? NaN;
    const late = inverseAge[age] ?? NaN;
    const dR = (grownAge[age] ?? NaN) - (grownRecency[recency] ?? NaN);
    const shift = late * early * ((recencies[recency] ?? NaN) - (ages[age] ?? NaN));
    const dAlpha = (r + x) * shift;
    const dB = -(inverseB[x] ?? NaN);
    const odds = (logOdds[x] ?? NaN) + (r + x) * dR;
    const small = Math.exp(-Math.abs(odds));
    value += weight * (Math.max(odds, 0) + Math.log1p(small));
    const chance = (weight * (odds > 0 ? 1 : small)) / (1 + small);
    const spread = (chance * (odds > 0 ? small : 1)) / (1 + small);
    left += chance;
    byR += chance * dR;
    byAlpha += chance * dAlpha;
    byB += chance * dB;
    byRR += spread * dR * dR;
    byRAlpha += chance * shift + spread * dR * dAlpha;
    byRB += spread * dR * dB;
    byRLeft += spread * dR;
    byAlphaAlpha += spread * dAlpha * dAlpha - chance * dAlpha * (early + late);
    byAlphaB += spread * dAlpha * dB;
    byAlphaLeft += spread * dAlpha;
    byBB += (chance + spread) * dB * dB;
    byBLeft += spread * dB;
    byLeftLeft += spread;
  }
  // By a, D has the slope 1 / a in every row.
  const byAA = (byLeftLeft - left) / (a * a);
  const rows = [
    [byRR, byRAlpha, byRLeft / a, byRB],
    [byRAlpha, byAlphaAlpha, byAlphaLeft / a, byAlphaB],
    [byRLeft / a, byAlphaLeft / a, byAA, byBLeft / a],
    [byRB, byAlphaB, byBLeft / a, byBB],
  ];
  return {
    value: -value,
    gradient: Float64Array.of(-byR, -byAlpha, -left / a, -byB),
    hessian: Float64Array.from(rows.flat(), (entry) => -entry),
  };
}
