import type { Amount } from '../../../app/contracts/amount.ts';
import type { ShopperRedemption, ShopperReward } from '../../../app/contracts/shopper-loyalty.ts';
import { formatAmount, formatPercent } from './words.ts';
import type { Wording } from './words.ts';

/** What a reward is called: the merchant's name for it, or what it is. */
export function nameReward(reward: Pick<ShopperReward, 'name' | 'kind' | 'worth' | 'percentBasisPoints'>, wording: Wording): string {
  return reward.name || describeReward(reward, reward.worth, wording);
}

/** The same for what was redeemed, which may be of a reward that nobody knows any more. */
export function nameRedemption(redemption: ShopperRedemption, wording: Wording): string {
  const { name, kind, worth, percentBasisPoints } = redemption;
  if (name !== '') return name;
  return kind === null ? wording.translate('reward') : describeReward({ kind, percentBasisPoints }, worth, wording);
}

/** What a number of points is worth of a reward whose price can be chosen; the same as told for any other. */
export function worthOf({ kind, worth, leastPoints }: ShopperReward, points: number): Amount | null {
  if (worth === null || kind !== 'any-amount' || leastPoints <= 0) return worth;
  return { ...worth, amountMinor: Math.floor((worth.amountMinor * points) / leastPoints) };
}

function describeReward(
  { kind, percentBasisPoints }: Pick<ShopperReward, 'kind' | 'percentBasisPoints'>,
  worth: Amount | null,
  wording: Wording,
): string {
  const { translate } = wording;
  if (kind === 'free-shipping') return translate('rewardFreeShipping');
  if (kind === 'free-product') return translate('rewardFreeProduct');
  if (kind === 'percent' && percentBasisPoints !== null) {
    return translate('rewardPercent', { percent: formatPercent(percentBasisPoints, wording) });
  }
  if (worth === null) return translate('reward');
  return translate(kind === 'store-credit' ? 'rewardStoreCredit' : 'rewardAmount', { amount: formatAmount(worth, wording) });
}
