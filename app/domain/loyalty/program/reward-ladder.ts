import { previewOrder } from './preview-order.ts';
import type { Program, Reward } from './program.ts';
import { leastAmountOf, leastPointsOf } from './reward-worth.ts';

/** What a merchant should know before offering it. None of it is forbidden. */
export type RewardWarning =
  /** A cheaper reward gives more for a point: nobody has a reason to save for this one. */
  | { readonly kind: 'worth-less'; readonly thanIndex: number }
  | { readonly kind: 'far-away'; readonly orders: number }
  /** Few orders come to the minimum. */
  | { readonly kind: 'minimum-far'; readonly times: number }
  /** An order of the minimum is worth less than what it takes off; the rest is lost. */
  | { readonly kind: 'more-than-minimum' };

const FAR_ORDERS = 20;
const FAR_MINIMUM_TIMES = 5;

export interface LadderStep {
  readonly index: number;
  readonly points: number;
  /** In the shop's currency; null where it gives no money. */
  readonly amountMinor: number | null;
  /** Orders of the store's average value; null where that is not known. */
  readonly ordersAway: number | null;
  readonly warnings: readonly RewardWarning[];
}

export interface LadderQuestion {
  readonly currency: string;
  readonly aovMinor: number | null;
  readonly nowMs: number;
}

/** The rewards that are offered, from the nearest on. */
export function rewardLadder(program: Program, { currency, aovMinor, nowMs }: LadderQuestion): LadderStep[] {
  const value = aovMinor === null ? null : { currency, amountMinor: Math.round(aovMinor) };
  const pointsAnOrder = value === null ? 0 : previewOrder(program, { value, nowMs }).targetPoints;
  const steps = program.rewards.flatMap((reward, index): LadderStep[] => {
    if (!reward.isOffered) return [];
    const points = leastPointsOf(reward.gives);
    const ordersAway = pointsAnOrder > 0 ? Math.ceil(points / pointsAnOrder) : null;
    const warnings = [
      ...worthWarnings(program.rewards, index, currency),
      ...(ordersAway !== null && ordersAway > FAR_ORDERS ? [{ kind: 'far-away', orders: ordersAway } as const] : []),
      ...minimumWarnings(reward, { currency, aovMinor }),
    ];
    return [{ index, points, amountMinor: leastAmountOf(reward.gives, currency), ordersAway, warnings }];
  });
  return steps.sort((one, other) => one.points - other.points);
}

function worthWarnings(rewards: readonly Reward[], index: number, currency: string): RewardWarning[] {
  const own = rewards[index];
  const ownMinor = own === undefined ? null : leastAmountOf(own.gives, currency);
  if (own === undefined || ownMinor === null) return [];
  const ownPoints = leastPointsOf(own.gives);
  const thanIndex = rewards.findIndex(({ isOffered, gives }) => {
    const minor = isOffered ? leastAmountOf(gives, currency) : null;
    const points = leastPointsOf(gives);
    return minor !== null && points < ownPoints && minor * ownPoints > ownMinor * points;
  });
  return thanIndex === -1 ? [] : [{ kind: 'worth-less', thanIndex }];
}

function minimumWarnings({ gives, minimumSubtotals }: Reward, { currency, aovMinor }: { currency: string; aovMinor: number | null }): RewardWarning[] {
  const least = minimumSubtotals.find((minimum) => minimum.currency === currency)?.amountMinor;
  if (least === undefined) return [];
  const warnings: RewardWarning[] = [];
  const amountMinor = leastAmountOf(gives, currency);
  if (amountMinor !== null && gives.kind !== 'store-credit' && amountMinor > least) warnings.push({ kind: 'more-than-minimum' });
  const times = aovMinor === null || aovMinor <= 0 ? 0 : least / aovMinor;
  if (times >= FAR_MINIMUM_TIMES) warnings.push({ kind: 'minimum-far', times: Math.floor(times) });
  return warnings;
}
