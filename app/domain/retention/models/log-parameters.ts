import type { Objective } from './minimize.ts';

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
