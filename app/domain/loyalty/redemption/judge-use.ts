import { proportionHalfUp } from '../../money/proportion-half-up.ts';
import { assessOrder } from '../../retention/metrics/order-value.ts';
import type { OrderFacts } from '../../retention/metrics/order-value.ts';

/**
 * What an order that carries a code means for the points behind it. `spent`: it was paid. `open`: it may still be paid or
 * fall through. `void`: it was cancelled, deleted, wholly refunded or a test, so the points come back.
 */
export type CodeUse =
  | {
      readonly kind: 'spent';
      /** Goods as they were bought, and what is left of them after refunds to date, in the shop's currency. */
      readonly valueMinor: number;
      readonly remainingMinor: number;
    }
  | { readonly kind: 'open' }
  | { readonly kind: 'void'; readonly reason: VoidReason };

export type VoidReason = 'order-cancelled' | 'order-refunded' | 'order-deleted' | 'order-of-test' | 'order-not-paid';

const PAID: ReadonlySet<string | null> = new Set(['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED']);
const NEVER_PAID: ReadonlySet<string | null> = new Set(['VOIDED', 'EXPIRED']);

export function judgeUse(facts: OrderFacts): CodeUse {
  const verdict = assessOrder(facts, 'perennial', 'goodsBeforeRefunds');
  if (!verdict.counts) {
    switch (verdict.reason) {
      case 'cancelled':
        return { kind: 'void', reason: 'order-cancelled' };
      case 'refunded':
        return { kind: 'void', reason: 'order-refunded' };
      case 'deleted':
        return { kind: 'void', reason: 'order-deleted' };
      case 'test':
        return { kind: 'void', reason: 'order-of-test' };
      default:
        // A state that is new to us says nothing yet.
        return { kind: 'open' };
    }
  }
  if (NEVER_PAID.has(facts.financialStatus)) return { kind: 'void', reason: 'order-not-paid' };
  if (!PAID.has(facts.financialStatus)) return { kind: 'open' };
  const now = assessOrder(facts, 'perennial');
  return { kind: 'spent', valueMinor: verdict.valueMinor, remainingMinor: now.counts ? now.valueMinor : 0 };
}

/**
 * Points that should have come back by now of those that were spent on an order: in proportion to what was refunded of
 * its goods, rounded half up, all of them once nothing stands.
 *
 * @param valueMinor the goods when the points were spent; of an order of 0 they come back when it is cancelled, or never
 */
export function returnTarget({ points, valueMinor, use }: { points: number; valueMinor: number; use: CodeUse }): number {
  if (use.kind === 'void') return points;
  if (use.kind === 'open' || valueMinor === 0) return 0;
  const refundedMinor = Math.min(valueMinor, Math.max(0, valueMinor - use.remainingMinor));
  return proportionHalfUp(points, refundedMinor, valueMinor);
}
