import { allocateProportionally } from '../../money/allocate-proportionally.ts';
import type { Earning, EarningRate, MoneyAmount, Program, ThresholdBonus } from '../program/program.ts';
import type { AwardChoices, BonusReason, LineRule, OrderReason, OrderWithout, TierAtAward } from './award-reason.ts';
import { chooseLineRule } from './choose-line-rule.ts';
import type { EarningLine, EarningOrder } from './earning-order.ts';
import { isPaidInFull } from './earning-order.ts';

/**
 * What an order should have given by now. An amount of points, and not a change of one: whoever has given more takes the
 * difference back.
 */
export interface OrderAward {
  readonly targetPoints: number;
  readonly reason: OrderReason;
}

export interface OrderAwardInput {
  /** The version that the order's first award was made under; the one in force for a first award. */
  readonly program: Program;
  readonly order: EarningOrder;
  /** The member's tier now. Not asked where `choices` are. */
  readonly tier: TierAtAward | null;
  /** What the entries of this order's award decided (`readAwardChoices`); null while there are none. */
  readonly choices: AwardChoices | null;
}

/** What an entry of the ledger can hold. An order that comes to more was counted in the wrong unit of money. */
const MOST_POINTS = 1_000_000_000;

const BASIS_POINTS = 10_000;

/**
 * The points of an order as it stands: a function of its present state, of the program's version and of what its first
 * award chose, and of nothing else. So refunds, edits and cancellations may come in any order, twice or all at once.
 *
 * What is left of the order's value is split over its lines in proportion to what is left of each, in whole minor units
 * that add up; each line earns by one rule. The sum is exact and is rounded once, half up, to whole points; then comes the
 * bonus, then the cap. A refund never gives points; only where the shopper paid in another currency may it be those of one
 * minor unit, since what is left is converted as a whole.
 */
export function computeOrderAward({ program, order, tier, choices }: OrderAwardInput): OrderAward {
  const refusal = refuseOrder(program, order, choices);
  if (refusal !== null) return { targetPoints: 0, reason: refusal };
  const counted = countedMoney(program.earning, order, choices);
  if (counted === null) {
    const { currency } = order.presentmentValue ?? order.shopValue;
    return { targetPoints: 0, reason: { code: 'no-rate', currency } };
  }
  const { value, rate } = counted;
  if (value.amountMinor <= 0) return { targetPoints: 0, reason: { code: 'worth-nothing', currency: value.currency } };

  const tierThen = choices === null ? tier : choices.tier;
  const lines = splitOverLines(order.lines, value.amountMinor).map(({ line, baseMinor }) => ({
    line: line === null ? null : String(line.lineId),
    baseMinor,
    rule: ruleOf(line, { program, order, tier: tierThen, choices }),
  }));
  const earningMinor = lines.reduce((sum, { baseMinor, rule }) => sum + (rule.factorBasisPoints > 0 ? baseMinor : 0), 0);
  const bonus = highestBonus(program.earning.thresholdBonuses, { currency: value.currency, amountMinor: earningMinor });

  const mostPoints = Math.min(program.earning.maximumPointsAnOrder ?? MOST_POINTS, MOST_POINTS);
  const uncappedLinePoints = pointsHalfUp(lines, rate);
  const linePoints = Math.min(uncappedLinePoints, mostPoints);
  const bonusPoints = Math.min(bonus?.points ?? 0, mostPoints - linePoints);
  const isCapped = uncappedLinePoints + (bonus?.points ?? 0) > mostPoints;
  const pointsByLine = splitPoints(linePoints, lines);
  return {
    targetPoints: linePoints + bonusPoints,
    reason: {
      code: 'order-earned',
      currency: value.currency,
      valueMinor: value.amountMinor,
      ratePoints: rate.points,
      ratePerMinor: rate.perMinor,
      tier: tierThen?.id ?? null,
      tierFactorBasisPoints: tierThen?.factorBasisPoints ?? null,
      lines: lines.map(({ line, baseMinor, rule }, index) => ({
        line,
        baseMinor,
        rule: rule.kind,
        ruleId: rule.id,
        factorBasisPoints: rule.factorBasisPoints,
        points: pointsByLine[index] ?? 0,
      })),
      bonus: bonus === null ? null : { ...bonus, points: bonusPoints },
      cappedAtPoints: isCapped ? mostPoints : null,
    },
  };
}

interface RuledLine {
  readonly baseMinor: number;
  readonly rule: LineRule;
}

