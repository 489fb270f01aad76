import { MS_PER_24_HOURS, MS_PER_SECOND } from '../../time/durations.ts';
import { numberAt } from '../../retention/columns/number-column.ts';
import type { OrderColumns } from '../../retention/columns/order-columns.ts';
import { lowerBound } from '../../retention/columns/customer-keys.ts';
import type { Side } from './measure-lift.ts';

/** What was decided about a customer first, whatever came after: by that they are followed. */
export interface OfferDecision {
  readonly customerKey: number;
  readonly isHeldOut: boolean;
  readonly decidedAtMs: number;
  /** Of how many in 10,000 chance was to hold out such a customer; never 0, where it decided nothing. */
  readonly holdoutBasisPoints: number;
  /** The rule that fitted, also where its offer was withheld. */
  readonly ruleId: string;
}

export interface Sides {
  readonly offered: Side;
  readonly heldOut: Side;
  /** Customers whose time is not over yet, on both sides. */
  readonly waiting: number;
  /** When the first of those is; null without any. */
  readonly nextAtMs: number | null;
}

/**
 * What both sides did in the days after they were offered a code, or would have been. Every customer is followed for the
 * same time, and none before it is over: who was decided about last would otherwise seem to buy least.
 */
export function sumSides(
  columns: Pick<OrderColumns, 'customerKeys' | 'customerOffsets' | 'instantSeconds' | 'valuesMinor'>,
  decisions: readonly Pick<OfferDecision, 'customerKey' | 'isHeldOut' | 'decidedAtMs'>[],
  { followedDays, nowMs }: { followedDays: number; nowMs: number },
): Sides {
  const followedMs = followedDays * MS_PER_24_HOURS;
  const offered = emptySide();
  const heldOut = emptySide();
  let waiting = 0;
  let nextAtMs = Infinity;
  for (const { customerKey, isHeldOut, decidedAtMs } of decisions) {
    const endMs = decidedAtMs + followedMs;
    if (endMs > nowMs) {
      waiting += 1;
      nextAtMs = Math.min(nextAtMs, endMs);
      continue;
    }
    const side = isHeldOut ? heldOut : offered;
    const spent = spentBetween(columns, customerKey, { fromMs: decidedAtMs, untilMs: endMs });
    side.customers += 1;
    if (spent === null) continue;
    side.returned += 1;
    side.spentMinor += spent;
    side.squaresMinor += spent ** 2;
  }
  return { offered, heldOut, waiting, nextAtMs: nextAtMs === Infinity ? null : nextAtMs };
}

function emptySide(): { -readonly [Field in keyof Side]: number } {
  return { customers: 0, returned: 0, spentMinor: 0, squaresMinor: 0 };
}

/** Null for who did not buy; an order at the very moment of the decision is the one that it is about. */
function spentBetween(
  { customerKeys, customerOffsets, instantSeconds, valuesMinor }: Parameters<typeof sumSides>[0],
  customerKey: number,
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
): number | null {
  const customer = lowerBound(customerKeys, customerKey);
  if (customerKeys[customer] !== customerKey) return null;
  let spent: number | null = null;
  for (let order = numberAt(customerOffsets, customer); order < numberAt(customerOffsets, customer + 1); order += 1) {
    const atMs = numberAt(instantSeconds, order) * MS_PER_SECOND;
    if (atMs > fromMs && atMs <= untilMs) spent = (spent ?? 0) + numberAt(valuesMinor, order);
  }
  return spent;
}
