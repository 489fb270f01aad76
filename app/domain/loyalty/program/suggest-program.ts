import { requireCurrencyExponent } from '../../money/currency.ts';
import { defaultProgram } from './default-program.ts';
import type { Program, Reward } from './program.ts';

/** What a store's own orders say that a program should be made for. */
export interface StoreHabits {
  readonly currency: string;
  /** Orders that count, of all time. */
  readonly orders: number;
  readonly aovMinor: number | null;
  /** Customers with two orders or more, of all customers. */
  readonly repeatPurchaseRate: number | null;
}

/** Why the program is as it is suggested, for the words beside it. */
export type SuggestionReason =
  /** Too few orders to go by. */
  | { readonly kind: 'usual'; readonly orders: number; readonly ordersNeeded: number }
  | {
      readonly kind: 'own';
      readonly aovMinor: number;
      readonly repeatPurchaseRate: number | null;
      readonly pointsAnOrder: number;
      readonly firstRewardPoints: number;
      readonly firstRewardMinor: number;
      /** Orders of the average value until the first reward. */
      readonly ordersToFirstReward: number;
      /** Whether it is a second order that is to be won, or those who come anyway are given something to save for. */
      readonly aim: 'second-order' | 'third-order';
    };

export interface SuggestedProgram {
  readonly program: Program;
  readonly reason: SuggestionReason;
}

/** An average of fewer orders is an accident. */
const ORDERS_NEEDED = 20;
/** Where more than this come back by themselves, a reward may be a third order away; it is what they save for. */
const MANY_COME_BACK = 0.3;
const MOST_ORDERS_AWAY = 3;
const POINTS_A_UNIT = 100;
const USUAL_STEP = 500;
/** Points a unit of money: five are 5 % back. Advice goes up to 10, but what is given is hard to take away again. */
const RATES = [5, 6] as const;
/** Of the first reward, for stores of small orders. */
const STEPS = [USUAL_STEP, 250, 200, 100, 50] as const;
/** Above so many units an order, points would come in thousands and rewards would be worth next to nothing beside it. */
const MOST_UNITS_AN_ORDER = 334;
const LEAST_UNITS_AN_ORDER = 3;

/**
 * A program whose first reward comes with the second or third order of the store's average value: an order or two away
 * is what shoppers wait for.
 */
export function suggestProgram({ currency, orders, aovMinor, repeatPurchaseRate }: StoreHabits): SuggestedProgram {
  if (aovMinor === null || aovMinor <= 0 || orders < ORDERS_NEEDED) {
    const unitMinor = usualUnitMinor(currency);
    return { program: defaultProgram({ currency, unitMinor }), reason: { kind: 'usual', orders, ordersNeeded: ORDERS_NEEDED } };
  }
  const unitMinor = unitFor(currency, aovMinor);
  const aim = repeatPurchaseRate !== null && repeatPurchaseRate > MANY_COME_BACK ? 'third-order' : 'second-order';
  const { rate, step } = chooseRate(aovMinor / unitMinor, aim === 'third-order' ? MOST_ORDERS_AWAY : 2);
  const pointsAnOrder = Math.max(1, Math.round((rate * aovMinor) / unitMinor));
  return {
    program: scaledProgram({ currency, unitMinor, rate, step, pointsAnOrder }),
    reason: {
      kind: 'own',
      ...{ aovMinor, repeatPurchaseRate, pointsAnOrder, aim },
      firstRewardPoints: step,
      firstRewardMinor: rewardMinor(step, unitMinor),
      ordersToFirstReward: Math.ceil(step / pointsAnOrder),
    },
  };
}

/** The usual rate and reward where they do; else rather a third order, and rather a smaller reward, than much more back. */
function chooseRate(unitsAnOrder: number, withinOrders: number): { rate: number; step: number } {
  for (const step of STEPS) {
    const reaches = (orders: number) => (points: number) => points * unitsAnOrder * orders >= step;
    const rate = RATES.find(reaches(withinOrders)) ?? RATES.find(reaches(MOST_ORDERS_AWAY));
    if (rate !== undefined) return { rate, step };
  }
  return { rate: 6, step: 50 };
}

/** One unit of money; ten, a hundred or a tenth where an order comes to more of them, or less, than points are counted in. */
function unitFor(currency: string, aovMinor: number): number {
  let unitMinor = 10 ** requireCurrencyExponent(currency);
  while (aovMinor / unitMinor < LEAST_UNITS_AN_ORDER && unitMinor > 1) unitMinor /= 10;
  while (aovMinor / unitMinor >= MOST_UNITS_AN_ORDER) unitMinor *= 10;
  return unitMinor;
}

/** Where nothing is known of the orders: a unit for currencies of which one buys nothing. */
function usualUnitMinor(currency: string): number {
  const exponent = requireCurrencyExponent(currency);
  if (exponent > 0 && !SMALL_UNITS.has(currency)) return 10 ** exponent;
  return 100 * 10 ** exponent;
}

const SMALL_UNITS: ReadonlySet<string> = new Set(['HUF', 'IDR', 'INR', 'LKR', 'NGN', 'PHP', 'PKR', 'RUB', 'THB', 'TWD', 'CZK', 'KZT', 'COP', 'ARS', 'KES']);

interface Scale {
  currency: string;
  unitMinor: number;
  rate: number;
  step: number;
  pointsAnOrder: number;
}

function scaledProgram({ currency, unitMinor, rate, step, pointsAnOrder }: Scale): Program {
  const usual = defaultProgram({ currency, unitMinor });
  return {
    ...usual,
    earning: { ...usual.earning, rates: [{ currency, points: rate, perMinor: unitMinor }] },
    rewards: usual.rewards.map((reward) => scaledReward(reward, { step, unitMinor })),
    tiers: usual.tiers && { ...usual.tiers, levels: usual.tiers.levels.map((level, index) => ({ ...level, threshold: index * tierStep(pointsAnOrder) })) },
  };
}

function scaledReward(reward: Reward, { step, unitMinor }: Pick<Scale, 'step' | 'unitMinor'>): Reward {
  const { gives } = reward;
  if (gives.kind !== 'amount') return reward;
  const points = (gives.points * step) / USUAL_STEP;
  const amounts = gives.amounts.map(({ currency }) => ({ currency, amountMinor: rewardMinor(points, unitMinor) }));
  return { ...reward, id: `amount-${points}`, gives: { ...gives, points, amounts } };
}

function rewardMinor(points: number, unitMinor: number): number {
  return Math.max(1, Math.round((points * unitMinor) / POINTS_A_UNIT));
}

/** Points of about three orders: a tier up is in reach within the year, and not with the first order. */
function tierStep(pointsAnOrder: number): number {
  const wished = pointsAnOrder * 2.5;
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(wished, 10)));
  const nice = [1, 2, 2.5, 5, 10].map((digit) => digit * magnitude).find((value) => value >= wished);
  return nice ?? magnitude * 10;
}