/** Why the order earns nothing, whatever it is worth; null when that is to be counted. */
function refuseOrder({ status, earning }: Program, order: EarningOrder, choices: AwardChoices | null): OrderWithout | null {
  const { exclusion } = order;
  if (exclusion === 'cancelled') return { code: 'order-cancelled' };
  if (exclusion === 'refunded') return { code: 'order-refunded' };
  if (exclusion !== null) return { code: 'order-not-counted', exclusion };
  // An award that was made stands, whatever became of the program; and goods that an edit adds to an order that was paid
  // and sent do not undo it until they are paid and sent as well.
  if (choices !== null) return null;
  if (status.kind !== 'live') return { code: 'program-not-live' };
  if (order.processedAtMs < earning.earnsFromMs) return { code: 'before-start' };
  if (!isPaidInFull(order)) return { code: 'order-not-paid' };
  if (earning.occasion === 'fulfilled' && order.fulfillmentStatus !== 'FULFILLED') return { code: 'order-not-fulfilled' };
  return null;
}

/** The value that is counted, and its rate: as the shopper paid, else as the shop received. Null when neither has a rate. */
function countedMoney(
  { rates, otherCurrencies }: Earning,
  { presentmentValue, shopValue }: EarningOrder,
  choices: AwardChoices | null,
): { value: MoneyAmount; rate: EarningRate } | null {
  const rateOf = ({ currency }: MoneyAmount): EarningRate | undefined => rates.find((rate) => rate.currency === currency);
  const isChosen = choices === null || choices.currency === presentmentValue?.currency;
  const presentmentRate = presentmentValue === null ? undefined : rateOf(presentmentValue);
  if (presentmentValue !== null && presentmentRate !== undefined && isChosen) {
    return { value: presentmentValue, rate: presentmentRate };
  }
  const shopRate = rateOf(shopValue);
  if (shopRate === undefined || (otherCurrencies === 'nothing' && choices === null)) return null;
  return { value: shopValue, rate: shopRate };
}

/** The lines' parts of the value; all of it as a line of its own where nothing is known of lines. */
function splitOverLines(
  lines: readonly EarningLine[],
  valueMinor: number,
): { line: EarningLine | null; baseMinor: number }[] {
  // By id, since who reads them may get them in any order, and of equal remainders the first has the advantage.
  const sorted = isInOrder(lines) ? lines : [...lines].sort((a, b) => (a.lineId < b.lineId ? -1 : 1));
  const bases = allocateProportionally(valueMinor, sorted.map(({ remainingMinor }) => remainingMinor));
  if (sorted.length === 0) return [{ line: null, baseMinor: valueMinor }];
  return sorted.map((line, index) => ({ line, baseMinor: bases[index] ?? 0 }));
}

function isInOrder(lines: readonly EarningLine[]): boolean {
  return lines.every(({ lineId }, index) => index === 0 || (lines[index - 1]?.lineId ?? 0n) <= lineId);
}

function ruleOf(line: EarningLine | null, { program, order, tier, choices }: OrderAwardInput): LineRule {
  const chosen = line === null ? undefined : choices?.lineRules.get(String(line.lineId));
  if (chosen !== undefined) return chosen;
  return chooseLineRule(line, { multipliers: program.earning.multipliers, tier, processedAtMs: order.processedAtMs });
}

/** Of the bonuses that the value reaches, the highest. Lines that earn nothing do not help to reach one. */
function highestBonus(bonuses: readonly ThresholdBonus[], { currency, amountMinor }: MoneyAmount): BonusReason | null {
  let best: BonusReason | null = null;
  for (const { id, minimumMinor, points, currency: bonusCurrency } of bonuses) {
    if (bonusCurrency !== currency || amountMinor <= 0 || amountMinor < minimumMinor) continue;
    if (best === null || points > best.points) best = { id, minimumMinor, points };
  }
  return best;
}

/** The sum of base x factor x points / perMinor, exact, rounded half up; never more than an entry can hold. */
function pointsHalfUp(lines: readonly RuledLine[], { points, perMinor }: EarningRate): number {
  const divisor = BASIS_POINTS * perMinor;
  const weighted = lines.reduce((sum, { baseMinor, rule }) => sum + baseMinor * rule.factorBasisPoints, 0);
  const doubled = 2 * weighted * points + divisor;
  if (Number.isSafeInteger(doubled) && Number.isSafeInteger(2 * divisor)) return (doubled - (doubled % (2 * divisor))) / (2 * divisor);
  const exact = lines.reduce((sum, { baseMinor, rule }) => sum + BigInt(baseMinor) * BigInt(rule.factorBasisPoints), 0n);
  const bigDivisor = BigInt(BASIS_POINTS) * BigInt(perMinor);
  const rounded = (2n * exact * BigInt(points) + bigDivisor) / (2n * bigDivisor);
  return rounded > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(rounded);
}

/** For show: the lines' points add up to their sum, which alone was rounded by the rule. */
function splitPoints(points: number, lines: readonly RuledLine[]): number[] {
  if (lines.length === 1) return [points];
  const weights = lines.map(({ baseMinor, rule }) => baseMinor * rule.factorBasisPoints);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (Number.isSafeInteger(sum)) return allocateProportionally(points, weights);
  return allocateProportionally(points, lines.map(({ baseMinor, rule }) => (rule.factorBasisPoints > 0 ? baseMinor : 0)));
}
