import type {
  ShopperBalance,
  ShopperLoyaltyOff,
  ShopperLoyaltyOn,
  ShopperRedemption,
  ShopperReward,
  ShopperTier,
  TierDistance,
  TierPerk,
} from '../../../app/contracts/shopper-loyalty.ts';
import { isRecord } from './is-record.ts';
import { readAmount, readList, readNumber, readNumberOrNull, readText, readTextOrNull, readTexts, readWord } from './read-fields.ts';
import { readWayToEarn } from './read-way-to-earn.ts';

const REWARD_KINDS = ['amount', 'any-amount', 'percent', 'free-shipping', 'free-product', 'store-credit'] as const;
const REDEMPTION_STATES = ['making', 'ready', 'used', 'credited', 'returned'] as const;

/** What extensions can be told: they are asked by who is signed in. */
export type KnownLoyalty = ShopperLoyaltyOff | ShopperLoyaltyOn;

/** Null for what is no answer of ours; `off` for a state from the future, since nothing can be said of it. */
export function readLoyalty(body: unknown): KnownLoyalty | null {
  if (!isRecord(body) || typeof body.state !== 'string') return null;
  if (body.state !== 'on') return { state: 'off', texts: readTexts(body.texts) };
  const birthday = isRecord(body.birthday) ? body.birthday : {};
  return {
    state: 'on',
    program: readProgram(body.program),
    balance: readBalance(body.balance),
    tier: isRecord(body.tier) ? readTier(body.tier) : null,
    rewards: readList(body.rewards, readReward),
    redemptions: readList(body.redemptions, readRedemption),
    waysToEarn: readList(body.waysToEarn, readWayToEarn),
    birthday: {
      points: readNumberOrNull(birthday.points),
      day: readTextOrNull(birthday.day),
      canSet: birthday.canSet === true,
    },
    texts: readTexts(body.texts),
  };
}

function readProgram(value: unknown): ShopperLoyaltyOn['program'] {
  const program = isRecord(value) ? value : {};
  return {
    status: readWord(program.status, ['paused', 'winding-down']) ?? 'live',
    lastRedemptionDay: readTextOrNull(program.lastRedemptionDay),
  };
}

function readBalance(value: unknown): ShopperBalance {
  const balance = isRecord(value) ? value : {};
  const { nextSpendable, nextExpiry } = balance;
  return {
    points: readNumber(balance.points),
    pendingPoints: readNumber(balance.pendingPoints),
    nextSpendable: isRecord(nextSpendable)
      ? { points: readNumber(nextSpendable.points), at: readText(nextSpendable.at) }
      : null,
    nextExpiry: isRecord(nextExpiry) ? { points: readNumber(nextExpiry.points), day: readText(nextExpiry.day) } : null,
  };
}

function readTier(tier: Record<string, unknown>): ShopperTier {
  const next = isRecord(tier.next) ? tier.next : null;
  const missing = next && readDistance(next.missing);
  return {
    name: readTextOrNull(tier.name),
    keptUntil: readTextOrNull(tier.keptUntil),
    next:
      next && missing
        ? { name: readText(next.name), missing, progressBasisPoints: readNumber(next.progressBasisPoints) }
        : null,
    perks: readList(tier.perks, readPerk),
  };
}

function readDistance(value: unknown): TierDistance | null {
  if (!isRecord(value)) return null;
  if (value.kind === 'points') return { kind: 'points', points: readNumber(value.points) };
  if (value.kind === 'orders') return { kind: 'orders', orders: readNumber(value.orders) };
  const amount = value.kind === 'spend' ? readAmount(value.amount) : null;
  return amount && { kind: 'spend', amount };
}

function readPerk(perk: Record<string, unknown>): TierPerk | null {
  switch (perk.kind) {
    case 'multiplier':
      return { kind: 'multiplier', factorBasisPoints: readNumber(perk.factorBasisPoints) };
    case 'entry-points':
      return { kind: 'entry-points', points: readNumber(perk.points) };
    case 'free-shipping':
    case 'early-access':
      return { kind: perk.kind };
    default:
      return null;
  }
}

function readReward(reward: Record<string, unknown>): ShopperReward | null {
  const kind = readWord(reward.kind, REWARD_KINDS);
  const rewardId = readText(reward.rewardId);
  if (kind === null || rewardId === '') return null;
  const leastPoints = readNumber(reward.leastPoints);
  return {
    rewardId,
    name: readText(reward.name),
    kind,
    leastPoints,
    mostPoints: readNumber(reward.mostPoints),
    stepPoints: Math.max(1, readNumber(reward.stepPoints)),
    shortfallPoints: readNumber(reward.shortfallPoints),
    isWithinReach: reward.isWithinReach === true,
    hindrance: reward.hindrance === null || reward.hindrance === undefined ? null : 'limit-reached',
    worth: readAmount(reward.worth),
    percentBasisPoints: readNumberOrNull(reward.percentBasisPoints),
    minimumSubtotal: readAmount(reward.minimumSubtotal),
    validDays: readNumber(reward.validDays),
  };
}

export function readRedemption(redemption: Record<string, unknown>): ShopperRedemption | null {
  const state = readWord(redemption.state, REDEMPTION_STATES);
  const redemptionId = readText(redemption.redemptionId);
  if (state === null || redemptionId === '') return null;
  return {
    redemptionId,
    rewardId: readText(redemption.rewardId),
    name: readText(redemption.name),
    kind: readWord(redemption.kind, REWARD_KINDS),
    percentBasisPoints: readNumberOrNull(redemption.percentBasisPoints),
    points: readNumber(redemption.points),
    state,
    code: readTextOrNull(redemption.code),
    worth: readAmount(redemption.worth),
    endsAt: readText(redemption.endsAt),
  };
}
