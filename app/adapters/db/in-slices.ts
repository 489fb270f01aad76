// PostgreSQL takes 32,767 parameters in a statement, and Prisma makes each id one.
const SLICE = 10_000;

/** Ids in lists short enough for an `in` of one statement. */
export function inSlices<T>(ids: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(ids.length / SLICE) }, (_, index) => ids.slice(index * SLICE, (index + 1) * SLICE));
}
