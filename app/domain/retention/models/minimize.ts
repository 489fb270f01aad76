import { eigenOfSymmetric } from './symmetric-matrix.ts';
import type { Eigen } from './symmetric-matrix.ts';

/** A function, its gradient and its Hessian (row by row) at a point. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

export type Objective = (point: Float64Array) => Evaluation;

export interface Minimum {
  readonly point: Float64Array;
  readonly evaluation: Evaluation;
  readonly passes: number;
  /** Coordinates that have run to their bound, or of which the function does not tell any more. */
  readonly atEdge: readonly boolean[];
}

export type MinimizeOutcome =
  | ({ readonly ok: true } & Minimum)
  | {
      readonly ok: false;
      readonly reason: 'not-converged' | 'not-finite';
      readonly detail: string;
      readonly passes: number;
      /** The lowest that was seen. */
      readonly value: number;
    };

export interface MinimizeOptions {
  readonly start: readonly number[];
  /** Where a coordinate ends, if it does: beyond, the function is as good as at its limit. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly maxPasses?: number;
}

const MAX_PASSES = 100;
const FIRST_RADIUS = 2;
const LARGEST_RADIUS = 8;
/**
 * What a full Newton step would still gain when the search ends: the point is then off by 1e-8 standard errors where the
 * function is -log L. Of a large value, a share that is the square of its gradient's rounding.
 */
const LEAST_GAIN = 1e-17;
const LEAST_SHARE = 1e-22;
/** Rounding in a sum of many terms, as a share of the sum. */
const NOISE = 1e-13;
/** A minimum that runs to infinity is approached by steps of about one in logarithms: an edge is tried before that. */
const EDGE_STEP = 0.3;
/** Slope and curvature along a coordinate that make no difference to anybody over a thousandfold of the parameter. */
const FLAT = 1e-6;
const EDGE_GAIN = 1;

/**
 * Newton's method in a trust region (Moré and Sorensen 1983), for a handful of coordinates, so that the region's problem
 * is solved exactly in the Hessian's own axes. Coordinates are logarithms or the like, of which a step of one is neither
 * small nor wild. One evaluation is one pass over the data.
 *
 * A coordinate that wants to run to infinity is sent to its bound at once and left there if the function agrees.
 */
export function minimize(objective: Objective, options: MinimizeOptions): MinimizeOutcome {
  const search = new TrustRegionSearch(objective, options);
  return search.run();
}

class TrustRegionSearch {
  readonly #objective: Objective;
  readonly #options: MinimizeOptions;
  readonly #size: number;
  #point: Float64Array;
  #here: Evaluation;
  #radius = FIRST_RADIUS;
  #passes = 0;
  readonly #triedEdgeAt: number[];

  constructor(objective: Objective, options: MinimizeOptions) {
    this.#objective = objective;
    this.#options = options;
    this.#size = options.start.length;
    this.#point = this.#clipped(Float64Array.from(options.start));
    this.#triedEdgeAt = options.start.map(() => NaN);
    this.#here = this.#evaluate(this.#point);
  }

