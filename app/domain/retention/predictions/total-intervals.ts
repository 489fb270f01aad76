import type { Interval, RuleIntervals, TotalIntervals } from '../report/predictions-report.ts';

/** Relative standard deviations of a total that come with the model itself. */
export interface ModelDeviations {
  /** What chance alone does to the customers' purchases. */
  readonly chance: number;
  /** What it does to the parameters that were fitted on them. */
  readonly parameters: number;
}

/**
 * What one store is worth in judging how far models miss, before its own backtest is known: as if four earlier stores
 * had been missed by 15 %, the middle of the 10 to 20 % that these models miss real stores by.
 */
const EARLIER_STORES = 4;
const EARLIER_MISS = 0.15;

/** Quantiles .9 and .975: normal, and Student's t with 4 and with 5 degrees of freedom. */
const NORMAL = { '80': 1.2815515655446004, '95': 1.959963984540054 };
const STUDENT_4 = { '80': 1.5332062740589438, '95': 2.7764451051977987 };
const STUDENT_5 = { '80': 1.4758840488244815, '95': 2.570581835636314 };

/**
 * Intervals around a total that a model predicts.
 *
 * `ifModelHolds` is what sampling does: the variance of the customers' purchases at the fitted parameters, and that of
 * the parameters through the slope of the total (delta method). With many customers it is a percent or less and says
 * nothing of what models get wrong: seasons, growth, a product that sold out. So the miss of the backtest, the logarithm
 * of actual / predicted, is taken as one more draw of how far this kind of model misses, beside `EARLIER_STORES` of
 * `EARLIER_MISS`; the mean of these squares is the variance of the misfit, and the interval has Student's t with as many
 * degrees of freedom. It lies evenly around the total in logarithms: a miss of a third up is as likely as one of a
 * quarter down. The total itself is not corrected by the one miss that was seen.
 *
 * @param backtestMiss - ln(actual / predicted) of the same total in the last third; null when it is not known
 */
export function intervalsOfTotal(
  total: number,
  { chance, parameters }: ModelDeviations,
  backtestMiss: number | null,
): TotalIntervals {
  const seen = backtestMiss === null ? 0 : 1;
  const misfit = Math.sqrt(
    (EARLIER_STORES * EARLIER_MISS ** 2 + (backtestMiss ?? 0) ** 2) / (EARLIER_STORES + seen),
  );
  const sampling = Math.hypot(chance, parameters);
  const whole = Math.hypot(sampling, misfit);
  const student = backtestMiss === null ? STUDENT_4 : STUDENT_5;
  return {
    '80': around(total, student['80'] * whole),
    '95': around(total, student['95'] * whole),
    ifModelHolds: { '80': around(total, NORMAL['80'] * sampling), '95': around(total, NORMAL['95'] * sampling) },
    deviations: { chance, parameters, misfit },
  };
}

/**
 * Around a total of the simple rule, which has no chance in it: how far it missed the last third of the same store is all
 * there is to go by. That is taken for no less than `EARLIER_MISS`, since one good hit is luck, and the interval has the
 * form of the models' intervals.
 *
 * @param backtestMiss - the rule's own
 */
export function intervalsOfRule(total: number, backtestMiss: number): RuleIntervals {
  const misfit = Math.max(Math.abs(backtestMiss), EARLIER_MISS);
  return { '80': around(total, STUDENT_5['80'] * misfit), '95': around(total, STUDENT_5['95'] * misfit) };
}

/** ln(actual / predicted); null where either is nothing. */
export function missOf(actual: number, predicted: number | null): number | null {
  return predicted !== null && actual > 0 && predicted > 0 ? Math.log(actual / predicted) : null;
}

function around(total: number, logarithm: number): Interval {
  return { low: total * Math.exp(-logarithm), high: total * Math.exp(logarithm) };
}
