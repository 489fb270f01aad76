import { generateStore } from '#test/simulator/store/generate-store.ts';
import { readOrdersExport } from '#test/simulator/store/orders-export.ts';
import type { SimStore } from '#test/simulator/state.ts';
import type { StoreSource } from './data-directory.ts';
import { UsageError } from './usage-error.ts';

const SEED = 20_260_101;

/** The same seed every time: two people who compare notes see the same store. */
export function makeGeneratedStore(source: Extract<StoreSource, { kind: 'generated' }>): SimStore {
  try {
    return generateStore({
      seed: SEED,
      orders: source.orders,
      asOf: source.asOf,
      shop: {
        ...(source.timeZone === undefined ? {} : { ianaTimezone: source.timeZone }),
        ...(source.currency === undefined ? {} : { currency: source.currency }),
      },
    });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UsageError(`--currency: the made-up store knows no prices in ${source.currency ?? 'it'} (${cause.message}).`, { cause });
  }
}
