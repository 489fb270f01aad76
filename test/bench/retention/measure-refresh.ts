import { isDeepStrictEqual } from 'node:util';
import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import { medianOf, timed } from '../bench.ts';
import type { ShopInPostgres } from './shop-in-postgres.ts';

export interface RefreshResult {
  /** Median seconds of reading all orders from PostgreSQL. */
  fullLoad: number;
  /** Seconds of reading a thousand changes: the very first time in this process, and the median of later times. */
  cold: number;
  warm: number;
}

const CHANGES = 1_000;
const WARM_ROUNDS = 15;
const FULL_LOADS = 3;

/** The app's own reading of what was written since, each time after other changes; at the end it is what all is anew. */
export async function measureRefresh(shop: ShopInPostgres, loaded: ShopColumns): Promise<RefreshResult> {
  let known = loaded;
  const refresh = async (): Promise<number> => {
    await shop.change(CHANGES);
    const { seconds, value } = await timed(() => shop.readChanges(known));
    if (value.read.orders !== CHANGES) throw new Error(`${value.read.orders} changes were read of ${CHANGES}.`);
    known = value;
    return seconds;
  };
  const cold = await refresh();
  const warmSeconds: number[] = [];
  while (warmSeconds.length < WARM_ROUNDS) warmSeconds.push(await refresh());
  const loadSeconds: number[] = [];
  while (loadSeconds.length < FULL_LOADS) {
    const { seconds, value } = await timed(() => shop.readAll());
    loadSeconds.push(seconds);
    if (!isDeepStrictEqual(value.columns, known.columns)) throw new Error('The refreshed columns are not those read anew.');
  }
  return { fullLoad: medianOf(loadSeconds), cold, warm: medianOf(warmSeconds) };
}
