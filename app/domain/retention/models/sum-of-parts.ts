import type { Evaluation } from './minimize.ts';

interface Parts {
  /** Of the first two parameters. */
  readonly purchases: Evaluation;
  /** Of the last two. */
  readonly stays: Evaluation;
  /** Of all four. */
  readonly left: Evaluation;
}

/** A likelihood of four parameters, of which two say how often customers buy and two when they leave. */
export function sumOfParts({ purchases, stays, left }: Parts): Evaluation {
  const at = (evaluation: Float64Array, index: number) => evaluation[index] ?? NaN;
  return {
    value: purchases.value + stays.value + left.value,
    gradient: left.gradient.map((slope, index) => {
      return slope + (index < 2 ? at(purchases.gradient, index) : at(stays.gradient, index - 2));
    }),
    hessian: left.hessian.map((entry, index) => {
      const row = Math.floor(index / 4);
      const column = index % 4;
      if (row < 2 && column < 2) return entry + at(purchases.hessian, row * 2 + column);
      return row < 2 || column < 2 ? entry : entry + at(stays.hessian, (row - 2) * 2 + column - 2);
    }),
  };
}
