import { readCustomersOrders } from '#app/adapters/db/loyalty/earning-customers.server.ts';
import { programSchema } from '#app/adapters/db/loyalty/program-schema.ts';
import { loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { ProgramSimulation } from '#app/domain/loyalty/accrual/simulate-program.ts';
import type { SimulationResult } from '#app/domain/loyalty/accrual/simulate-program.ts';
import { findProgramProblems } from '#app/domain/loyalty/program/find-program-problems.ts';
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
}

/** Beyond so many orders it runs in the thread: it reads all orders and their lines. */
const LARGE_FROM_ORDERS = 5_000;
const DAYS_BACK = 365;

/** What a program would have come to in the last 365 days; null for what is no sound program, or an unknown shop. */
export const simulateOnPast = computedApart('loyalty-simulation', compute, { fromOrders: LARGE_FROM_ORDERS });

async function compute({ shop, inShop, pool, now }: ShopContext, question: SimulationQuestion): Promise<SimulationOfShop | null> {
  const { breakageBasisPoints } = question;
  const read = programSchema.safeParse(question.program);
  const { currency, timeZone } = await inShop((db) => loadProgramShop(db, shop));
  if (!read.success || currency === null || timeZone === null) return null;
  const program = read.data;
  if (Object.keys(findProgramProblems(program, { shopCurrency: currency })).length > 0) return null;
  const nowMs = now().getTime();
  const today = dayOfInstant(nowMs, timeZone);
  const fromDay = today - DAYS_BACK + 1;
  const fromMs = startOfDay(fromDay, timeZone);
  const simulation = new ProgramSimulation({
    ...{ program, currency, timeZone, breakageBasisPoints, fromMs },
    asOfMs: nowMs,
    openTierPath: program.tiers === null ? null : () => new ReviewedTierPath(program, timeZone),
  });
  await readCustomersOrders({ pool, shop }, { sinceMs: fromMs }, (customer) => void simulation.addCustomer(customer));
  return { ...simulation.result(), from: formatDay(fromDay), to: formatDay(today), breakageBasisPoints };
}
