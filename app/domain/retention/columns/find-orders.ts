/** So many places of the filter for each id that is looked for: nearly all others fall on an empty one. */
const PLACES_AN_ID = 64;
const LARGEST_FILTER_BITS = 24;
/** 2^32 divided by the golden ratio: ids that follow one another are spread over all places (Knuth, 6.4). */
const SPREAD = 0x9e3779b1;

/**
 * The indexes of the orders with one of the ids, ascending. All ids are gone through, most of them with one look into a
 * table that answers "surely not".
 */
export function findOrders(orderIds: Float64Array, sought: ReadonlySet<number>): number[] {
  const places = Math.max(1, sought.size) * PLACES_AN_ID;
  const bits = Math.min(LARGEST_FILTER_BITS, Math.ceil(Math.log2(places)));
  const shift = 32 - bits;
  const filter = new Uint8Array(2 ** bits);
  for (const id of sought) filter[Math.imul(id | 0, SPREAD) >>> shift] = 1;
  const found: number[] = [];
  for (let i = 0; i < orderIds.length; i += 1) {
    const id = orderIds[i] ?? NaN;
    if (filter[Math.imul(id | 0, SPREAD) >>> shift] === 1 && sought.has(id)) found.push(i);
  }
  return found;
}
