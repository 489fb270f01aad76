import { Z_95 } from '../../retention/products/wilson-interval.ts';

/**
 * The .975 quantile of Student's t by its expansion about the normal one (Abramowitz and Stegun 1964, 26.7.5): within
 * 0.0004 from 6 degrees of freedom on.
 */
export function studentQuantile95(degreesOfFreedom: number): number {
  const z = Z_95;
  const [z3, z5, z7, z9] = [z ** 3, z ** 5, z ** 7, z ** 9];
  const v = degreesOfFreedom;
  return (
    z +
    (z3 + z) / (4 * v) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * v ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * v ** 3) +
    (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92_160 * v ** 4)
  );
}
