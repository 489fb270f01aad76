
/** `vectors` holds the unit eigenvector of `values[axis]` in its column `axis`, row by row. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** Jacobi's rotations: slow and exact, for the few rows that a likelihood's Hessian has. */
export function eigenOfSymmetric(matrix: Float64Array, size: number): Eigen {
  const work = Float64Array.from(matrix);
  const vectors = new Float64Array(size * size);
  for (let index = 0; index < size; index += 1) vectors[index * size + index] = 1;
  for (let sweep = 0; sweep < 60; sweep += 1) {
    let isDiagonal = true;
    for (let p = 0; p < size; p += 1) {
      for (let q = p + 1; q < size; q += 1) {
        const off = Math.abs(work[p * size + q] ?? NaN);
        const scale = Math.abs((work[p * size + p] ?? NaN) * (work[q * size + q] ?? NaN));
        if (off === 0 || off * off <= 1e-32 * scale) continue;
        isDiagonal = false;
        rotate(work, vectors, { p, q, size });
      }
    }
    if (isDiagonal) break;
  }
  return { values: Float64Array.from({ length: size }, (_, index) => work[index * size + index] ?? NaN), vectors };
}

function rotate(work: Float64Array, vectors: Float64Array, { p, q, size }: { p: number; q: number; size: number }): void {
  const theta = ((work[q * size + q] ?? NaN) - (work[p * size + p] ?? NaN)) / (2 * (work[p * size + q] ?? NaN));
  const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const turn = (target: Float64Array, first: number, second: number) => {
    const one = target[first] ?? NaN;
    const two = target[second] ?? NaN;
    target[first] = cosine * one - sine * two;
    target[second] = sine * one + cosine * two;
  };
  for (let index = 0; index < size; index += 1) turn(work, index * size + p, index * size + q);
  for (let index = 0; index < size; index += 1) turn(work, p * size + index, q * size + index);
  for (let index = 0; index < size; index += 1) turn(vectors, index * size + p, index * size + q);
}

/** The inverse of a matrix all of whose eigenvalues are positive, beyond rounding; else null. */
export function invertPositive(matrix: Float64Array, size: number): Float64Array | null {
  const { values, vectors } = eigenOfSymmetric(matrix, size);
  const largest = Math.max(...values);
  if (!(Math.min(...values) > 1e-13 * largest) || !Number.isFinite(largest)) return null;
  const inverse = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      let sum = 0;
      for (let axis = 0; axis < size; axis += 1) {
        sum += ((vectors[row * size + axis] ?? NaN) * (vectors[column * size + axis] ?? NaN)) / (values[axis] ?? NaN);
      }
      inverse[row * size + column] = sum;
    }
  }
  return inverse;
}
