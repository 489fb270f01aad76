import type { Amount } from '#app/contracts/amount.ts';
import type { ShopperRedemption, ShopperReward } from '#app/contracts/shopper-loyalty.ts';
import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';

/** What a reward is called: the merchant's name for it, or what it is. */
export function nameReward({ name, kind, worth, percentBasisPoints }: Pick<ShopperReward, 'name' | 'kind' | 'worth' | 'percentBasisPoints'>, wording: ShopperWording): string {
  if (name !== '') return name;
  if (kind === 'free-shipping') return wording.say('rewardFreeShipping');
  if (kind === 'free-product') return wording.say('rewardFreeProduct');
  if (kind === 'percent' && percentBasisPoints !== null) return wording.say('rewardPercent', { percent: wording.percent(percentBasisPoints) });
  if (worth === null) return wording.say('reward');
  return wording.say(kind === 'store-credit' ? 'rewardStoreCredit' : 'rewardAmount', { amount: wording.amount(worth) });
}

export function nameRedemption({ name, kind, worth, percentBasisPoints }: ShopperRedemption, wording: ShopperWording): string {
  if (kind === null) return name === '' ? wording.say('reward') : name;
  return nameReward({ name, kind, worth, percentBasisPoints }, wording);
}

/** What a number of points is worth of a reward whose price can be chosen. */
export function worthOf({ kind, worth, leastPoints }: ShopperReward, points: number): Amount | null {
  if (worth === null || kind !== 'any-amount' || leastPoints <= 0) return worth;
  return { ...worth, amountMinor: Math.floor((worth.amountMinor * points) / leastPoints) };
}
