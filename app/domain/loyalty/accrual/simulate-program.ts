import { dayOfInstantIn } from '../../time/day-of-instant.ts';
import type { Program, Reward } from '../program/program.ts';
import { leastPointsOf, worthOfPoints } from '../program/reward-worth.ts';
import { deedsOf } from './past-order.ts';
import type { PastOrder } from './past-order.ts';
import { LotTermsCache, SimulatedMember } from './simulated-member.ts';
import type { MemberOutcome, SimulatedTerms, TierPath } from './simulated-member.ts';

export interface SimulationInput {
  /** As it would be; it is taken to have been live since `fromMs`, whatever its status. */
  readonly program: Program;
  /** The shop's. */
  readonly currency: string;
  readonly timeZone: string;
  /** Orders before it earn nothing, though a first order may be among them. */
  readonly fromMs: number;
  /** When the outcome is looked at. Orders after it are not looked at. */
  readonly asOfMs: number;
  /** The share of points that are never spent, as merchants assume: 3,000 is 30 %. */
  readonly breakageBasisPoints: number;
  /** Null for a program without tiers, or in which everybody stays on the first level. */
  readonly openTierPath: (() => TierPath) | null;
}

/** What a program would have come to on a store's own past. Nobody spends in it: what would be spent is an assumption. */
export interface SimulationResult {
  /** Customers with an order that earned something, and such orders, whatever was taken back later. */
  readonly members: number;
  readonly earningOrders: number;
  readonly issuedPoints: number;
  readonly expiredPoints: number;
  readonly outstandingPoints: number;
  readonly pendingPoints: number;
  /** What points come to in money, in the shop's currency; null where no reward on offer gives any. */
  readonly worth: {
    readonly issuedMinor: number;
    /** Of issued points, those that are assumed to be spent. */
    readonly costMinor: number;
    /** Of points that are outstanding or pending, all, and those that are assumed to be spent. */
    readonly outstandingMinor: number;
    readonly liabilityMinor: number;
  } | null;
  /** Members who would have had enough for the cheapest reward, by the number of their orders: of [0] one was enough. */
  readonly membersByOrdersToReward: readonly number[];
  /** Orders that earned something and after which the cheapest reward was in reach. */
  readonly ordersWithReward: number;
  /** By the id of the level, at the end. */
  readonly membersByTier: Readonly<Record<string, number>>;
}

/** Of the program as it is saved, to be told beside one that is tried. */
export interface ComparedSimulation extends SimulationResult {
  readonly version: number;
  /** Of the tiers that it has. */
  readonly levels: readonly { readonly id: string; readonly name: string }[];
}

export interface PastCustomer {
  /** All of theirs, in any order. */
  readonly orders: readonly PastOrder[];
  /** It is not certain yet that they have an account, so that no order brings the points for joining: see `welcomeOf`. */
  readonly awaitsAccount: boolean;
}

/**
 * Replays a store's orders through a program as it would have been: one member after the other, each by the functions of
 * the ledger. A refund takes back at its time what its order gave, and whoever had reached a tier by it was in it until then.
 */
export class ProgramSimulation {
  readonly #input: SimulationInput;
  readonly #terms: SimulatedTerms;
  readonly #lotTerms: LotTermsCache;
  readonly #membersByOrdersToReward: number[] = [];
  readonly #membersByTier = new Map<string, number>();
  readonly #sums = { members: 0, earningOrders: 0, issuedPoints: 0, expiredPoints: 0, outstandingPoints: 0, pendingPoints: 0, ordersWithReward: 0 };

  /** @throws UnknownTimeZoneError */
  constructor(input: SimulationInput) {
    const { program, timeZone, currency, fromMs, openTierPath } = input;
    const live: Program = { ...program, status: { kind: 'live' }, earning: { ...program.earning, earnsFromMs: fromMs } };
    this.#input = input;
    this.#lotTerms = new LotTermsCache(live, timeZone, dayOfInstantIn(timeZone));
    this.#terms = { program: live, timeZone, currency, openTierPath: openTierPath ?? (() => NO_TIERS), cheapestPoints: cheapestPointsOf(live.rewards) };
    for (const { id } of program.tiers?.levels ?? []) this.#membersByTier.set(id, 0);
  }

