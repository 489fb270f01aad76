import type { Evaluation, Objective } from './minimize.ts';
import { invertPositive } from './symmetric-matrix.ts';

/** A function of positive parameters, as one of their logarithms: minimizing then needs no walls at zero. */
export function inLogarithms(objective: Objective): Objective {
  return (logarithms) => {
    const parameters = logarithms.map(Math.exp);
    const { value, gradient, hessian } = objective(parameters);
    const size = parameters.length;
    const scaled = gradient.map((slope, index) => slope * (parameters[index] ?? NaN));
    const bent = hessian.map((entry, at) => {
      const row = Math.floor(at / size);
      const column = at % size;
      const chained = entry * (parameters[row] ?? NaN) * (parameters[column] ?? NaN);
      return row === column ? chained + (scaled[row] ?? NaN) : chained;
    });
    return { value, gradient: scaled, hessian: bent };
  };
}

/**
 * Standard errors of the parameters themselves, from the observed information in their logarithms (delta method); null
 * where the information cannot be inverted.
 */
export function standardErrorsOfLogarithms({ hessian }: Evaluation, logarithms: Float64Array): Float64Array | null {
  const size = logarithms.length;
  const covariance = invertPositive(hessian, size);
  if (covariance === null) return null;
  return logarithms.map((logarithm, index) => Math.exp(logarithm) * Math.sqrt(covariance[index * size + index] ?? NaN));
}
