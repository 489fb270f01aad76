import type { Account, EntryDraft, LotTerms } from '../ledger/entry.ts';
import { isActivity } from '../ledger/entry.ts';
import { lotTermsOf } from '../ledger/lot-terms.ts';
import { applyPostings, deriveBalance, EMPTY_LEDGER } from '../ledger/member-ledger.ts';
import type { MemberLedger } from '../ledger/member-ledger.ts';
import { NONE_ENDED } from '../ledger/move-points.ts';
import type { EndedPoints } from '../ledger/move-points.ts';
import { planAward } from '../ledger/plan-award.ts';
import { planExpiry, planMaturities } from '../ledger/plan-passing-of-time.ts';
import type { Program, TierLevel } from '../program/program.ts';
import type { TierFact } from '../tiers/derive-tier-basis.ts';
import { tierFactOfOrder } from '../tiers/tier-fact-of-order.ts';
import type { EntryReason } from '../ledger/entry.ts';
import { readAwardChoices } from './award-reason.ts';
import { computeOrderAward } from './compute-order-award.ts';
import { occasionMsOf } from './earning-order.ts';
import type { EarningOrder } from './earning-order.ts';

/** A member's way through the tiers, in rising order of time. Made anew for each member. */
export interface TierPath {
  /** @param nowMs when it is known; the fact's own time where none is given */
  note(fact: TierFact, nowMs?: number): void;
  /** The level held at an instant, by all that was noted. */
  levelAt(atMs: number): TierLevel | null;
}

export interface SimulatedTerms {
  readonly program: Program;
  readonly timeZone: string;
  /** Of the shop. */
  readonly currency: string;
  readonly openTierPath: () => TierPath;
  /** Points of the cheapest reward on offer; null where there is none. */
  readonly cheapestPoints: number | null;
}

/** Where a member of the simulation stands. */
export interface MemberOutcome {
  readonly points: number;
  readonly pendingPoints: number;
  readonly issuedPoints: number;
  readonly expiredPoints: number;
  readonly tier: TierLevel | null;
  /** Orders that earned something. */
  readonly earningOrders: number;
  /** After how many of them the cheapest reward was in reach, pending points included; null when it never was. */
  readonly ordersToReward: number | null;
  /** After how many of them it was, that one and those after which it still was. */
  readonly ordersWithReward: number;
}

/** What an order has given, and by what: a refund goes by it. */
interface GivenAward {
  readonly order: EarningOrder;
  readonly tier: TierLevel | null;
  /** Of its first award. */
  readonly reason: EntryReason;
  readonly points: number;
  readonly entries: number;
  readonly firstOrderPoints: number;
}

type AwardSubject = Parameters<typeof planAward>[1]['subject'];

interface AwardTerms {
  readonly nowMs: number;
  readonly occasionMs: number;
  readonly reason: EntryReason;
  readonly givenPoints?: number;
  readonly entriesSoFar?: number;
}

/** Nobody's id is needed where nothing is written. */
const MEMBER_ID = 0n;

/** One member's points, moved by the very functions that move the real ones. */
export class SimulatedMember {
  readonly #terms: SimulatedTerms;
  readonly #lotTerms: LotTermsCache;
  readonly #awaitsAccount: boolean;
  readonly #tiers: TierPath;
  readonly #entryPointsGiven = new Set<string>();
  readonly #given = new Map<bigint, GivenAward>();
  /** By order: what of it ended unspent. */
  readonly #ended = new Map<bigint, EndedPoints>();
  #ledger: MemberLedger = EMPTY_LEDGER;
  #lastActivityMs: number | null = null;
  #hasOrdered = false;
  #issuedPoints = 0;
  #expiredPoints = 0;
  #earningOrders = 0;
  #ordersToReward: number | null = null;
  #ordersWithReward = 0;

  constructor(terms: SimulatedTerms, lotTerms: LotTermsCache, { awaitsAccount }: { awaitsAccount: boolean }) {
    this.#terms = terms;
    this.#lotTerms = lotTerms;
    this.#awaitsAccount = awaitsAccount;
    this.#tiers = terms.openTierPath();
  }

  get isMember(): boolean {
    return this.#lastActivityMs !== null;
  }

