import { findOldestOrderMs, loadPastProgress } from '#app/adapters/db/loyalty/past-awards.repository.server.ts';
import { loadNewestProgram, loadProgramHistory } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { loadStaffNames } from '#app/adapters/db/staff/staff-members.repository.server.ts';
import type { Program, ProgramStatus, Tiers } from '#app/domain/loyalty/program/program.ts';
import { suggestProgram } from '#app/domain/loyalty/program/suggest-program.ts';
import type { StoreHabits, SuggestionReason } from '#app/domain/loyalty/program/suggest-program.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { getRetentionReport } from '#app/services/retention/get-retention-report.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface ProgramVersionLine {
  version: number;
  status: ProgramStatus['kind'];
  savedAtMs: number;
  /** Shopify's number of the member of staff. */
  savedBy: string | null;
  /** What this version changed; empty for the first. */
  changed: ProgramPart[];
}

export const PROGRAM_PARTS = ['status', 'earning', 'expiry', 'rewards', 'tiers'] as const;
export type ProgramPart = (typeof PROGRAM_PARTS)[number];

export interface ProgramOfShop {
  /** 0 while nothing has been saved; then the program is one that is suggested. */
  version: number;
  program: Program;
  /** Why it is suggested; null for one that was saved. */
  suggestion: SuggestionReason | null;
  /** Tiers to begin with where the program has none. */
  usual: Tiers | null;
  habits: StoreHabits;
  timeZone: string;
  /** `YYYY-MM-DD` in shop time. */
  today: string;
  history: ProgramVersionLine[];
  /** What those are called who saved them, by number of staff; nothing of whom no name is known. */
  staffNames: Readonly<Record<string, string>>;
  past: PastOfProgram;
}

/** What there is to look back at, and how far the awards of it are. */
export interface PastOfProgram {
  /** `YYYY-MM-DD` in shop time, of the oldest order that is here; null where there is none. */
  oldestDay: string | null;
  /** For so many days Shopify lets us see orders; null for all. */
  historyDays: number | null;
  /** Null where nobody looked back. */
  progress: { fromDay: string; isUnderWay: boolean; orders: number; ordersSeen: number } | null;
}

const VERSIONS_SHOWN = 20;

/** The program that holds, or one suggested from the store's own orders. Null while currency and time zone are not known. */
export async function getProgram(context: ShopContext): Promise<ProgramOfShop | null> {
  const { shop, inShop, sealedBox } = context;
  const [answer, [newest, versions, staffNames, oldestMs, progress]] = await Promise.all([
    getRetentionReport(context, { asOf: null }),
    inShop(async (db) => {
      const newest = await loadNewestProgram(db, shop);
      const versions = await loadProgramHistory(db, shop, { before: null, limit: VERSIONS_SHOWN + 1 });
      const staffNames = await loadStaffNames(db, sealedBox, shop, versions.map(({ savedBy }) => savedBy));
      return [newest, versions, staffNames, await findOldestOrderMs(db, shop), await loadPastProgress(db, shop)] as const;
    }),
  ]);
  if (!answer.ok) return null;
  const { report, today, historyDays } = answer.value;
  const dayOf = (atMs: number) => formatDay(dayOfInstant(atMs, report.timeZone));
  const { orders, aovMinor, repeatPurchaseRate } = report.overall;
  const habits = { currency: report.currency, orders, aovMinor, repeatPurchaseRate };
  const suggested = suggestProgram(habits);
  const history = versions.slice(0, VERSIONS_SHOWN).map(({ version, program, savedAtMs, savedBy }, index): ProgramVersionLine => {
    const before = versions[index + 1];
    const changed = before === undefined ? [] : PROGRAM_PARTS.filter((part) => JSON.stringify(program[part]) !== JSON.stringify(before.program[part]));
    return { version, status: program.status.kind, savedAtMs, savedBy, changed };
  });
  return {
    version: newest?.version ?? 0,
    program: newest?.program ?? suggested.program,
    suggestion: newest === null ? suggested.reason : null,
    usual: suggested.program.tiers,
    ...{ habits, timeZone: report.timeZone, today, history, staffNames },
    past: {
      ...{ oldestDay: oldestMs === null ? null : dayOf(oldestMs), historyDays },
      progress: progress && { fromDay: dayOf(progress.fromMs), isUnderWay: progress.isUnderWay, orders: progress.orders, ordersSeen: progress.ordersSeen },
    },
  };
}
