import { expect } from 'vitest';

import type { LotTerms } from '#app/domain/loyalty/ledger/entry.ts';
import { lotTermsOf } from '#app/domain/loyalty/ledger/lot-terms.ts';
import { planAdjustment } from '#app/domain/loyalty/ledger/plan-adjustment.ts';
import type { EndedPoints } from '#app/domain/loyalty/ledger/move-points.ts';
import { planAward } from '#app/domain/loyalty/ledger/plan-award.ts';
import { planEnd, planExpiry, planMaturities } from '#app/domain/loyalty/ledger/plan-passing-of-time.ts';
import { planCapture, planRelease, planReserve, planReturn, RETURN_GRACE_DAYS } from '#app/domain/loyalty/ledger/plan-redemption.ts';
import type { ComesBack } from '#app/domain/loyalty/ledger/plan-redemption.ts';
import { planTransfer } from '#app/domain/loyalty/ledger/plan-transfer.ts';
import type { Expiry } from '#app/domain/loyalty/program/program.ts';
import { dayAfterMonths } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { KilledError, LedgerUnderTest } from './ledger-under-test.ts';
import type { Command, Deed } from './odd-deeds.ts';
import { add, PointsModel } from './points-model.ts';

const ZONE = 'America/New_York';
const START_MS = Date.UTC(2026, 1, 27, 15);
const HOUR_MS = 3_600_000;

interface Redemption {
  readonly id: string;
  readonly member: number;
  state: 'reserved' | 'captured' | 'released';
  taken: number;
  returned: number;
  returns: number;
}

/** Both worlds side by side: the ledger, and the model that says what it means. */
export class BothWorlds {
  #nowMs = START_MS;
  readonly #keys = new Set<string>();
  readonly #real = [new LedgerUnderTest(this.#keys), new LedgerUnderTest(this.#keys)];
  readonly #model = [new PointsModel(), new PointsModel()];
  readonly #mergedInto: (number | null)[] = [null, null];
  /** Reached once in a life, by the model. */
  readonly #tiers = [new Set<number>(), new Set<number>()];
  readonly #lastActivityMs = [START_MS, START_MS];
  readonly #redemptions: Redemption[] = [];
  readonly #orderEntries = new Map<number, number>();
  readonly #ownerOf = new Map<number, number>();
  #steps = 0;
  readonly #expiry: Expiry;
  readonly #pendingDays: number;

  constructor(expiry: Expiry, pendingDays: number) {
    this.#expiry = expiry;
    this.#pendingDays = pendingDays;
  }

  step(command: Command): void {
    this.#steps += 1;
    if (command.kind === 'crash') this.#crash(command.lost);
    else this.#do(command);
    this.#compare();
  }