  /** @returns null for a customer who earned nothing */
  addCustomer({ orders, awaitsAccount }: PastCustomer): MemberOutcome | null {
    const { asOfMs } = this.#input;
    const member = new SimulatedMember(this.#terms, this.#lotTerms, { awaitsAccount });
    for (const { atMs, kind, order } of deedsOf(orders)) {
      if (atMs > asOfMs) break;
      if (kind === 'placed') member.placeOrder(order);
      else member.refundOrder(order, atMs);
    }
    if (!member.isMember) return null;
    const outcome = member.outcomeAt(asOfMs);
    this.#count(outcome);
    return outcome;
  }

  result(): SimulationResult {
    return {
      ...this.#sums,
      worth: this.#worth(),
      membersByOrdersToReward: Array.from(this.#membersByOrdersToReward, (count = 0) => count),
      membersByTier: Object.fromEntries(this.#membersByTier),
    };
  }

  #count({ points, pendingPoints, issuedPoints, expiredPoints, earningOrders, tier, ordersToReward, ordersWithReward }: MemberOutcome): void {
    this.#sums.members += 1;
    this.#sums.earningOrders += earningOrders;
    this.#sums.ordersWithReward += ordersWithReward;
    this.#sums.issuedPoints += issuedPoints;
    this.#sums.expiredPoints += expiredPoints;
    this.#sums.outstandingPoints += points;
    this.#sums.pendingPoints += pendingPoints;
    if (tier !== null) this.#membersByTier.set(tier.id, (this.#membersByTier.get(tier.id) ?? 0) + 1);
    if (ordersToReward !== null) {
      this.#membersByOrdersToReward[ordersToReward - 1] = (this.#membersByOrdersToReward[ordersToReward - 1] ?? 0) + 1;
    }
  }

  #worth(): SimulationResult['worth'] {
    const { currency, breakageBasisPoints } = this.#input;
    const rate = bestRate(this.#terms.program.rewards, currency);
    if (rate === null) return null;
    const worthOf = (points: number, basisPoints: number): number =>
      halfUp(BigInt(points) * BigInt(rate.amountMinor) * BigInt(basisPoints), BigInt(rate.points) * BASIS_POINTS);
    const { issuedPoints, outstandingPoints, pendingPoints } = this.#sums;
    const spent = Number(BASIS_POINTS) - breakageBasisPoints;
    return {
      issuedMinor: worthOf(issuedPoints, Number(BASIS_POINTS)),
      costMinor: worthOf(issuedPoints, spent),
      outstandingMinor: worthOf(outstandingPoints + pendingPoints, Number(BASIS_POINTS)),
      liabilityMinor: worthOf(outstandingPoints + pendingPoints, spent),
    };
  }
}

/** The same of a list, which need not be sorted, of customers who have accounts. Guests earn nothing. */
export function simulateProgram(
  input: SimulationInput,
  orders: Iterable<PastOrder>,
  onMember: (customerId: bigint, outcome: MemberOutcome) => void = () => {},
): SimulationResult {
  const simulation = new ProgramSimulation(input);
  const byCustomer = new Map<bigint, PastOrder[]>();
  for (const order of orders) {
    if (order.customerId === null) continue;
    const theirs = byCustomer.get(order.customerId);
    if (theirs === undefined) byCustomer.set(order.customerId, [order]);
    else theirs.push(order);
  }
  for (const [customerId, theirs] of byCustomer) {
    const outcome = simulation.addCustomer({ orders: theirs, awaitsAccount: false });
    if (outcome !== null) onMember(customerId, outcome);
  }
  return simulation.result();
}

const BASIS_POINTS = 10_000n;

const NO_TIERS: TierPath = { note: () => {}, levelAt: () => null };

function cheapestPointsOf(rewards: readonly Reward[]): number | null {
  const points = rewards.filter(({ isOffered }) => isOffered).map(({ gives }) => leastPointsOf(gives));
  return points.length === 0 ? null : Math.min(...points);
}

/** The most that a point is worth: a liability is not to be thought too small. */
function bestRate(rewards: readonly Reward[], currency: string): { amountMinor: number; points: number } | null {
  let best: { amountMinor: number; points: number } | null = null;
  for (const reward of rewards) {
    const points = leastPointsOf(reward.gives);
    const amountMinor = worthOfPoints([reward], points, currency);
    if (amountMinor === null || points <= 0) continue;
    if (best === null || BigInt(amountMinor) * BigInt(best.points) > BigInt(best.amountMinor) * BigInt(points)) best = { amountMinor, points };
  }
  return best;
}

function halfUp(numerator: bigint, denominator: bigint): number {
  return Number((2n * numerator + denominator) / (2n * denominator));
}