  /** Orders and refunds come in rising order of their time. */
  placeOrder(order: EarningOrder): void {
    const { program } = this.#terms;
    const nowMs = order.processedAtMs;
    this.passTime(nowMs);
    const tier = this.#tiers.levelAt(nowMs) ?? program.tiers?.levels[0] ?? null;
    const { targetPoints, reason } = computeOrderAward({ program, order, tier, choices: null });
    const isFirst = !this.#hasOrdered;
    this.#hasOrdered ||= wasPlaced(order);
    let earnedPoints = 0;
    if (targetPoints > 0) {
      const { welcomePoints, firstOrderPoints } = program.earning;
      const occasionMs = occasionMsOf(order, program.earning);
      if (!this.isMember && !this.#awaitsAccount) earnedPoints += this.#grant('welcome', welcomePoints, { nowMs });
      const points = this.#award({ kind: 'order', orderId: order.orderId }, targetPoints, { nowMs, occasionMs, reason });
      const first = isFirst ? this.#grant('first-order', firstOrderPoints, { nowMs, occasionMs, orderId: order.orderId }) : 0;
      this.#given.set(order.orderId, { order, tier, reason, points, entries: 1, firstOrderPoints: first });
      earnedPoints += points + first;
      this.#earningOrders += 1;
    }
    const fact = tierFactOfOrder(order, { points: earnedPoints, shopCurrency: this.#terms.currency });
    if (fact !== null) {
      this.#tiers.note(fact);
      this.#enterTier(nowMs);
    }
    if (this.#isRewardInReach()) {
      this.#ordersToReward ??= this.#earningOrders;
      if (targetPoints > 0) this.#ordersWithReward += 1;
    }
  }

  /** @param order one that was placed, as it stands after the refund */
  refundOrder(order: EarningOrder, nowMs: number): void {
    const given = this.#given.get(order.orderId);
    if (given === undefined) return;
    this.passTime(nowMs);
    const { program } = this.#terms;
    const { tier, reason: firstReason, points: givenPoints, entries, firstOrderPoints } = given;
    const occasionMs = occasionMsOf(order, program.earning);
    const { targetPoints, reason } = computeOrderAward({ program, order, tier, choices: readAwardChoices([firstReason]) });
    const taken = this.#award({ kind: 'order', orderId: order.orderId }, targetPoints, { nowMs, occasionMs, reason, givenPoints, entriesSoFar: entries });
    const isUndone = targetPoints === 0 && firstOrderPoints > 0;
    const subject: AwardSubject = { kind: 'grant', name: 'first-order', memberId: MEMBER_ID, orderId: order.orderId };
    const undone = { nowMs, occasionMs, reason: { code: 'first-order-undone' }, givenPoints: firstOrderPoints, entriesSoFar: 1 };
    const takenOfFirst = isUndone ? this.#award(subject, 0, undone) : 0;
    const left = { points: givenPoints + taken, entries: entries + 1, firstOrderPoints: firstOrderPoints + takenOfFirst };
    this.#given.set(order.orderId, { ...given, order, ...left });
    this.#tiers.note(this.#differenceOf(given.order, order, taken + takenOfFirst), nowMs);
  }

  /** What an order counts for in tiers less than it did. */
  #differenceOf(before: EarningOrder, after: EarningOrder, points: number): TierFact {
    const [was, is] = [before, after].map((order) => tierFactOfOrder(order, { points: 0, shopCurrency: this.#terms.currency }));
    return {
      atMs: after.processedAtMs,
      spendMinor: (is?.spendMinor ?? 0) - (was?.spendMinor ?? 0),
      points,
      orders: (is?.orders ?? 0) - (was?.orders ?? 0),
    };
  }

  /** What time alone does, up to and with an instant. */
  passTime(nowMs: number): void {
    if (this.#ledger.lots.length === 0) return;
    const { program, timeZone } = this.#terms;
    this.#append(planMaturities(this.#ledger, { memberId: MEMBER_ID, nowMs }));
    const input = { memberId: MEMBER_ID, expiry: program.expiry, lastActivityMs: this.#lastActivityMs, timeZone, nowMs };
    const expiry = planExpiry(this.#ledger, input);
    if (expiry !== null) this.#noteEnded(expiry);
    this.#append(expiry);
  }

  outcomeAt(asOfMs: number): MemberOutcome {
    this.passTime(asOfMs);
    const { points, pendingPoints } = deriveBalance(this.#ledger);
    return {
      points,
      pendingPoints,
      issuedPoints: this.#issuedPoints,
      expiredPoints: this.#expiredPoints,
      tier: this.#tiers.levelAt(asOfMs) ?? this.#terms.program.tiers?.levels[0] ?? null,
      earningOrders: this.#earningOrders,
      ordersToReward: this.#ordersToReward,
      ordersWithReward: this.#ordersWithReward,
    };
  }

  #grant(name: string, points: number | null, { nowMs, occasionMs = nowMs, orderId = null }: { nowMs: number; occasionMs?: number; orderId?: bigint | null }): number {
    if (points === null || points === 0) return 0;
    return this.#award({ kind: 'grant', name, memberId: MEMBER_ID, orderId }, points, { nowMs, occasionMs, reason: { code: name } });
  }

  /** @returns points that were given by it; below 0 those that were taken back */
  #award(subject: AwardSubject, targetPoints: number, { nowMs, occasionMs, reason, givenPoints = 0, entriesSoFar = 0 }: AwardTerms): number {
    const ended = subject.orderId === null ? undefined : this.#ended.get(subject.orderId);
    const issuedBefore = this.#issuedPoints;
    const draft = planAward(this.#ledger, {
      targetPoints,
      givenPoints,
      entriesSoFar,
      subject,
      ...(ended && { ended }),
      terms: this.#lotTerms.of(occasionMs, subject.orderId),
      programVersion: 1,
      occurredAtMs: nowMs,
      nowMs,
      reason,
    });
    this.#append(draft);
    if (draft !== null && ended !== undefined && subject.orderId !== null) {
      const takenBackPoints = ended.takenBackPoints - sumOf(draft, 'expired');
      this.#ended.set(subject.orderId, { ...ended, takenBackPoints });
    }
    return this.#issuedPoints - issuedBefore;
  }

  #noteEnded({ postings }: EntryDraft): void {
    for (const { lotNo, points } of postings) {
      const orderId = lotNo === null ? null : this.#ledger.lots.find((lot) => lot.lotNo === lotNo)?.orderId;
      if (orderId === null || orderId === undefined) continue;
      const known = this.#ended.get(orderId) ?? NONE_ENDED;
      this.#ended.set(orderId, { ...known, points: known.points - points });
    }
  }

  #append(draft: EntryDraft | null): void {
    if (draft === null) return;
    this.#ledger = applyPostings(this.#ledger, draft.postings);
    this.#issuedPoints -= sumOf(draft, 'issued');
    this.#expiredPoints += sumOf(draft, 'expired');
    if (isActivity(draft)) this.#lastActivityMs = Math.max(this.#lastActivityMs ?? 0, draft.occurredAtMs);
  }

  /** Points for reaching a level, once in a life. They count towards no further one. */
  #enterTier(nowMs: number): void {
    const level = this.#tiers.levelAt(nowMs);
    if (level === null || level.entryPoints === null || this.#entryPointsGiven.has(level.id)) return;
    this.#entryPointsGiven.add(level.id);
    this.#grant(`tier/${level.id}`, level.entryPoints, { nowMs });
  }

  #isRewardInReach(): boolean {
    const { cheapestPoints } = this.#terms;
    if (cheapestPoints === null) return false;
    const { points, pendingPoints } = deriveBalance(this.#ledger);
    return points + pendingPoints >= cheapestPoints;
  }
}

function sumOf({ postings }: EntryDraft, account: Account): number {
  return postings.reduce((sum, posting) => (posting.account === account ? sum + posting.points : sum), 0);
}

/** Whether an order is one after which the next is no first one. */
function wasPlaced({ exclusion }: EarningOrder): boolean {
  return exclusion !== 'test' && exclusion !== 'deleted' && exclusion !== 'cancelled';
}

/** Lot terms of orders by their day, since all of one day are the same and finding them takes longer than all the rest. */
export class LotTermsCache {
  readonly #program: Program;
  readonly #timeZone: string;
  readonly #dayOf: (atMs: number) => number;
  readonly #byDay = new Map<number, LotTerms>();

  constructor(program: Program, timeZone: string, dayOf: (atMs: number) => number) {
    this.#program = program;
    this.#timeZone = timeZone;
    this.#dayOf = dayOf;
  }

  of(occasionMs: number, orderId: bigint | null): LotTerms {
    const ask = { program: this.#program, occasionMs, timeZone: this.#timeZone };
    if (orderId === null || this.#program.earning.pendingDays === 0) return lotTermsOf({ ...ask, orderId });
    const day = this.#dayOf(occasionMs);
    let terms = this.#byDay.get(day);
    if (terms === undefined) {
      terms = lotTermsOf({ ...ask, orderId });
      this.#byDay.set(day, terms);
    }
    return { ...terms, orderId };
  }
}
