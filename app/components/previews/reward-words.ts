import type { Amount } from '#app/contracts/amount.ts';
import type { ShopperRedemption, ShopperReward } from '#app/contracts/shopper-loyalty.ts';
import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';

/** Under which keys a surface says what rewards are. */
interface RewardKeys {
  readonly reward: string;
  readonly amount: string;
  readonly percent: string;
  readonly freeShipping: string;
  readonly freeProduct: string;
  readonly storeCredit: string;
}

const EXTENSION_KEYS: RewardKeys = {
  reward: 'reward',
  amount: 'rewardAmount',
  percent: 'rewardPercent',
  freeShipping: 'rewardFreeShipping',
  freeProduct: 'rewardFreeProduct',
  storeCredit: 'rewardStoreCredit',
};

export const STOREFRONT_KEYS: RewardKeys = {
  reward: 'panel.reward',
  amount: 'panel.reward_amount',
  percent: 'panel.reward_percent',
  freeShipping: 'panel.reward_free_shipping',
  freeProduct: 'panel.reward_free_product',
  storeCredit: 'panel.reward_store_credit',
};

type NamedReward = Pick<ShopperReward, 'name' | 'worth' | 'percentBasisPoints'> & Pick<ShopperRedemption, 'kind'>;

/** What a reward, or what was redeemed of it, is called: by the merchant's name for it, or by what it is. */
export function nameReward({ name, kind, worth, percentBasisPoints }: NamedReward, wording: ShopperWording, keys: RewardKeys = EXTENSION_KEYS): string {
  if (name !== '') return name;
  if (kind === 'free-shipping') return wording.say(keys.freeShipping);
  if (kind === 'free-product') return wording.say(keys.freeProduct);
  if (kind === 'percent' && percentBasisPoints !== null) return wording.say(keys.percent, { percent: wording.percent(percentBasisPoints) });
  if (kind === null || worth === null) return wording.say(keys.reward);
  return wording.say(kind === 'store-credit' ? keys.storeCredit : keys.amount, { amount: wording.amount(worth) });
}

/** What a number of points is worth of a reward whose price can be chosen. */
export function worthOf({ kind, worth, leastPoints }: ShopperReward, points: number): Amount | null {
  if (worth === null || kind !== 'any-amount' || leastPoints <= 0) return worth;
  return { ...worth, amountMinor: Math.floor((worth.amountMinor * points) / leastPoints) };
}
