import { inLogarithms } from './log-parameters.ts';
import type { Evaluation, Objective } from './minimize.ts';
import { invertPositive } from './symmetric-matrix.ts';

/**
 * Coordinates for parameters that come in pairs, a shape p and a scale q: ln p and ln(p / q). Where a mixing distribution
 * shrinks to a point, p and q run to infinity together and p / q stays what it is, so that one coordinate runs off and
 * the others rest.
 */
export function inPairs(objective: Objective): Objective {
  const ofLogarithms = inLogarithms(objective);
  return (point) => {
    const { value, gradient, hessian } = ofLogarithms(logarithmsOfPairs(point));
    return { value, gradient: foldPairs(gradient), hessian: onBothSides(hessian, point.length, foldPairs) };
  };
}

/** ln p = first, ln q = first - second. */
export function logarithmsOfPairs(point: Float64Array): Float64Array {
  return point.map((coordinate, index) => (index % 2 === 0 ? coordinate : (point[index - 1] ?? NaN) - coordinate));
}

export function pairsOfParameters(parameters: readonly number[]): number[] {
  return parameters.map((parameter, index) =>
    index % 2 === 0 ? Math.log(parameter) : Math.log((parameters[index - 1] ?? NaN) / parameter),
  );
}

/** Covariances of the parameters' logarithms, from the information in the pairs; null where it cannot be inverted. */
export function covarianceOfLogarithms({ hessian, gradient }: Evaluation): Float64Array | null {
  const covariance = invertPositive(hessian, gradient.length);
  return covariance === null ? null : onBothSides(covariance, gradient.length, logarithmsOfPairs);
}

/** The derivatives along the pairs, from those along the logarithms. */
function foldPairs(slopes: Float64Array): Float64Array {
  return slopes.map((slope, index) => (index % 2 === 0 ? slope + (slopes[index + 1] ?? NaN) : -slope));
}

/** A linear map of vectors, on the rows of a symmetric matrix and then on its columns. */
function onBothSides(matrix: Float64Array, size: number, map: (row: Float64Array) => Float64Array): Float64Array {
  const onRows = (from: Float64Array) => {
    const mapped = new Float64Array(from.length);
    for (let row = 0; row < size; row += 1) mapped.set(map(from.slice(row * size, (row + 1) * size)), row * size);
    return mapped;
  };
  const transposed = (from: Float64Array) => from.map((_, at) => from[(at % size) * size + Math.floor(at / size)] ?? NaN);
  return onRows(transposed(onRows(matrix)));
}
