import { isDeepStrictEqual } from 'node:util';
import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import { medianOf, timed } from '../bench.ts';
import type { ShopInPostgres } from './shop-in-postgres.ts';

export interface RefreshResult {
  /** Median seconds of reading all orders from PostgreSQL, and of reading a thousand changes. */
  fullLoad: number;
  refresh: number;
}

const CHANGES = 1_000;
/** A process refreshes for as long as it lives; with few rounds the engine would be seen compiling. */
const ROUNDS = 15;
const FULL_LOADS = 2;

/** The app's own reading of what was written since, each time after other changes; at the end it is what all is anew. */
export async function measureRefresh(shop: ShopInPostgres, loaded: ShopColumns): Promise<RefreshResult> {
  const refreshSeconds: number[] = [];
  let known = loaded;
  for (let round = 0; round <= ROUNDS; round += 1) {
    await shop.change(CHANGES);
    const { seconds, value } = await timed(() => shop.readChanges(known));
    if (value.read.orders !== CHANGES) throw new Error(`${value.read.orders} changes were read of ${CHANGES}.`);
    known = value;
    if (round > 0) refreshSeconds.push(seconds);
  }
  const loadSeconds: number[] = [];
  for (let load = 0; load < FULL_LOADS; load += 1) {
    const { seconds, value } = await timed(() => shop.readAll());
    loadSeconds.push(seconds);
    if (!isDeepStrictEqual(value.columns, known.columns)) throw new Error('The refreshed columns are not those read anew.');
  }
  return { fullLoad: medianOf(loadSeconds), refresh: medianOf(refreshSeconds) };
}
