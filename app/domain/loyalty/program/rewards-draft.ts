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
  /** Nothing typed: not given in that currency. */
  readonly amounts: readonly AmountDraft[];
  readonly percent: string;
  readonly variantId: number;
  readonly title: string;
  readonly minimumSubtotals: readonly AmountDraft[];
  readonly validDays: string;
  readonly limitAMember: string;
  readonly combinesWith: Reward['combinesWith'];
}

export interface AmountDraft {
  readonly currency: string;
  readonly amount: string;
}

export interface RewardsDraft {
  readonly rewards: readonly RewardDraft[];
}

const PERCENT_DIGITS = 2;

export function writeRewardsDraft({ rewards, earning }: Program): RewardsDraft {
  const currencies = earning.rates.map(({ currency }) => currency);
  return { rewards: rewards.map((reward) => writeReward(reward, currencies)) };
}

function writeReward({ id, name, isOffered, gives, minimumSubtotals, validDays, limitAMember, combinesWith }: Reward, currencies: readonly string[]): RewardDraft {
  return {
    ...emptyReward(id, currencies),
    ...{ name, isOffered, combinesWith, kind: gives.kind },
    ...writeGives(gives, currencies),
    minimumSubtotals: writeAmounts(minimumSubtotals, currencies),
    validDays: String(validDays),
    limitAMember: typedOrNothing(limitAMember),
  };
}

/** A new one, with the terms that most have. */
export function emptyReward(id: string, currencies: readonly string[]): RewardDraft {
  const amounts = writeAmounts([], currencies);
  return {
    id,
    name: '',
    isOffered: true,
    kind: 'amount',
    points: '',
    pointsAStep: '100',
    leastPoints: '100',
    mostPoints: '',
    amounts,
    percent: '10',
    variantId: 0,
    title: '',
    minimumSubtotals: amounts,
    validDays: '30',
    limitAMember: '',
    combinesWith: { order: false, product: true, shipping: true },
  };
}

function writeGives(gives: RewardGives, currencies: readonly string[]): Partial<RewardDraft> {
  switch (gives.kind) {
    case 'amount':
    case 'store-credit':
      return { points: String(gives.points), amounts: writeAmounts(gives.amounts, currencies) };
    case 'any-amount':
      return {
        pointsAStep: String(gives.pointsAStep),
        leastPoints: String(gives.leastPoints),
        mostPoints: typedOrNothing(gives.mostPoints),
        amounts: writeAmounts(gives.amounts, currencies),
      };
    case 'percent':
      return { points: String(gives.points), percent: typedDecimal(gives.percentBasisPoints, PERCENT_DIGITS) };
    case 'free-shipping':
      return { points: String(gives.points) };
    case 'free-product':
      return { points: String(gives.points), variantId: gives.variantId, title: gives.title };
  }
}

/** One for each currency that has a rate, and for what is there besides. */
function writeAmounts(amounts: readonly MoneyAmount[], currencies: readonly string[]): AmountDraft[] {
  const all = [...new Set([...currencies, ...amounts.map(({ currency }) => currency)])];
  return all.map((currency) => {
    const amount = amounts.find((one) => one.currency === currency);
    return { currency, amount: amount === undefined ? '' : typedMoney(amount.amountMinor, currency) };
  });
}

/** The program with the rewards as typed, and what of them could not be read. */
export function readRewardsDraft({ rewards }: RewardsDraft, program: Program): { program: Program; unread: FieldProblems } {
  const reader = new FieldReader();
  const read = rewards.map((draft, index) => readReward(draft, `rewards[${index}]`, reader));
  return { program: { ...program, rewards: read }, unread: reader.list.all };
}

function readReward(draft: RewardDraft, path: string, reader: FieldReader): Reward {
  return {
    id: draft.id,
    name: draft.name.trim(),
    isOffered: draft.isOffered,
    gives: readGives(draft, path, reader),
    minimumSubtotals: readAmounts(draft.minimumSubtotals, `${path}.minimumSubtotals`, reader),
    validDays: reader.whole(`${path}.validDays`, draft.validDays),
    limitAMember: reader.wholeOrNone(`${path}.limitAMember`, draft.limitAMember),
    combinesWith: draft.combinesWith,
  };
}

function readGives(draft: RewardDraft, path: string, reader: FieldReader): RewardGives {
  const { kind } = draft;
  const points = () => reader.whole(`${path}.points`, draft.points);
  const amounts = () => readAmounts(draft.amounts, `${path}.amounts`, reader);
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

function readAmounts(amounts: readonly AmountDraft[], path: string, reader: FieldReader): MoneyAmount[] {
  return filledOf(amounts).map(({ currency, amount }, index) => ({ currency, amountMinor: reader.money(`${path}[${index}]`, amount, currency) }));
}

/** Those that something is typed in; the n-th of them is the n-th amount of the program. */
export function filledOf(amounts: readonly AmountDraft[]): AmountDraft[] {
  return amounts.filter(({ amount }) => amount.trim() !== '');
}
