import { allocateProportionally } from '../../money/allocate-proportionally.ts';
import { deriveOrderValue } from '../../retention/metrics/order-value.ts';
import { earningMoneyOf, isPaidInFull } from './earning-order.ts';
import type { EarningFacts, EarningLine, EarningOrder } from './earning-order.ts';

/** An order as it stands now, and as it stood before. */
export interface PastOrder extends EarningOrder {
  /** In rising order of time; absent where it always stood so, by all that is known. */
  readonly earlier?: readonly EarlierOrder[];
}

export interface EarlierOrder {
  /** When the refund came that changed it. */
  readonly untilMs: number;
  readonly order: EarningOrder;
}

export interface PastRefund {
  readonly atMs: number;
  /** In the shop's currency. */
  readonly amountMinor: number;
}

/**
 * Puts refunds to the order that they are of. What goods were worth before and after all of them is known; of several each
 * is taken to have had the part in the difference that it has in the money, which is exact where only goods were refunded.
 * What a line was then is not kept: before the last refund lines weigh as they were bought. Of an order that never counted
 * or was cancelled there is no earlier: it earned nothing at any time.
 *
 * @param refunds in rising order of time; one whose time is not known is left out, and was there from the beginning
 */
export function withEarlier(order: EarningOrder, { facts, linesAsBought, refunds }: Refunded): PastOrder {
  const stood = order.exclusion === null || order.exclusion === 'refunded';
  if (refunds.length === 0 || !stood || !isPaidInFull(order)) return order;
  const nowMinor = order.shopValue.amountMinor;
  const lostMinor = Math.max(0, deriveOrderValue({ ...facts, cancelledAt: null }, 'goodsBeforeRefunds') - nowMinor);
  const amounts = refunds.map(({ amountMinor }) => Math.max(0, amountMinor));
  const elsewhereMinor = Math.max(0, facts.totalRefundedMinor - amounts.reduce((sum, minor) => sum + minor, 0));
  const parts = allocateProportionally(lostMinor, [...amounts, elsewhereMinor]);
  let valueMinor = nowMinor;
  const earlier = refunds.map(({ atMs }, index) => ({ atMs, part: parts[index] ?? 0 })).reverse().map(({ atMs, part }) => {
    valueMinor += part;
    const before: EarningOrder = { ...order, exclusion: null, financialStatus: 'PAID', ...earningMoneyOf(facts, valueMinor), lines: linesAsBought };
    return { untilMs: atMs, order: before };
  });
  return { ...order, earlier: earlier.reverse() };
}

interface Refunded {
  readonly facts: EarningFacts;
  readonly linesAsBought: readonly EarningLine[];
  readonly refunds: readonly PastRefund[];
}

/** Something that happened to an order: it was placed, or what it stood at became less. */
export interface OrderDeed {
  readonly atMs: number;
  readonly kind: 'placed' | 'refunded';
  /** As it stood from then on. */
  readonly order: EarningOrder;
}

/** What happened to a customer's orders, in rising order of time. */
export function deedsOf(orders: readonly PastOrder[]): OrderDeed[] {
  const deeds = orders.flatMap(deedsOfOne);
  if (deeds.length < 2) return deeds;
  return deeds.sort((a, b) => a.atMs - b.atMs || (a.order.orderId < b.order.orderId ? -1 : a.order.orderId > b.order.orderId ? 1 : 0));
}

function deedsOfOne(order: PastOrder): OrderDeed[] {
  const { processedAtMs, earlier = [] } = order;
  const states = [...earlier.filter(({ untilMs }) => untilMs > processedAtMs), { untilMs: Infinity, order }];
  return states.map((state, index) => {
    const before = states[index - 1];
    if (before === undefined) return { atMs: processedAtMs, kind: 'placed', order: state.order };
    return { atMs: before.untilMs, kind: 'refunded', order: state.order };
  });
}
