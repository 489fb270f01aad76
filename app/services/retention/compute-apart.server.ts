import { hasOrdersBeyond } from '#app/adapters/db/has-orders-beyond.server.ts';
import { ComputingThread, isComputingThread } from '#app/adapters/threads/computing-thread.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { MS_PER_MINUTE } from '#app/domain/time/durations.ts';
import { readingColumns } from '#app/services/retention/columns-readers.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What can be computed apart, by the names under which answers-apart.server.ts has it. */
export type ApartName = 'customers' | 'customers-sheet' | 'customer' | 'overview' | 'warm-overview' | 'retention-report' | 'cohorts' | 'product-report' | 'product-actions' | 'products' | 'predictions' | 'models' | 'due-customers' | 'segments' | 'segment-members' | 'rfm-agreement' | 'loyalty-simulation' | 'offer-lift' | 'offer-results';

export interface ApartQuestion {
  name: ApartName;
  shop: ShopRef;
  /** Epoch milliseconds: both threads have one clock, but a test's is its own. */
  nowMs: number;
  input: unknown;
}

export type Computation<Input, Answer> = (context: ShopContext, input: Input) => Promise<Answer>;

/**
 * Up to here columns are read and a report is computed in the pauses between requests. Of ten million orders the sort
 * alone would hold up every other request for seconds.
 */
export const LARGE_FROM_ORDERS = 200_000;
/** While its history is imported a shop gets six thousand orders a second. */
const SMALL_FOR_MS = MS_PER_MINUTE;

const thread = new ComputingThread<ApartQuestion>('#app/retention-thread.server.ts');

/**
 * The same computation, which for a large shop runs in a thread of its own. That one has the shop's columns, and its own
 * connections; from here it gets the shop and the input, and what it answers is copied, so both are plain data.
 */
export function computedApart<Input, Answer>(
  name: ApartName,
  compute: Computation<Input, Answer>,
  { fromOrders = LARGE_FROM_ORDERS }: { fromOrders?: number } = {},
): Computation<Input, Answer> {
  const isLarge = new LargeShops(fromOrders);
  return async (context, input) => {
    if (isComputingThread || !(await isLarge.has(context))) return readingColumns(() => compute(context, input));
    return thread.ask<Answer>({ name, shop: context.shop, nowMs: context.now().getTime(), input });
  };
}

/** Ends the thread; the next question starts another. */
export function stopComputingApart(): Promise<void> {
  return thread.stop();
}

/** A shop that is large stays so; of a small one that is asked again after a minute. */
class LargeShops {
  readonly #fromOrders: number;
  readonly #known = new Map<number, { isLarge: boolean; untilMs: number }>();

  constructor(fromOrders: number) {
    this.#fromOrders = fromOrders;
  }

  async has({ inShop, shop, monotonicMs }: ShopContext): Promise<boolean> {
    const known = this.#known.get(shop.shopId);
    if (known && monotonicMs() < known.untilMs) return known.isLarge;
    const isLarge = await inShop((db) => hasOrdersBeyond(db, shop, this.#fromOrders));
    this.#known.set(shop.shopId, { isLarge, untilMs: isLarge ? Infinity : monotonicMs() + SMALL_FOR_MS });
    return isLarge;
  }
}
