import type { SimOrder } from './state.ts';

const DAY_MS = 86_400_000;

/** From how many orders on, up to how many days since the last one, which group; the first that fits. */
const RULES: readonly { fromOrders: number; upToDays: number; group: string }[] = [
  { fromOrders: 4, upToDays: 60, group: 'CHAMPIONS' },
  { fromOrders: 4, upToDays: 180, group: 'LOYAL' },
  { fromOrders: 4, upToDays: 365, group: 'AT_RISK' },
  { fromOrders: 4, upToDays: Infinity, group: 'PREVIOUSLY_LOYAL' },
  { fromOrders: 2, upToDays: 90, group: 'ACTIVE' },
  { fromOrders: 2, upToDays: 180, group: 'NEEDS_ATTENTION' },
  { fromOrders: 2, upToDays: 365, group: 'AT_RISK' },
  { fromOrders: 1, upToDays: 30, group: 'NEW' },
  { fromOrders: 1, upToDays: 90, group: 'PROMISING' },
  { fromOrders: 1, upToDays: 270, group: 'ALMOST_LOST' },
  { fromOrders: 1, upToDays: Infinity, group: 'DORMANT' },
  { fromOrders: 0, upToDays: Infinity, group: 'PROSPECTS' },
];

/**
 * A group that is plausible, and is not what anybody else computes: Shopify does not publish its cuts. By whole days and
 * counts, where Shopify compares customers with each other.
 *
 * @param orders those of the customer that count
 * @param now of the store: of its last order, so that a store that closed years ago has more than one group
 */
export function rfmGroupOf(orders: readonly SimOrder[], now: number): string {
  const last = Math.max(...orders.map(({ processedAt }) => Date.parse(processedAt)));
  const days = orders.length === 0 ? 0 : (now - last) / DAY_MS;
  return RULES.find(({ fromOrders, upToDays }) => orders.length >= fromOrders && days <= upToDays)?.group ?? 'PROSPECTS';
}
