import type { ShopperLoyaltyOn, ShopperReward, WayToEarn } from '#app/contracts/shopper-loyalty.ts';
import { listRewards } from '#app/domain/loyalty/redemption/list-rewards.ts';
import { worthOfReward } from '#app/domain/loyalty/redemption/reward-worth-of-points.ts';
import { pricesOf } from '#app/domain/loyalty/redemption/choose-reward.ts';
import type { ProgramShown } from '#app/domain/shopper/program-shown.ts';
import { listWaysToEarn } from '#app/domain/shopper/ways-to-earn.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';
import type { ShownProgram } from '#app/services/shopper/shopper-program.server.ts';
import { nameOfReward, tellAmount } from '#app/services/shopper/tell-redemption.server.ts';

/** What a program offers to one shopper. */
export interface Offered {
  /** What they can spend. */
  readonly points: number;
  readonly timesRedeemed: ReadonlyMap<string, number>;
  readonly tierFactorBasisPoints: number | null;
  readonly isWelcomed: boolean;
  /** Points for joining that are on their way; null where none are. */
  readonly welcomeComing: number | null;
  readonly hasOrdered: boolean;
  /** In which they pay; null for the shop's. */
  readonly currency: string | null;
}

export const TO_NOBODY: Omit<Offered, 'currency'> = {
  points: 0,
  timesRedeemed: new Map(),
  tierFactorBasisPoints: null,
  isWelcomed: false,
  welcomeComing: null,
  hasOrdered: false,
};

export function tellProgram({ status, lastRedemptionDay }: ProgramShown): ShopperLoyaltyOn['program'] {
  return { status, lastRedemptionDay: lastRedemptionDay === null ? null : formatDay(lastRedemptionDay) };
}

export function tellRewards({ terms, nowMs }: ShownProgram, { points, timesRedeemed }: Offered): ShopperReward[] {
  const { newest, currency, timeZone } = terms;
  return listRewards({ program: newest.program, points, currency, timesRedeemed, nowMs, timeZone }).map((listed) => {
    const { reward, leastPoints } = listed;
    const worth = worthOfReward(reward.gives, { points: leastPoints, currency });
    const minimum = reward.minimumSubtotals.find((amount) => amount.currency === currency);
    return {
      rewardId: reward.id,
      name: nameOfReward(reward),
      kind: reward.gives.kind,
      leastPoints,
      mostPoints: listed.mostPoints,
      stepPoints: reward.gives.kind === 'any-amount' ? pricesOf(reward).stepPoints : 1,
      shortfallPoints: listed.shortfallPoints,
      isWithinReach: listed.isWithinReach,
      hindrance: listed.hindrance,
      worth: worth && tellAmount(worth),
      percentBasisPoints: reward.gives.kind === 'percent' ? reward.gives.percentBasisPoints : null,
      minimumSubtotal: minimum === undefined || minimum.amountMinor === 0 ? null : tellAmount(minimum),
      validDays: reward.validDays,
    };
  });
}

export function tellWaysToEarn({ terms, nowMs }: ShownProgram, offered: Offered): WayToEarn[] {
  const { newest, currency: shopCurrency } = terms;
  const { currency, ...rest } = offered;
  const ways = listWaysToEarn({ program: newest.program, currency: currency ?? shopCurrency, shopCurrency, nowMs, ...rest });
  return ways.map((way): WayToEarn => {
    switch (way.kind) {
      case 'order':
        return { ...way, per: tellAmount(way.per) };
      case 'threshold':
        return { ...way, minimum: tellAmount(way.minimum) };
      case 'multiplier': {
        const { kind, name, factorBasisPoints, endsAtMs } = way;
        return { kind, name, factorBasisPoints, endsAt: endsAtMs === null ? null : formatInstant(endsAtMs) };
      }
      default:
        return way;
    }
  });
}
