import type { ShopperRedemption, ShopperReward } from '../../../app/contracts/shopper-loyalty.ts';
import type { RefusalReason } from '../../shopper-kit/src/redeem.ts';
import { nameRedemption, nameReward, worthOf } from '../../shopper-kit/src/reward-words.ts';
import { formatAmount, formatCount, formatEnd, sayPoints } from '../../shopper-kit/src/words.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';

export interface RewardView {
  rewardId: string;
  title: string;
  price: string;
  terms: string[];
  /** Why it cannot be had; null where it can. */
  obstacle: string | null;
  /** Of a price that can be chosen; null for a fixed one. */
  choice: { least: number; most: number; step: number } | null;
}

export function viewReward(reward: ShopperReward, wording: Wording): RewardView {
  const { translate } = wording;
  const isChosen = reward.kind === 'any-amount';
  const most = Math.floor(reward.mostPoints / reward.stepPoints) * reward.stepPoints;
  return {
    rewardId: reward.rewardId,
    title: isChosen ? reward.name || translate('rewardAnyAmount') : nameReward(reward, wording),
    price: sayPrice(reward, wording),
    terms: sayTerms(reward, wording),
    obstacle: sayObstacle(reward, wording),
    choice: isChosen && most > reward.leastPoints ? { least: reward.leastPoints, most, step: reward.stepPoints } : null,
  };
}

/** Store credit never ends, and asks for no order. */
function sayTerms({ kind, minimumSubtotal, validDays }: ShopperReward, wording: Wording): string[] {
  if (kind === 'store-credit') return [];
  const { translate } = wording;
  const terms: string[] = [];
  if (minimumSubtotal !== null && minimumSubtotal.amountMinor > 0) terms.push(translate('minimum', { amount: formatAmount(minimumSubtotal, wording) }));
  if (validDays > 0) terms.push(translate('validDays', { count: validDays, days: formatCount(validDays, wording) }));
  return terms;
}

function sayPrice({ kind, worth, leastPoints }: ShopperReward, wording: Wording): string {
  return kind === 'any-amount' && worth !== null
    ? sayPoints('rate', leastPoints, wording, { amount: formatAmount(worth, wording) })
    : sayPoints('points', leastPoints, wording);
}

/** What is asked before points are spent. */
export function askToConfirm(reward: ShopperReward, points: number, wording: Wording): string {
  const worth = worthOf(reward, points);
  const isWorthTold = reward.kind === 'any-amount' && worth !== null;
  return isWorthTold
    ? sayPoints('confirmAmount', points, wording, { amount: formatAmount(worth, wording) })
    : sayPoints('confirm', points, wording);
}

/** A number of points that the reward can be had for, nearest below what was typed. */
export function fitPoints(typed: number, { least, most, step }: NonNullable<RewardView['choice']>): number {
  if (!Number.isFinite(typed)) return least;
  const steps = Math.floor((Math.min(Math.max(typed, least), most) - least) / step);
  return least + steps * step;
}

export function sayRefusal(reason: RefusalReason, { translate }: Wording): string {
  switch (reason) {
    case 'insufficient-points':
      return translate('refusedPoints');
    case 'limit-reached':
      return translate('limitReached');
    case 'changed':
    case 'not-offered':
      return translate('refusedChanged');
    case 'closed':
    case 'excluded':
      return translate('refusedClosed');
    case 'trouble':
      return translate('trouble');
  }
}

export interface RedemptionView {
  redemptionId: string;
  title: string;
  state: ShopperRedemption['state'];
  /** Only where it can be used. */
  code: string | null;
  sentence: string;
}

export function viewRedemption(redemption: ShopperRedemption, wording: Wording): RedemptionView {
  const { redemptionId, state } = redemption;
  const code = state === 'ready' ? redemption.code : null;
  return { redemptionId, title: nameRedemption(redemption, wording), state, code, sentence: sayState(redemption, wording) };
}

function sayState(redemption: ShopperRedemption, wording: Wording): string {
  const { translate } = wording;
  switch (redemption.state) {
    case 'making':
      return translate('stateMaking');
    case 'ready': {
      const date = formatEnd(redemption.endsAt, wording);
      return date === null ? '' : translate('useUntil', { date });
    }
    case 'used':
      return translate('stateUsed');
    case 'credited':
      return translate('stateCredited');
    case 'returned':
      return sayPoints('stateReturned', redemption.points, wording);
  }
}

function sayObstacle({ hindrance, isWithinReach, shortfallPoints }: ShopperReward, wording: Wording): string | null {
  if (hindrance !== null) return wording.translate('limitReached');
  if (isWithinReach) return null;
  return shortfallPoints > 0 ? sayPoints('shortfall', shortfallPoints, wording) : wording.translate('refusedClosed');
}
