import type { FieldProblems } from './field-problems.ts';
import { FieldReader, typedDecimal, typedMoney, typedOrNothing } from './field-reader.ts';
import type { MoneyAmount, Program, Reward, RewardGives } from './program.ts';

export const REWARD_KINDS = ['amount', 'any-amount', 'percent', 'free-shipping', 'free-product', 'store-credit'] as const;
export type RewardKind = (typeof REWARD_KINDS)[number];

/** A reward as it is typed. What belongs to another kind is kept while a merchant wavers. */
export interface RewardDraft {
  readonly id: string;
  readonly name: string;
  readonly isOffered: boolean;
  readonly kind: RewardKind;
  readonly points: string;
  readonly pointsAStep: string;
  readonly leastPoints: string;
  readonly mostPoints: string;
  /** In the shop's currency, as all money of rewards: Shopify converts a discount for who pays in another. */
  readonly amount: string;
  readonly percent: string;
  readonly variantId: number;
  readonly title: string;
  /** Nothing typed is none. */
  readonly minimumSubtotal: string;
  readonly validDays: string;
  readonly limitAMember: string;
  readonly combinesWith: Reward['combinesWith'];
}

export interface RewardsDraft {
  readonly rewards: readonly RewardDraft[];
}

const PERCENT_DIGITS = 2;

export function writeRewardsDraft({ rewards }: Program, shopCurrency: string): RewardsDraft {
  return { rewards: rewards.map((reward) => writeReward(reward, shopCurrency)) };
}

function writeReward({ id, name, isOffered, gives, minimumSubtotals, validDays, limitAMember, combinesWith }: Reward, currency: string): RewardDraft {
  return {
    ...emptyReward(id),
    ...{ name, isOffered, combinesWith, kind: gives.kind },
    ...writeGives(gives, currency),
    minimumSubtotal: writeAmount(minimumSubtotals, currency),
    validDays: String(validDays),
    limitAMember: typedOrNothing(limitAMember),
  };
}

/** A new one, with the terms that most have. */
export function emptyReward(id: string): RewardDraft {
  return {
    id,
    name: '',
    isOffered: true,
    kind: 'amount',
    points: '',
    pointsAStep: '100',
    leastPoints: '100',
    mostPoints: '',
    amount: '',
    percent: '10',
    variantId: 0,
    title: '',
    minimumSubtotal: '',
    validDays: '30',
    limitAMember: '',
    combinesWith: { order: false, product: true, shipping: true },
  };
}

function writeGives(gives: RewardGives, currency: string): Partial<RewardDraft> {
  switch (gives.kind) {
    case 'amount':
    case 'store-credit':
      return { points: String(gives.points), amount: writeAmount(gives.amounts, currency) };
    case 'any-amount':
      return {
        pointsAStep: String(gives.pointsAStep),
        leastPoints: String(gives.leastPoints),
        mostPoints: typedOrNothing(gives.mostPoints),
        amount: writeAmount(gives.amounts, currency),
      };
    case 'percent':
      return { points: String(gives.points), percent: typedDecimal(gives.percentBasisPoints, PERCENT_DIGITS) };
    case 'free-shipping':
      return { points: String(gives.points) };
    case 'free-product':
      return { points: String(gives.points), variantId: gives.variantId, title: gives.title };
  }
}

/** Amounts in other currencies, as of before the shop changed its own, are nobody's to have and go. */
function writeAmount(amounts: readonly MoneyAmount[], currency: string): string {
  const amount = amounts.find((one) => one.currency === currency);
  return amount === undefined ? '' : typedMoney(amount.amountMinor, currency);
}

/** The program with the rewards as typed, and what of them could not be read. */
export function readRewardsDraft({ rewards }: RewardsDraft, program: Program, shopCurrency: string): { program: Program; unread: FieldProblems } {
  const reader = new FieldReader();
  const read = rewards.map((draft, index) => readReward(draft, `rewards[${index}]`, { reader, currency: shopCurrency }));
  return { program: { ...program, rewards: read }, unread: reader.list.all };
}

interface Reading {
  readonly reader: FieldReader;
  readonly currency: string;
}

function readReward(draft: RewardDraft, path: string, reading: Reading): Reward {
  const { reader } = reading;
  return {
    id: draft.id,
    name: draft.name.trim(),
    isOffered: draft.isOffered,
    gives: readGives(draft, path, reading),
    // The form does not show it beside store credit, which asks for no order.
    minimumSubtotals: draft.kind === 'store-credit' ? [] : readAmount(draft.minimumSubtotal, `${path}.minimumSubtotals`, reading),
    validDays: reader.whole(`${path}.validDays`, draft.validDays),
    limitAMember: reader.wholeOrNone(`${path}.limitAMember`, draft.limitAMember),
    combinesWith: draft.combinesWith,
  };
}

function readGives(draft: RewardDraft, path: string, reading: Reading): RewardGives {
  const { kind } = draft;
  const { reader } = reading;
  const points = () => reader.whole(`${path}.points`, draft.points);
  const amounts = () => readAmount(draft.amount, `${path}.amounts`, reading);
  switch (kind) {
    case 'amount':
    case 'store-credit':
      return { kind, points: points(), amounts: amounts() };
    case 'any-amount':
      return {
        kind,
        pointsAStep: reader.whole(`${path}.pointsAStep`, draft.pointsAStep),
        amounts: amounts(),
        leastPoints: reader.whole(`${path}.leastPoints`, draft.leastPoints),
        mostPoints: reader.wholeOrNone(`${path}.mostPoints`, draft.mostPoints),
      };
    case 'percent':
      return { kind, points: points(), percentBasisPoints: reader.decimal(`${path}.percentBasisPoints`, draft.percent, PERCENT_DIGITS) };
    case 'free-shipping':
      return { kind, points: points() };
    case 'free-product':
      return { kind, points: points(), variantId: draft.variantId, title: draft.title };
  }
}

function readAmount(amount: string, path: string, { reader, currency }: Reading): MoneyAmount[] {
  return amount.trim() === '' ? [] : [{ currency, amountMinor: reader.money(`${path}[0]`, amount, currency) }];
}
