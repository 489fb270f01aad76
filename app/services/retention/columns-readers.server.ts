import { AsyncLocalStorage } from 'node:async_hooks';

import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';

/*
 * Who reads which columns. New columns may take the memory of old ones that nobody reads: a store that changes all day
 * would otherwise be copied all day, 26 MB a million orders each time, and the copies be collected.
 */

/** What one computation has been given. */
const reading = new AsyncLocalStorage<Set<OrderColumns>>();

const readers = new WeakMap<OrderColumns, number>();
const kept = new WeakSet<OrderColumns>();

/**
 * Columns that are asked for within `compute` are read until it has ended: neither its answer nor anything that it
 * leaves behind may hold them. What does, says so by `keepColumns`.
 */
export function readingColumns<T>(compute: () => Promise<T>): Promise<T> {
  const own = new Set<OrderColumns>();
  return reading.run(own, async () => {
    try {
      return await compute();
    } finally {
      for (const columns of own) readers.set(columns, (readers.get(columns) ?? 0) - 1);
    }
  });
}

/** To be called before columns are handed out. Outside of a computation nobody knows until when they are read. */
export function noteReader(columns: OrderColumns): void {
  const own = reading.getStore();
  if (own === undefined) {
    keepColumns(columns);
  } else if (!own.has(columns)) {
    own.add(columns);
    readers.set(columns, (readers.get(columns) ?? 0) + 1);
  }
}

/** They stay as they are for good. */
export function keepColumns(columns: OrderColumns): void {
  kept.add(columns);
}

/** Whether nobody would see it if these were no more. */
export function areUnread(columns: OrderColumns): boolean {
  return !kept.has(columns) && (readers.get(columns) ?? 0) === 0;
}
