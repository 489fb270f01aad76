import { describe, expect, it } from 'vitest';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { PastOrder } from '#app/domain/loyalty/accrual/past-order.ts';
import { simulateProgram } from '#app/domain/loyalty/accrual/simulate-program.ts';
import type { SimulationInput } from '#app/domain/loyalty/accrual/simulate-program.ts';
import type { TierPath } from '#app/domain/loyalty/accrual/simulated-member.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { aLine, anOrder, aProgram, NOON_MS } from '#test/domain/loyalty/accrual/an-earning-order.ts';

const DAY_MS = 86_400_000;

const BARE = { welcomePoints: null, birthdayPoints: null };

function aSimulation(program: Program, input: Partial<SimulationInput> = {}): SimulationInput {
  return {
    program,
    currency: 'USD',
    timeZone: 'UTC',
    fromMs: NOON_MS - 1000 * DAY_MS,
    asOfMs: NOON_MS + 100 * DAY_MS,
    breakageBasisPoints: 3_000,
    openTierPath: null,
    ...input,
  };
}

let lastId = 0n;
/** An order of so much, so many days after noon of 2026-06-01. */
function bought(customerId: bigint | null, day: number, valueMinor: number, order: Partial<EarningOrder> = {}): EarningOrder {
  lastId += 1n;
  return anOrder({ orderId: lastId, customerId, processedAtMs: NOON_MS + day * DAY_MS, lines: [aLine({ remainingMinor: valueMinor })], ...order });
}

/** Levels by all points that were ever earned. */
function byPoints(program: Program): () => TierPath {
  return () => {
    let points = 0;
    return {
      note: (fact) => (points += fact.points),
      levelAt: () => program.tiers?.levels.findLast(({ threshold }) => points >= threshold) ?? null,
    };
  };
}