  #crash(lost: Deed): void {
    const mergedInto = [...this.#mergedInto];
    for (const real of this.#real) real.isDying = true;
    try {
      this.#do(lost);
    } catch (error) {
      if (!(error instanceof KilledError)) throw error;
      this.#mergedInto.splice(0, mergedInto.length, ...mergedInto);
    }
    for (const real of this.#real) real.restart();
    this.#compare();
    this.#do(lost);
  }

  #do(command: Deed): void {
    switch (command.kind) {
      case 'order':
        this.#order(command);
        break;
      case 'adjust':
        if (command.points !== 0) this.#adjust(this.#living(command.member), command.points);
        break;
      case 'tier':
        this.#enterTier(this.#living(command.member), command);
        break;
      case 'reserve':
        this.#reserve(this.#living(command.member), command.points);
        break;
      case 'capture':
      case 'release':
      case 'return':
        this.#settle(command);
        break;
      case 'merge':
        this.#merge(command.member);
        break;
      case 'forget':
        this.#forget(this.#living(command.member));
        break;
      case 'tick':
        this.#nowMs += command.hours * HOUR_MS;
        this.#passTime();
        break;
      case 'replay':
        this.#passTime();
        for (const order of this.#ownerOf.keys()) this.#award(order, this.#given(order));
    }
  }

  #order({ member: wanted, order, target }: { member: number; order: number; target: number }): void {
    const owner = this.#ownerOf.get(order) ?? wanted;
    this.#ownerOf.set(order, owner);
    if (target > this.#given(order)) this.#lastActivityMs[this.#living(owner)] = this.#nowMs;
    this.#award(order, target);
  }

  /** Whoever of the two it ended with. */
  #ended(order: bigint): EndedPoints {
    const [one, other] = this.#real.map((real) => real.endedOf(order));
    return { points: (one?.points ?? 0) + (other?.points ?? 0), takenBackPoints: (one?.takenBackPoints ?? 0) + (other?.takenBackPoints ?? 0) };
  }

  #award(order: number, target: number): void {
    const owner = this.#living(this.#ownerOf.get(order) ?? 0);
    const given = this.#given(order);
    const entries = this.#orderEntries.get(order) ?? 0;
    const terms = this.#terms(order);
    const entry = planAward(this.#ledger(owner).ledger, {
      targetPoints: target,
      givenPoints: given,
      entriesSoFar: entries,
      subject: { kind: 'order', orderId: BigInt(order) },
      ended: this.#ended(BigInt(order)),
      terms,
      programVersion: 1,
      occurredAtMs: this.#nowMs,
      nowMs: this.#nowMs,
      reason: { code: 'order-earned' },
    });
    this.#ledger(owner).append(entry);
    if (entry !== null) this.#orderEntries.set(order, entries + 1);
    this.#modelOf(owner).order(order, target, modelTerms(terms), this.#nowMs);
  }

  #adjust(who: number, amount: number): void {
    const terms = { ...this.#terms(null), maturesAtMs: this.#nowMs };
    const key = `adjustment/${this.#steps}`;
    const reason = { code: 'adjusted' };
    this.#ledger(who).append(planAdjustment(this.#ledger(who).ledger, { kind: 'adjustment', key, points: amount, terms, occurredAtMs: this.#nowMs, nowMs: this.#nowMs, reason }));
    this.#modelOf(who).adjust(amount, modelTerms(terms), this.#nowMs);
  }

  #enterTier(who: number, { tier, points: amount }: { tier: number; points: number }): void {
    const lives = [0, 1].filter((life) => this.#living(life) === who);
    const terms = this.#terms(null);
    if (!lives.some((life) => this.#keys.has(`grant/${life}/tier/${tier}/1`))) {
      const subject = { kind: 'grant' as const, name: `tier/${tier}`, memberId: BigInt(who), orderId: null };
      const reason = { code: 'tier-reached' };
      const facts = { programVersion: 1, occurredAtMs: this.#nowMs, nowMs: this.#nowMs, reason };
      this.#ledger(who).append(planAward(this.#ledger(who).ledger, { targetPoints: amount, givenPoints: 0, entriesSoFar: 0, subject, terms, ...facts }));
    }
    if (!this.#tiers[who]?.has(tier)) this.#modelOf(who).adjust(amount, modelTerms(terms), this.#nowMs, 'issued');
    this.#tiers[who]?.add(tier);
  }

  #reserve(who: number, amount: number): void {
    const id = String(this.#redemptions.length);
    const reserve = planReserve(this.#ledger(who).ledger, amount, this.#redeeming(id));
    if (reserve.ok) this.#ledger(who).append(reserve.value);
    expect(reserve.ok).toBe(this.#modelOf(who).reserve(id, amount));
    if (!reserve.ok) return;
    this.#lastActivityMs[who] = this.#nowMs;
    this.#redemptions.push({ id, member: who, state: 'reserved', taken: amount, returned: 0, returns: 0 });
  }

  #settle({ kind, redemption: number, points: wanted }: { kind: 'capture' | 'release' | 'return'; redemption: number; points: number }): void {
    const redemption = this.#redemptions[number];
    if (redemption === undefined || (redemption.state === 'captured') !== (kind === 'return') || redemption.state === 'released') return;
    const { id, member: who } = redemption;
    const real = this.#ledger(who);
    const input = { ...this.#redeeming(id), expiry: this.#comesBack(who) };
    if (kind === 'capture') {
      real.append(planCapture(real.heldBy(id), input));
      this.#modelOf(who).capture(id);
      redemption.state = 'captured';
      return;
    }
    if (kind === 'release') {
      real.append(planRelease(real.ledger, real.heldBy(id), input));
      this.#modelOf(who).release(id, this.#modelExpiry(who), this.#nowMs);
      redemption.state = 'released';
    } else {
      const target = Math.min(redemption.taken, Math.max(redemption.returned, wanted));
      const entry = planReturn(real.ledger, real.heldBy(id), { ...input, targetPoints: target, returnedPoints: redemption.returned, returnsSoFar: redemption.returns });
      real.append(entry);
      this.#modelOf(who).giveBack(id, target - redemption.returned, this.#modelExpiry(who), this.#nowMs);
      if (entry !== null) redemption.returns += 1;
      redemption.returned = target;
    }
    this.#transfer(who);
  }

  #merge(from: number): void {
    if (this.#mergedInto.some((into) => into !== null)) return;
    this.#mergedInto[from] = 1 - from;
    this.#transfer(from);
    for (const tier of this.#tiers[from] ?? []) this.#tiers[1 - from]?.add(tier);
    const [gone, kept] = [this.#modelOf(from), this.#modelOf(1 - from)];
    for (const [order, given] of gone.givenByOrder) kept.givenByOrder.set(order, given);
    gone.givenByOrder.clear();
    for (const which of ['left', 'takenBack'] as const) {
      for (const [order, count] of gone.ended[which]) add(kept.ended[which], order, count);
      gone.ended[which].clear();
    }
  }

  #transfer(from: number): void {
    const to = this.#mergedInto[from] ?? null;
    if (to === null) return;
    const moved = planTransfer(this.#ledger(from).ledger, this.#ledger(to).ledger, {
      fromMemberId: BigInt(from),
      toMemberId: BigInt(to),
      transfersSoFar: this.#ledger(from).sequence,
      nowMs: this.#nowMs,
    });
    this.#ledger(from).append(moved?.out ?? null);
    this.#ledger(to).append(moved?.in ?? null);
    this.#modelOf(from).moveTo(this.#modelOf(to), this.#nowMs);
  }

  #forget(who: number): void {
    const real = this.#ledger(who);
    real.append(planEnd(real.ledger, { memberId: BigInt(who), code: 'forgotten', sequence: real.sequence + 1, nowMs: this.#nowMs }));
    this.#modelOf(who).end();
  }

  #passTime(): void {
    for (const who of [0, 1]) {
      const real = this.#ledger(who);
      real.append(planMaturities(real.ledger, { memberId: BigInt(who), nowMs: this.#nowMs }));
      real.append(planExpiry(real.ledger, { memberId: BigInt(who), ...this.#comesBack(who), nowMs: this.#nowMs }));
      this.#modelOf(who).mature(this.#nowMs);
      this.#modelOf(who).expire(this.#modelExpiry(who));
    }
  }

  #compare(): void {
    for (const who of [0, 1]) {
      expect(this.#ledger(who).balance()).toEqual(this.#modelOf(who).balance());
      expect(this.#ledger(who).shape()).toEqual(this.#modelOf(who).shape());
      expect(this.#ledger(who).totals()).toEqual(this.#modelOf(who).totals);
    }
  }

  #living(who: number): number {
    return this.#mergedInto[who] ?? who;
  }

  #given(order: number): number {
    return this.#modelOf(this.#living(this.#ownerOf.get(order) ?? 0)).givenByOrder.get(order) ?? 0;
  }

  #terms(order: number | null): LotTerms {
    const program = aProgram({ expiry: this.#expiry, earning: { pendingDays: this.#pendingDays } });
    return lotTermsOf({ program, occasionMs: this.#nowMs, orderId: order === null ? null : BigInt(order), timeZone: ZONE });
  }

  #redeeming(redemptionId: string) {
    return { redemptionId, programVersion: 1, nowMs: this.#nowMs, reason: { code: 'redeemed' } };
  }

  #comesBack(who: number): ComesBack {
    return { expiry: this.#expiry, lastActivityMs: this.#lastActivityMs[who] ?? null, timeZone: ZONE };
  }

  #modelExpiry(who: number) {
    const active = dayOfInstant(this.#lastActivityMs[who] ?? START_MS, ZONE);
    const inactiveOn = this.#expiry.kind === 'inactivity' ? dayAfterMonths(active, this.#expiry.months) : null;
    return { today: dayOfInstant(this.#nowMs, ZONE), inactiveOn, graceDays: RETURN_GRACE_DAYS };
  }

  #ledger(who: number): LedgerUnderTest {
    const found = this.#real[who];
    if (found === undefined) throw new Error(`no member ${who}`);
    return found;
  }

  #modelOf(who: number): PointsModel {
    const found = this.#model[who];
    if (found === undefined) throw new Error(`no member ${who}`);
    return found;
  }
}

function modelTerms({ orderId, maturesAtMs, expiresOn }: LotTerms) {
  return { orderId: orderId === null ? null : Number(orderId), maturesAtMs, expiresOn };
}
