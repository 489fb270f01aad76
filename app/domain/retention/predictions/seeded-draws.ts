/** Draws that depend on their seed alone: a report simulated twice is the same report. */
export interface SeededDraws {
  /** In (0, 1). */
  uniform: () => number;
  /** Mean 0, standard deviation 1. */
  normal: () => number;
  /** Mean `shape`, scale 1. */
  gamma: (shape: number) => number;
  poisson: (mean: number) => number;
}

const TWO_TO_32 = 4_294_967_296;
const WARM_UP_ROUNDS = 15;
/** Above this a Poisson count is drawn by halves, since e^-mean would vanish. */
const LARGE_MEAN = 30;

export function seededDraws(seed: number): SeededDraws {
  const uniform = uniformDraws(seed);

  const normal = (): number => {
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  };

  /** Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables" (2000). */
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * Math.pow(uniform(), 1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };

  const poisson = (mean: number): number => {
    // Ahrens and Dieter (1974): the n-th of the arrivals comes at a gamma time; the rest is binomial or Poisson.
    let count = 0;
    let left = mean;
    while (left > LARGE_MEAN) {
      const n = Math.floor(left * 0.875);
      const time = gamma(n);
      if (time > left) return count + binomial(n - 1, left / time);
      count += n;
      left -= time;
    }
    const floor = Math.exp(-left);
    let product = uniform();
    while (product > floor) {
      count += 1;
      product *= uniform();
    }
    return count;
  };

  const binomial = (n: number, chance: number): number => {
    let count = 0;
    for (let i = 0; i < n; i += 1) if (uniform() < chance) count += 1;
    return count;
  };

  return { uniform, normal, gamma, poisson };
}

/** sfc32 by Chris Doty-Humphrey (PractRand). */
function uniformDraws(seed: number): () => number {
  let a = seed >>> 0;
  let b = Math.floor(seed / TWO_TO_32) >>> 0;
  let c = 0x9e3779b9;
  let counter = 1;
  const draw = () => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return (sum + 0.5) / TWO_TO_32;
  };
  // The first outputs still resemble the seed.
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) draw();
  return draw;
}