describe('a program that is tried on the past', () => {
  it('issues what each order would have earned, and says what of it is left and what waits', () => {
    const result = simulateProgram(aSimulation(aProgram(BARE), { asOfMs: NOON_MS + 20 * DAY_MS }), [
      bought(1n, 0, 100_00),
      bought(1n, 10, 20_00),
      bought(2n, 1, 30_00),
      bought(null, 1, 999_00),
      bought(3n, 1, 50_00, { exclusion: 'cancelled' }),
      bought(4n, 21, 50_00),
    ]);
    expect(result).toMatchObject({ members: 2, earningOrders: 3, issuedPoints: 750, outstandingPoints: 650, pendingPoints: 100, expiredPoints: 0 });
    // 100 points are a dollar; three tenths are never spent.
    expect(result.worth).toEqual({ issuedMinor: 7_50, costMinor: 5_25, outstandingMinor: 7_50, liabilityMinor: 5_25 });
  });

  it('is live from the day that was asked for, whatever its status, and knows of orders before it', () => {
    const program: Program = { ...aProgram({ welcomePoints: 7, firstOrderPoints: 1_000, pendingDays: 0 }), status: { kind: 'off' } };
    const orders = [bought(1n, -5, 10_00), bought(1n, 1, 10_00), bought(2n, 1, 10_00)];
    const issuedBy = new Map<bigint, number>();
    simulateProgram(aSimulation(program, { fromMs: NOON_MS }), orders, (id, { issuedPoints }) => issuedBy.set(id, issuedPoints));
    expect(issuedBy).toEqual(new Map([[1n, 7 + 50], [2n, 7 + 50 + 1_000]]));
  });

  it('lets points expire where a member stays away too long, and not where they come back in time', () => {
    const program: Program = { ...aProgram({ ...BARE, pendingDays: 0 }), expiry: { kind: 'inactivity', months: 1, noticeDays: [] } };
    // The first is away for a month and a day: 1 June to 2 July.
    const away = [bought(1n, 0, 10_00), bought(1n, 31, 20_00)];
    const back = [bought(2n, 0, 10_00), bought(2n, 30, 20_00)];
    const asOfMs = NOON_MS + 32 * DAY_MS;
    const result = simulateProgram(aSimulation(program, { asOfMs }), [...away, ...back]);
    expect(result).toMatchObject({ issuedPoints: 300, expiredPoints: 50, outstandingPoints: 250 });
    const later = simulateProgram(aSimulation(program), [...away, ...back]);
    expect(later).toMatchObject({ expiredPoints: 300, outstandingPoints: 0 });
  });

  it('takes back what a refund takes back when it comes, and leaves what its order led to', () => {
    const program = aProgram({ ...BARE, pendingDays: 0, firstOrderPoints: 100 });
    const level = { factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null };
    const tiers: Program['tiers'] = {
      ...{ basis: 'points', window: 'lifetime', graceDays: 0 },
      levels: [{ ...level, id: 'low', name: 'Low', threshold: 0 }, { ...level, id: 'high', name: 'High', threshold: 500, factorBasisPoints: 20_000, entryPoints: 40 }],
    };
    const whole = bought(1n, 0, 100_00);
    const returned: PastOrder = { ...whole, exclusion: 'refunded', shopValue: { currency: 'USD', amountMinor: 0 }, presentmentValue: { currency: 'USD', amountMinor: 0 }, lines: [], earlier: [{ untilMs: NOON_MS + 2 * DAY_MS, order: whole }] };
    const orders = [returned, bought(1n, 1, 10_00), bought(1n, 3, 10_00)];
    const withTiers = { ...program, tiers };
    const outcomes: unknown[] = [];
    const simulate = () => simulateProgram(aSimulation(withTiers, { openTierPath: byPoints(withTiers) }), orders, (_, { issuedPoints, tier }) => outcomes.push([issuedPoints, tier?.id]));
    // 40 for the higher level; 10.00 at twice the rate in it, and at the usual rate after the fall.
    expect(simulate()).toMatchObject({ members: 1, earningOrders: 3, issuedPoints: 40 + 100 + 50, outstandingPoints: 190 });
    expect(outcomes).toEqual([[190, 'low']]);
  });

  it('counts after how many orders the cheapest reward was in reach, and with whom it never was', () => {
    const cheap = aProgram(BARE);
    const program: Program = { ...cheap, rewards: cheap.rewards.filter(({ gives }) => gives.kind === 'amount') };
    const result = simulateProgram(aSimulation(program), [
      ...[0, 1, 2].map((day) => bought(1n, day, 40_00)),
      bought(2n, 0, 100_00),
      ...[0, 1].map((day) => bought(3n, day, 49_00)),
    ]);
    expect(result.membersByOrdersToReward).toEqual([1, 0, 1]);
    // The third of one member, and the one of the other: as many as have a reward in reach when they are through.
    expect(result.ordersWithReward).toBe(2);
    expect(simulateProgram(aSimulation(program), [0, 1, 2].map((day) => bought(2n, day, 100_00))).ordersWithReward).toBe(3);
  });

  it('asks for the tier before each order, and grants the points of reaching one once', () => {
    const usual = aProgram({ ...BARE, pendingDays: 0 });
    const levels = usual.tiers?.levels.map((level) => (level.id === 'silver' ? { ...level, entryPoints: 10 } : level)) ?? [];
    const program: Program = { ...usual, tiers: usual.tiers && { ...usual.tiers, levels } };
    const orders = [0, 1, 2].map((day) => bought(1n, day, 200_00));
    const result = simulateProgram(aSimulation(program, { openTierPath: byPoints(program) }), [...orders, bought(2n, 0, 1_00)]);
    // 1,000 and silver with its 10; then 1,250 and gold; then 1,500.
    expect(result.issuedPoints).toBe(1_000 + 10 + 1_250 + 1_500 + 5);
    expect(result.membersByTier).toEqual({ bronze: 1, silver: 0, gold: 1 });
  });

  it('is the same whatever the order of the rows', () => {
    const orders = Array.from({ length: 60 }, (_, index) => bought(BigInt(index % 7), (index * 37) % 90, 10_00 + index * 7_31));
    const program = aProgram();
    const input = aSimulation(program, { openTierPath: byPoints(program) });
    expect(simulateProgram(input, [...orders].reverse())).toEqual(simulateProgram(input, orders));
  });

  it('gives no worth where no reward gives money', () => {
    const program: Program = { ...aProgram(BARE), rewards: [] };
    expect(simulateProgram(aSimulation(program), [bought(1n, 0, 10_00)])).toMatchObject({ worth: null, membersByOrdersToReward: [], issuedPoints: 50 });
  });
});
