import type { RedemptionFacts } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import type { Amount } from '#app/contracts/amount.ts';
import type { ShopperRedemption } from '#app/contracts/shopper-loyalty.ts';
import type { MoneyAmount, Reward } from '#app/domain/loyalty/program/program.ts';
import type { ProgramVersion } from '#app/domain/loyalty/program/version-in-force.ts';
import { requireCurrencyExponent } from '#app/domain/money/currency.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';

export function tellAmount({ amountMinor, currency }: MoneyAmount): Amount {
  return { amountMinor, currency, decimals: requireCurrencyExponent(currency) };
}

/** Empty where the merchant gave none; what is free is called as the product is. */
export function nameOfReward({ name, gives }: Pick<Reward, 'name' | 'gives'>): string {
  const own = name.trim();
  return own === '' && gives.kind === 'free-product' ? gives.title : own;
}

/** As its shopper sees it, by the reward that it was made of. */
export function tellRedemption(redemption: RedemptionFacts, { versions, nowMs }: { versions: readonly ProgramVersion[]; nowMs: number }): ShopperRedemption {
  const { redemptionId, rewardId, programVersion, points, worth, expiresAtMs } = redemption;
  const version = versions.find((one) => one.version === programVersion);
  const reward = version?.program.rewards.find(({ id }) => id === rewardId);
  const state = stateOf(redemption, nowMs);
  return {
    redemptionId,
    rewardId,
    name: reward === undefined ? '' : nameOfReward(reward),
    kind: reward?.gives.kind ?? null,
    percentBasisPoints: reward?.gives.kind === 'percent' ? reward.gives.percentBasisPoints : null,
    points,
    state,
    code: state === 'ready' ? redemption.code : null,
    worth: worth && tellAmount(worth),
    endsAt: formatInstant(expiresAtMs),
  };
}

function stateOf({ state, code, expiresAtMs }: RedemptionFacts, nowMs: number): ShopperRedemption['state'] {
  switch (state) {
    case 'reserved':
      return 'making';
    case 'issued':
      // Nobody can use it any more, and the worker gives the points back once no late order can have it.
      return expiresAtMs < nowMs ? 'returned' : 'ready';
    case 'captured':
      return code === null ? 'credited' : 'used';
    case 'releasing':
    case 'released':
      return 'returned';
  }
}
