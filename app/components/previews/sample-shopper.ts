import type { Amount } from '#app/contracts/amount.ts';
import type { NextOrderOfferReady } from '#app/contracts/next-order-offer.ts';
import type { OrderThanks } from '#app/contracts/order-thanks.ts';
import type { ShopperLoyaltyOn, ShopperReward, ShopperTier, TierPerk, WayToEarn } from '#app/contracts/shopper-loyalty.ts';
import { pricesOf } from '#app/domain/loyalty/redemption/choose-reward.ts';
import { listRewards } from '#app/domain/loyalty/redemption/list-rewards.ts';
import { worthOfReward } from '#app/domain/loyalty/redemption/reward-worth-of-points.ts';
import type { MoneyAmount, Program, TierBasis, TierLevel } from '#app/domain/loyalty/program/program.ts';
import { ANYBODY } from '#app/domain/offers/offer-rule.ts';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import { requireCurrencyExponent } from '#app/domain/money/currency.ts';
import { listWaysToEarn } from '#app/domain/shopper/ways-to-earn.ts';
import { MS_PER_24_HOURS, MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { dayOfInstant, startOfDay } from '#app/domain/time/day-of-instant.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';

/** What previews are fed with: the shop's own program, and a shopper who does not exist. */
export interface PreviewShop {
  readonly program: Program;
  readonly currency: string;
  readonly timeZone: string;
  readonly nowMs: number;
}

const SAMPLE_POINTS = 640;
/** What an order gives, where nobody knows better. */
export const SAMPLE_PENDING = 120;
const SAMPLE_EXPIRING = 40;
/** How far the sample shopper is from the next tier. */
const SAMPLE_PROGRESS_BASIS_POINTS = 6400;
const ONCE_BASIS_POINTS = 10_000;
const OFFER_DAYS = 30;
const SAMPLE_OFFER_CODE = 'BACK-SAMPLE42';
const SAMPLE_REWARD_CODE = 'PTS-SAMPLE42';

/** @param isPersonal of a customer; a guest's code works for whoever has it */
export function sampleOffer(shop: Pick<PreviewShop, 'nowMs' | 'timeZone'>, { isPersonal }: { isPersonal: boolean }): NextOrderOfferReady {
  return { state: 'ready', code: SAMPLE_OFFER_CODE, percentBasisPoints: 1500, minimumSubtotal: null, endsAt: endOfDay(shop, OFFER_DAYS), isPersonal };
}

/** An offer that is more than a percentage for some days. */
export function sampleRule(change: Pick<OfferRule, 'grant'> & Partial<OfferRule>): OfferRule {
  return { ruleId: '', name: '', isEnabled: true, conditions: ANYBODY, minimumSubtotalMinor: 0, validity: { kind: 'days', days: OFFER_DAYS }, ...change };
}

/** The last second of a day at the shop, so many days from today. */
function endOfDay({ nowMs, timeZone }: Pick<PreviewShop, 'nowMs' | 'timeZone'>, days: number): string {
  return formatInstant(startOfDay(dayOfInstant(nowMs, timeZone) + days + 1, timeZone) - MS_PER_SECOND);
}

/** What the order gave, to somebody who is signed in. */
export function sampleThanks({ program, nowMs }: PreviewShop, points = SAMPLE_PENDING): OrderThanks {
  const { pendingDays } = program.earning;
  const isPending = pendingDays > 0;
  return {
    points: {
      state: 'ready',
      points,
      standing: isPending ? 'pending' : 'spendable',
      spendableFrom: isPending ? formatInstant(nowMs + pendingDays * MS_PER_24_HOURS) : null,
      balancePoints: isPending ? SAMPLE_POINTS : SAMPLE_POINTS + points,
    },
    account: { state: 'none' },
  };
}

/** A member on their way to the next tier, with enough points for some of the rewards. */
export function sampleLoyalty(shop: PreviewShop): ShopperLoyaltyOn {
  const { nowMs } = shop;
  const program: Program = { ...shop.program, status: { kind: 'live' } };
  const inShop = { ...shop, program };
  const points = affordable(program);
  const tier = sampleTier(inShop);
  const rewards = sampleRewards(inShop, points);
  const had = rewards.find(({ isWithinReach, kind }) => isWithinReach && kind !== 'store-credit');
  const day = (days: number) => formatInstant(nowMs + days * MS_PER_24_HOURS);
  return {
    state: 'on',
    program: { status: 'live', lastRedemptionDay: null },
    balance: {
      points,
      pendingPoints: SAMPLE_PENDING,
      nextSpendable: { points: SAMPLE_PENDING, at: day(program.earning.pendingDays) },
      nextExpiry: program.expiry.kind === 'never' ? null : { points: SAMPLE_EXPIRING, day: day(60).slice(0, 10) },
    },
    tier: tier?.shown ?? null,
    rewards,
    redemptions:
      had === undefined
        ? []
        : [
            {
              redemptionId: 'sample',
              rewardId: had.rewardId,
              name: had.name,
              kind: had.kind,
              percentBasisPoints: had.percentBasisPoints,
              points: had.leastPoints,
              state: 'ready',
              code: SAMPLE_REWARD_CODE,
              worth: had.worth,
              endsAt: endOfDay(shop, had.validDays),
            },
          ],
    waysToEarn: sampleWays(inShop, tier?.level.factorBasisPoints ?? null),
    birthday: { points: program.earning.birthdayPoints, day: null, canSet: program.earning.birthdayPoints !== null },
    texts: {},
  };
}

/** Enough for about half of what is offered. */
function affordable({ rewards }: Program): number {
  const prices = rewards.filter(({ isOffered }) => isOffered).map((reward) => pricesOf(reward).leastPoints).sort((a, b) => a - b);
  const middle = prices[Math.floor((prices.length - 1) / 2)];
  return middle === undefined ? SAMPLE_POINTS : middle + SAMPLE_EXPIRING;
}

function sampleRewards({ program, currency, timeZone, nowMs }: PreviewShop, points: number): ShopperReward[] {
  return listRewards({ program, points, currency, timesRedeemed: new Map(), nowMs, timeZone }).map(({ reward, ...listed }) => {
    const { gives } = reward;
    const name = reward.name.trim();
    const minimum = reward.minimumSubtotals.find((amount) => amount.currency === currency);
    const worth = worthOfReward(gives, { points: listed.leastPoints, currency });
    return {
      rewardId: reward.id,
      name: name === '' && gives.kind === 'free-product' ? gives.title : name,
      kind: gives.kind,
      leastPoints: listed.leastPoints,
      mostPoints: listed.mostPoints,
      stepPoints: gives.kind === 'any-amount' ? pricesOf(reward).stepPoints : 1,
      shortfallPoints: listed.shortfallPoints,
      isWithinReach: listed.isWithinReach,
      hindrance: listed.hindrance,
      worth: worth && amountOf(worth),
      percentBasisPoints: gives.kind === 'percent' ? gives.percentBasisPoints : null,
      minimumSubtotal: minimum === undefined || minimum.amountMinor === 0 ? null : amountOf(minimum),
      validDays: reward.validDays,
    };
  });
}

function sampleWays({ program, currency, nowMs }: PreviewShop, tierFactorBasisPoints: number | null): WayToEarn[] {
  const ways = listWaysToEarn({ program, currency, shopCurrency: currency, tierFactorBasisPoints, isWelcomed: true, welcomeComing: null, hasOrdered: false, nowMs });
  return ways.map((way): WayToEarn => {
    switch (way.kind) {
      case 'order':
        return { ...way, per: amountOf(way.per) };
      case 'threshold':
        return { ...way, minimum: amountOf(way.minimum) };
      case 'multiplier': {
        const { kind, name, factorBasisPoints, endsAtMs } = way;
        return { kind, name, factorBasisPoints, endsAt: endsAtMs === null ? null : formatInstant(endsAtMs) };
      }
      default:
        return way;
    }
  });
}

function sampleTier({ program: { tiers }, currency }: PreviewShop): { level: TierLevel; shown: ShopperTier } | null {
  const at = tiers === null ? 0 : Math.min(1, tiers.levels.length - 1);
  const level = tiers?.levels[at];
  if (tiers === null || level === undefined) return null;
  const next = tiers.levels[at + 1];
  const missing = next && Math.max(1, Math.round((next.threshold * (ONCE_BASIS_POINTS - SAMPLE_PROGRESS_BASIS_POINTS)) / ONCE_BASIS_POINTS));
  return {
    level,
    shown: {
      name: level.name,
      keptUntil: null,
      next:
        next === undefined || missing === undefined
          ? null
          : { name: next.name, missing: distance(tiers.basis, missing, currency), progressBasisPoints: SAMPLE_PROGRESS_BASIS_POINTS },
      perks: perksOf(level),
    },
  };
}

function distance(basis: TierBasis, missing: number, currency: string): NonNullable<ShopperTier['next']>['missing'] {
  if (basis === 'spend') return { kind: 'spend', amount: amountOf({ amountMinor: missing, currency }) };
  return basis === 'points' ? { kind: 'points', points: missing } : { kind: 'orders', orders: missing };
}

function perksOf({ factorBasisPoints, hasFreeShipping, entryPoints, tag }: TierLevel): TierPerk[] {
  return [
    ...(factorBasisPoints > ONCE_BASIS_POINTS ? [{ kind: 'multiplier' as const, factorBasisPoints }] : []),
    ...(hasFreeShipping ? [{ kind: 'free-shipping' as const }] : []),
    ...(entryPoints === null || entryPoints === 0 ? [] : [{ kind: 'entry-points' as const, points: entryPoints }]),
    ...(tag === null ? [] : [{ kind: 'early-access' as const }]),
  ];
}

export function amountOf({ amountMinor, currency }: MoneyAmount): Amount {
  return { amountMinor, currency, decimals: requireCurrencyExponent(currency) };
}
