import type { ShopperLoyaltyOn, ShopperRedemption, ShopperReward } from '../../../app/contracts/shopper-loyalty.ts';
import { nameRedemption, nameReward, worthOf } from '../../shopper-kit/src/reward-words.ts';
import { sayPoints } from '../../shopper-kit/src/words.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';

/** What the checkout says about itself. */
export interface Cart {
  codes: string[];
  canUpdateDiscountCodes: boolean;
  subtotal: { amount: number; currencyCode: string };
  /** What the checkout has just not taken: it is not offered again. */
  refusedCode: string | null;
}

export interface CheckoutView {
  heading: string;
  applied: { redemptionId: string; code: string; sentence: string } | null;
  /** Codes that were bought with points before and wait to be used. */
  waiting: { redemptionId: string; code: string; label: string }[];
  /** What points can be turned into now, the most first. */
  offers: { rewardId: string; points: number; isChosen: boolean; label: string }[];
  next: string | null;
  /** Why nothing can be done here, although there are points. */
  hindrance: string | null;
}

/** Two choices are quickly made; more belong into the account. */
const MOST_OFFERS = 2;
/** Of these the checkout takes a code for what is in the cart, whatever that is. */
const KINDS_AT_CHECKOUT: readonly ShopperReward['kind'][] = ['amount', 'any-amount', 'percent', 'free-shipping'];

/** Null where there is nothing to say: no points, and no code that waits. */
export function viewCheckout(loyalty: ShopperLoyaltyOn, cart: Cart, wording: Wording): CheckoutView | null {
  const { balance, redemptions } = loyalty;
  const ready = redemptions.filter(({ state, code }) => state === 'ready' && code !== null);
  if (balance.points <= 0 && ready.length === 0) return null;
  const inCart = new Set(cart.codes.map((code) => code.toLowerCase()));
  const applied = ready.find(({ code }) => inCart.has(code?.toLowerCase() ?? ''));
  const canAct = applied === undefined && cart.canUpdateDiscountCodes;
  const view = {
    heading: sayPoints('heading', Math.max(0, balance.points), wording),
    applied: applied ? viewApplied(applied, wording) : null,
    waiting: canAct ? ready.filter(({ code }) => code !== cart.refusedCode).slice(0, MOST_OFFERS).map((one) => viewWaiting(one, wording)) : [],
    offers: canAct ? viewOffers(loyalty.rewards, cart, wording) : [],
    next: applied === undefined ? sayNext(loyalty.rewards, wording) : null,
    hindrance: applied === undefined && !cart.canUpdateDiscountCodes ? wording.translate('cannotApply') : null,
  };
  const isMute = !view.applied && view.waiting.length + view.offers.length === 0 && !view.next && !view.hindrance;
  return isMute ? null : view;
}

function viewApplied(redemption: ShopperRedemption, wording: Wording): NonNullable<CheckoutView['applied']> {
  const { redemptionId, code } = redemption;
  const values = { reward: nameRedemption(redemption, wording), code: code ?? '' };
  return { redemptionId, code: code ?? '', sentence: wording.translate('applied', values) };
}

function viewWaiting(redemption: ShopperRedemption, wording: Wording): CheckoutView['waiting'][number] {
  const { redemptionId, code } = redemption;
  return { redemptionId, code: code ?? '', label: wording.translate('useCode', { reward: nameRedemption(redemption, wording) }) };
}

function viewOffers(rewards: ShopperReward[], cart: Cart, wording: Wording): CheckoutView['offers'] {
  return rewards
    .filter((reward) => reward.isWithinReach && KINDS_AT_CHECKOUT.includes(reward.kind) && reachesMinimum(reward, cart))
    .map((reward) => ({ reward, points: choosePoints(reward, cart) }))
    .sort((left, right) => right.points - left.points)
    .slice(0, MOST_OFFERS)
    .map(({ reward, points }) => {
      const named = { ...reward, worth: worthOf(reward, points) };
      const isChosen = reward.kind === 'any-amount';
      // The merchant's name for "any amount" does not say which amount this is.
      const title = nameReward(isChosen ? { ...named, name: '' } : named, wording);
      return { rewardId: reward.rewardId, points, isChosen, label: sayPoints('use', points, wording, { reward: title }) };
    });
}

/** As many points as the goods are worth, and not one step more; for a fixed price, that. */
export function choosePoints(reward: ShopperReward, { subtotal }: Cart): number {
  const { kind, leastPoints, mostPoints, stepPoints, worth } = reward;
  if (kind !== 'any-amount' || worth === null || worth.amountMinor <= 0 || leastPoints <= 0) return leastPoints;
  const isSameMoney = worth.currency === subtotal.currencyCode;
  const goodsMinor = subtotal.amount * 10 ** worth.decimals;
  const enough = isSameMoney ? Math.floor((goodsMinor * leastPoints) / worth.amountMinor) : mostPoints;
  const steps = Math.floor((Math.min(enough, mostPoints) - leastPoints) / stepPoints);
  return leastPoints + Math.max(0, steps) * stepPoints;
}

/** In another currency than the cart's nothing can be said, and Shopify decides when the code is applied. */
function reachesMinimum({ minimumSubtotal }: ShopperReward, { subtotal }: Cart): boolean {
  if (minimumSubtotal === null || minimumSubtotal.currency !== subtotal.currencyCode) return true;
  return Math.round(subtotal.amount * 10 ** minimumSubtotal.decimals) >= minimumSubtotal.amountMinor;
}

function sayNext(rewards: ShopperReward[], wording: Wording): string | null {
  const [nearest] = rewards
    .filter(({ isWithinReach, hindrance, shortfallPoints }) => !isWithinReach && hindrance === null && shortfallPoints > 0)
    .sort((left, right) => left.shortfallPoints - right.shortfallPoints);
  if (nearest === undefined) return null;
  return sayPoints('next', nearest.shortfallPoints, wording, { reward: nameReward(nearest, wording) });
}

/** For the checkout editor, where no customer is. */
export const SAMPLE: ShopperLoyaltyOn = {
  state: 'on',
  program: { status: 'live', lastRedemptionDay: null },
  balance: { points: 640, pendingPoints: 0, nextSpendable: null, nextExpiry: null },
  tier: null,
  rewards: [sampleReward('1', 'free-shipping', 500, 0), sampleReward('2', 'percent', 1000, 360)],
  redemptions: [],
  waysToEarn: [],
  birthday: { points: null, day: null, canSet: false },
  texts: {},
};

function sampleReward(rewardId: string, kind: ShopperReward['kind'], leastPoints: number, shortfallPoints: number): ShopperReward {
  return {
    rewardId,
    name: '',
    kind,
    leastPoints,
    mostPoints: leastPoints,
    stepPoints: 1,
    shortfallPoints,
    isWithinReach: shortfallPoints === 0,
    hindrance: null,
    worth: null,
    percentBasisPoints: 1000,
    minimumSubtotal: null,
    validDays: 30,
  };
}
