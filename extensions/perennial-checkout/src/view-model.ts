import type { Amount } from '../../../app/contracts/amount.ts';
import type { EarnEstimateKnown } from '../../../app/contracts/earn-estimate.ts';
import type { ShopperLoyaltyOn, ShopperRedemption, ShopperReward } from '../../../app/contracts/shopper-loyalty.ts';
import { nameRedemption, nameReward, worthOf } from '../../shopper-kit/src/reward-words.ts';
import { formatAmount, sayPoints } from '../../shopper-kit/src/words.ts';
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
  waiting: { redemptionId: string; code: string; label: string; loss: string | null }[];
  /** What points can be turned into now, what takes the most off first; `loss` says before what this order would not use. */
  offers: { rewardId: string; points: number; isChosen: boolean; label: string; loss: string | null }[];
  next: string | null;
  /** Why nothing can be done here, although there are points. */
  hindrance: string | null;
}

/** Two choices are quickly made; more belong into the account. */
const MOST_OFFERS = 2;
/** Of these the checkout takes a code for what is in the cart, whatever that is. */
const KINDS_AT_CHECKOUT: readonly ShopperReward['kind'][] = ['amount', 'any-amount', 'percent', 'free-shipping'];

/** What this order will give, to whoever looks or to whoever is a member. */
export function sayEstimate({ points, who }: Pick<EarnEstimateKnown, 'points' | 'who'>, wording: Wording): string {
  return sayPoints(who === 'you' ? 'willEarn' : 'membersEarn', points, wording);
}

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
    waiting: canAct ? ready.filter(({ code }) => code !== cart.refusedCode).slice(0, MOST_OFFERS).map((one) => viewWaiting(one, cart, wording)) : [],
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

function viewWaiting(redemption: ShopperRedemption, cart: Cart, wording: Wording): CheckoutView['waiting'][number] {
  const { redemptionId, code, worth } = redemption;
  const label = wording.translate('useCode', { reward: nameRedemption(redemption, wording) });
  return { redemptionId, code: code ?? '', label, loss: sayLoss(worth, cart, wording) };
}

interface Candidate {
  reward: ShopperReward;
  points: number;
  /** In money; null where it gives none. */
  worth: Amount | null;
  /** What the cart would not use of it, in minor units; null where nobody knows. */
  lostMinor: number | null;
}

/**
 * Of a code nothing is given back for what an order did not use of it. So only what the cart uses whole is offered, or where
 * there is no such, the one that loses least.
 */
function viewOffers(rewards: ShopperReward[], cart: Cart, wording: Wording): CheckoutView['offers'] {
  const candidates = rewards
    .filter((reward) => reward.isWithinReach && KINDS_AT_CHECKOUT.includes(reward.kind) && reachesMinimum(reward, cart))
    .map((reward): Candidate => {
      const points = choosePoints(reward, cart);
      const worth = worthOf(reward, points);
      return { reward, points, worth, lostMinor: lostMinorOf(worth, cart) };
    });
  return chooseOffers(candidates, cart).map(({ reward, points, worth }) => {
    const isChosen = reward.kind === 'any-amount';
    // The merchant's name for "any amount" does not say which amount this is.
    const title = nameReward({ ...reward, worth, ...(isChosen ? { name: '' } : {}) }, wording);
    const label = sayPoints('use', points, wording, { reward: title });
    return { rewardId: reward.rewardId, points, isChosen, label, loss: sayLoss(worth, cart, wording) };
  });
}

function chooseOffers(candidates: Candidate[], cart: Cart): Candidate[] {
  const fitting = candidates.filter(({ lostMinor }) => lostMinor === 0);
  if (fitting.length === 0) return candidates.sort(byLoss).slice(0, 1);
  const money = fitting
    .filter(({ reward }) => reward.kind !== 'free-shipping')
    .sort((left, right) => takesOff(right, cart) - takesOff(left, cart) || left.points - right.points);
  // What the delivery costs is not known here, so it cannot be set against money; it stands beside it.
  const shipping = fitting.filter(({ reward }) => reward.kind === 'free-shipping').sort((left, right) => left.points - right.points).slice(0, 1);
  return [...money.slice(0, MOST_OFFERS - shipping.length), ...shipping];
}

/** Where the money is another, the fewest points are the least that can be lost. */
function byLoss(left: Candidate, right: Candidate): number {
  if (left.lostMinor === null || right.lostMinor === null) return left.points - right.points;
  return left.lostMinor - right.lostMinor || left.points - right.points;
}

/** In the cart's money, only to compare by. */
function takesOff({ reward, worth }: Candidate, { subtotal }: Cart): number {
  return worth === null ? (subtotal.amount * (reward.percentBasisPoints ?? 0)) / 10_000 : worth.amountMinor / 10 ** worth.decimals;
}

function lostMinorOf(worth: Amount | null, cart: Cart): number | null {
  if (worth === null) return 0;
  return worth.currency === cart.subtotal.currencyCode ? Math.max(0, worth.amountMinor - goodsMinorOf(cart, worth.decimals)) : null;
}

function sayLoss(worth: Amount | null, cart: Cart, wording: Wording): string | null {
  const lostMinor = lostMinorOf(worth, cart);
  if (worth === null || lostMinor === 0) return null;
  if (lostMinor === null) return wording.translate('mayLose');
  return wording.translate('loses', { amount: formatAmount({ ...worth, amountMinor: lostMinor }, wording) });
}

function goodsMinorOf({ subtotal }: Cart, decimals: number): number {
  return Math.round(subtotal.amount * 10 ** decimals);
}

/** As many points as the goods are worth, and not one step more; for a fixed price, that. In a money that cannot be compared, the fewest. */
export function choosePoints(reward: ShopperReward, cart: Cart): number {
  const { kind, leastPoints, mostPoints, stepPoints, worth } = reward;
  if (kind !== 'any-amount' || worth === null || worth.amountMinor <= 0 || leastPoints <= 0) return leastPoints;
  if (worth.currency !== cart.subtotal.currencyCode) return leastPoints;
  const enough = Math.floor((goodsMinorOf(cart, worth.decimals) * leastPoints) / worth.amountMinor);
  const steps = Math.floor((Math.min(enough, mostPoints) - leastPoints) / stepPoints);
  return leastPoints + Math.max(0, steps) * stepPoints;
}

/** In another currency than the cart's nothing can be said, and Shopify decides when the code is applied. */
function reachesMinimum({ minimumSubtotal }: ShopperReward, cart: Cart): boolean {
  if (minimumSubtotal === null || minimumSubtotal.currency !== cart.subtotal.currencyCode) return true;
  return goodsMinorOf(cart, minimumSubtotal.decimals) >= minimumSubtotal.amountMinor;
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
