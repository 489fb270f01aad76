import { OrderPlaces } from './order-places.ts';

/** Which orders of later columns are those of earlier ones. */
export interface MatchedOrders {
  /** Per order now its place before; -1, -2 and so on for the first, the second and so on of the changed ones. */
  sources: Int32Array;
  /** Places now of the changed ones. */
  fresh: Int32Array;
  /** Places before of orders that changed, or that are not in the columns any more. */
  gone: number[];
}

/**
 * Orders that did not change follow each other as before, so that one pass finds each. Null where that is not so, or an
 * id is beyond 2^53.
 */
export function matchOrders(before: Float64Array, now: Float64Array, changedIds: readonly number[]): MatchedOrders | null {
  if (!changedIds.every(Number.isSafeInteger)) return null;
  const changed = new OrderPlaces(Float64Array.from(changedIds));
  const isChanged = (orderId: number) => changed.find(orderId) !== -1;
  const sources = new Int32Array(now.length);
  const fresh: number[] = [];
  const gone: number[] = [];
  let place = 0;
  /** Whether all orders before the one that is wanted have changed. */
  const passTo = (wanted: number | null): boolean => {
    for (; place < before.length && before[place] !== wanted; place += 1) {
      if (!isChanged(before[place] ?? NaN)) return false;
      gone.push(place);
    }
    return true;
  };
  for (let order = 0; order < now.length; order += 1) {
    const orderId = now[order] ?? NaN;
    if (isChanged(orderId)) {
      sources[order] = -fresh.push(order);
      continue;
    }
    if (!passTo(orderId) || place === before.length) return null;
    sources[order] = place;
    place += 1;
  }
  return passTo(null) ? { sources, fresh: Int32Array.from(fresh), gone } : null;
}
