/** Random draws that depend on nothing but a seed, so that a store is the same on every machine and every day. */
export interface SeededRandom {
  /** In `[0, 1)`. */
  next(): number;
  /** A whole number in `[from, to]`. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** Chooses by the weight that each choice carries; weights need not sum to one. */
  weighted<T extends readonly [{ weight: number }, ...{ weight: number }[]]>(choices: T): T[number];
  /** Mean one. */
  exponential(): number;
  /** Mean zero, standard deviation one. */
  normal(): number;
  /** Mean `shape`, scale one. */
  gamma(shape: number): number;
  beta(a: number, b: number): number;
  /** An independent stream, so that one more draw here shifts nothing there. */
  fork(label: string): SeededRandom;
}

const TWO_TO_32 = 4_294_967_296;

/** 32-bit FNV-1a over UTF-16 code units, started from `basis`. */
export function hashText(text: string, basis = 0x811c9dc5): number {
  let hash = basis >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}

/** sfc32 by Chris Doty-Humphrey (PractRand): small, quick, and without visible structure at this scale. */
function sfc32(seed: number): () => number {
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
    return sum / TWO_TO_32;
  };
  // The first outputs still resemble the seed.
  for (let round = 0; round < 15; round += 1) draw();
  return draw;
}

export function seededRandom(seed: number): SeededRandom {
  const next = sfc32(seed);

  const normal = () => {
    // Marsaglia's polar method.
    for (;;) {
      const u = 2 * next() - 1;
      const v = 2 * next() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  };

  const gamma = (shape: number): number => {
    // Marsaglia and Tsang (2000); a shape below one is lifted and scaled back.
    if (shape < 1) return gamma(shape + 1) * Math.pow(1 - next(), 1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };

  return {
    next,
    normal,
    gamma,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    pick: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
    weighted: (choices) => {
      let left = next() * choices.reduce((sum, choice) => sum + choice.weight, 0);
      for (const choice of choices) {
        left -= choice.weight;
        if (left < 0) return choice;
      }
      return choices[0];
    },
    exponential: () => -Math.log(1 - next()),
    beta: (a, b) => {
      const x = gamma(a);
      return x / (x + gamma(b));
    },
    fork: (label) => seededRandom(hashText(label, (0x811c9dc5 ^ seed) >>> 0) * 2_097_152 + (hashText(label) >>> 11)),
  };
}