  run(): MinimizeOutcome {
    const maxPasses = this.#options.maxPasses ?? MAX_PASSES;
    if (!isFinite(this.#here)) return this.#refuse('not-finite', 'the function is not finite where the search starts');
    while (this.#passes < maxPasses) {
      const free = this.#freeCoordinates();
      const step = this.#step(free);
      if (step.gain <= LEAST_GAIN + LEAST_SHARE * Math.abs(this.#here.value)) return this.#found(free);
      if (this.#tryEdge(step)) continue;
      const moved = this.#tryStep(step);
      if (!moved && this.#radius < 1e-10) {
        // Rounding hides what little there is to gain: this is as low as it can be seen to be.
        if (step.gain <= NOISE * (1 + Math.abs(this.#here.value))) return this.#found(free);
        return this.#refuse('not-converged', `no step helps, yet ${step.gain} is left to gain`);
      }
    }
    return this.#refuse('not-converged', `not at a minimum after ${this.#passes} passes`);
  }

  #evaluate(point: Float64Array): Evaluation {
    this.#passes += 1;
    return this.#objective(point);
  }

  #found(free: readonly boolean[]): MinimizeOutcome {
    return {
      ok: true,
      point: this.#point,
      evaluation: this.#here,
      passes: this.#passes,
      atEdge: free.map((isFree) => !isFree),
    };
  }

  #refuse(reason: 'not-converged' | 'not-finite', detail: string): MinimizeOutcome {
    return { ok: false, reason, detail, passes: this.#passes, value: this.#here.value };
  }

  #clipped(point: Float64Array): Float64Array {
    const { lower, upper } = this.#options;
    return point.map((value, index) =>
      Math.min(upper[index] ?? Number.POSITIVE_INFINITY, Math.max(lower[index] ?? Number.NEGATIVE_INFINITY, value)),
    );
  }

  /** Not those at a bound where the function falls outwards, nor those along which it is flat. */
  #freeCoordinates(): boolean[] {
    const { lower, upper } = this.#options;
    return Array.from({ length: this.#size }, (_, index) => {
      const at = this.#point[index] ?? NaN;
      const slope = this.#here.gradient[index] ?? NaN;
      const curvature = this.#here.hessian[index * this.#size + index] ?? NaN;
      if (Math.abs(slope) < FLAT && Math.abs(curvature) < FLAT) return false;
      const noise = NOISE * (1 + Math.abs(this.#here.value));
      const isOut = (at <= (lower[index] ?? NaN) && slope >= -noise) || (at >= (upper[index] ?? NaN) && slope <= noise);
      return !isOut;
    });
  }

  #step(free: readonly boolean[]): Step {
    const axes = free.flatMap((isFree, index) => (isFree ? [index] : []));
    const gradient = Float64Array.from(axes, (index) => this.#here.gradient[index] ?? NaN);
    const hessian = new Float64Array(axes.length * axes.length);
    axes.forEach((row, i) => {
      axes.forEach((column, j) => {
        hessian[i * axes.length + j] = this.#here.hessian[row * this.#size + column] ?? NaN;
      });
    });
    const { move, gain } = trustRegionStep(gradient, eigenOfSymmetric(hessian, axes.length), this.#radius);
    const whole = new Float64Array(this.#size);
    axes.forEach((index, i) => {
      whole[index] = move[i] ?? NaN;
    });
    return { move: whole, gain };
  }

  #tryStep({ move, gain }: Step): boolean {
    const target = this.#clipped(this.#point.map((value, index) => value + (move[index] ?? NaN)));
    const there = this.#evaluate(target);
    const length = Math.hypot(...move);
    const slack = NOISE * Math.abs(this.#here.value);
    const ratio = isFinite(there) ? (this.#here.value - there.value + slack) / (gain + slack) : -1;
    if (ratio < 0.25) this.#radius = 0.25 * Math.min(this.#radius, length);
    else if (ratio > 0.75 && length > 0.9 * this.#radius) this.#radius = Math.min(LARGEST_RADIUS, 2 * this.#radius);
    if (!(ratio > 1e-4)) return false;
    this.#point = target;
    this.#here = there;
    return true;
  }

  /** True when the point has moved to a bound. */
  #tryEdge({ move, gain }: Step): boolean {
    if (gain > EDGE_GAIN) return false;
    for (let index = 0; index < this.#size; index += 1) {
      const by = move[index] ?? NaN;
      const at = this.#point[index] ?? NaN;
      const edge = by > 0 ? this.#options.upper[index] : this.#options.lower[index];
      // Tried again only once the coordinate has come twice as far.
      const last = this.#triedEdgeAt[index] ?? NaN;
      const isWorthIt = Math.abs(by) >= EDGE_STEP && !(Math.abs(at - last) < 1);
      if (edge === undefined || !Number.isFinite(edge) || edge === at || !isWorthIt) continue;
      this.#triedEdgeAt[index] = at;
      const target = this.#clipped(this.#point.map((value, other) => value + (move[other] ?? NaN)));
      target[index] = edge;
      const there = this.#evaluate(target);
      if (!isFinite(there) || there.value > this.#here.value) continue;
      this.#point = target;
      this.#here = there;
      return true;
    }
    return false;
  }
}

interface Step {
  readonly move: Float64Array;
  /** By how much the quadratic model falls. */
  readonly gain: number;
}

function isFinite({ value, gradient, hessian }: Evaluation): boolean {
  return Number.isFinite(value) && gradient.every(Number.isFinite) && hessian.every(Number.isFinite);
}

/** The lowest point within the radius of the quadratic with this gradient and Hessian, and how much lower it lies. */
function trustRegionStep(gradient: Float64Array, { values, vectors }: Eigen, radius: number): Step {
  const size = gradient.length;
  const along = Float64Array.from({ length: size }, (_, axis) => {
    let sum = 0;
    for (let index = 0; index < size; index += 1) {
      sum += (vectors[index * size + axis] ?? NaN) * (gradient[index] ?? NaN);
    }
    return sum;
  });
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-300);
  const lengthAt = (shift: number) =>
    Math.hypot(...along.map((slope, axis) => slope / Math.max((values[axis] ?? NaN) + shift, 1e-15 * largest)));
  let shift = Math.max(0, -Math.min(...values, 0) + (Math.min(...values, 0) < 0 ? 1e-10 * largest : 0));
  if (lengthAt(shift) > radius) {
    let low = shift;
    let high = shift + Math.hypot(...along) / radius;
    for (let round = 0; round < 100 && high - low > 1e-12 * high; round += 1) {
      const middle = (low + high) / 2;
      if (lengthAt(middle) > radius) low = middle;
      else high = middle;
    }
    shift = high;
  }
  const move = new Float64Array(size);
  let gain = 0;
  for (let axis = 0; axis < size; axis += 1) {
    const curvature = values[axis] ?? NaN;
    const slope = along[axis] ?? NaN;
    const by = -slope / Math.max(curvature + shift, 1e-15 * largest);
    gain -= slope * by + 0.5 * curvature * by * by;
    for (let index = 0; index < size; index += 1) {
      move[index] = (move[index] ?? NaN) + by * (vectors[index * size + axis] ?? NaN);
    }
  }
  return { move, gain };
}
