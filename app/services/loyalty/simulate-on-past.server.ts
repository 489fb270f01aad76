import { readCustomersOrders } from '#app/adapters/db/loyalty/earning-customers.server.ts';
import { programSchema } from '#app/adapters/db/loyalty/program-schema.ts';
import { loadNewestProgram, loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { ProgramSimulation } from '#app/domain/loyalty/accrual/simulate-program.ts';
import type { ComparedSimulation, SimulationResult } from '#app/domain/loyalty/accrual/simulate-program.ts';
import { findProgramProblems } from '#app/domain/loyalty/program/find-program-problems.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { ReviewedTierPath } from '#app/domain/loyalty/tiers/tier-path.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant, startOfDay } from '#app/domain/time/day-of-instant.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface SimulationQuestion {
  /** As a page sends it. */
  program: unknown;
  breakageBasisPoints: number;
}

export interface SimulationOfShop extends SimulationResult {
  /** `YYYY-MM-DD` in shop time, both included. */
  from: string;
  to: string;
  breakageBasisPoints: number;
  /** The same of the program as it is saved, where this one would earn, reward or rank otherwise. */
  before: ComparedSimulation | null;
}

/** Beyond so many orders it runs in the thread: it reads all orders and their lines. */
const LARGE_FROM_ORDERS = 5_000;
const DAYS_BACK = 365;

/** What a program would have come to in the last 365 days, beside the one that holds; null for what is no sound program, or an unknown shop. */
export const simulateOnPast = computedApart('loyalty-simulation', compute, { fromOrders: LARGE_FROM_ORDERS });

async function compute({ shop, inShop, pool, now }: ShopContext, question: SimulationQuestion): Promise<SimulationOfShop | null> {
  const { breakageBasisPoints } = question;
  const read = programSchema.safeParse(question.program);
  const [{ currency, timeZone }, newest] = await inShop(async (db) => [await loadProgramShop(db, shop), await loadNewestProgram(db, shop)] as const);
  if (!read.success || currency === null || timeZone === null) return null;
  const program = read.data;
  if (Object.keys(findProgramProblems(program, { shopCurrency: currency })).length > 0) return null;
  const nowMs = now().getTime();
  const today = dayOfInstant(nowMs, timeZone);
  const fromDay = today - DAYS_BACK + 1;
  const fromMs = startOfDay(fromDay, timeZone);
  const simulationOf = (tried: Program) =>
    new ProgramSimulation({
      ...{ program: tried, currency, timeZone, breakageBasisPoints, fromMs },
      asOfMs: nowMs,
      openTierPath: tried.tiers === null ? null : () => new ReviewedTierPath(tried, timeZone),
    });
  const after = simulationOf(program);
  const saved = newest === null || isSameOnThePast(newest.program, program) ? null : newest;
  const before = saved && simulationOf(saved.program);
  const withFulfillments = [program, saved?.program].some((tried) => tried?.earning.occasion === 'fulfilled');
  await readCustomersOrders({ pool, shop }, { sinceMs: fromMs, withFulfillments }, (customer) => {
    after.addCustomer(customer);
    before?.addCustomer(customer);
  });
  return {
    ...after.result(),
    ...{ from: formatDay(fromDay), to: formatDay(today), breakageBasisPoints },
    before: saved && before && { ...before.result(), version: saved.version, levels: (saved.program.tiers?.levels ?? []).map(({ id, name }) => ({ id, name })) },
  };
}

/** Status and beginning are the simulation's own. */
function isSameOnThePast(one: Program, other: Program): boolean {
  const [a, b] = [one, other].map(({ earning, expiry, rewards, tiers }) => JSON.stringify({ earning: { ...earning, earnsFromMs: 0 }, expiry, rewards, tiers }));
  return a === b;
}
