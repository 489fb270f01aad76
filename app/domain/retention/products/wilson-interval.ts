/**
 * Wilson's score interval of a share (Wilson 1927): it stays within 0 and 1 and keeps its promise with few customers and
 * with shares near the ends, where the usual one around the share does not (Brown, Cai and DasGupta 2001).
 */
export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/** Of 95 % confidence: the .975 quantile of the normal distribution. */
export const Z_95 = 1.959963984540054;

/** Of none of none nothing is known: 0 to 1. */
export function wilsonInterval(hits: number, tries: number, z: number = Z_95): ShareInterval {
  if (tries === 0) return { low: 0, high: 1 };
  const share = hits / tries;
  const weight = (z * z) / tries;
  const middle = share + weight / 2;
  const reach = z * Math.sqrt((share * (1 - share)) / tries + weight / (4 * tries));
  // At 0 and 1 the ends are exact, which the roots are only to the last bit.
  return {
    low: hits === 0 ? 0 : (middle - reach) / (1 + weight),
    high: hits === tries ? 1 : (middle + reach) / (1 + weight),
  };
}

/**
 * What a normal variable exceeds with this probability, to 4.5e-4 (Abramowitz and Stegun 1964, 26.2.23): enough to say
 * how wide an interval has to be, and not for printing.
 *
 * @param probability above 0, at most one half
 */
export function upperNormalQuantile(probability: number): number {
  const t = Math.sqrt(-2 * Math.log(probability));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return t - above / below;
}
