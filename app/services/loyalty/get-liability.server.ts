import { loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { loadPointsExpiring, loadPointsHeld, loadPointsMoved } from '#app/adapters/db/sql/loyalty-liability.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import { computeBreakage, costOf, differenceOf, findPointWorth, monthAfter } from '#app/domain/loyalty/members/liability.ts';
import type { Liability, MovedInMonth, PointsMoved } from '#app/domain/loyalty/members/liability.ts';
import { earliestExpiryDay } from '#app/domain/loyalty/program/earliest-expiry-day.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { expiryTermsOf, loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const MONTHS = 12;
const DAYS_BEHIND = 30;

/** What the points that are out there come to. All figures are of one instant. Null while currency and zone are not known. */
export async function getLiability(context: Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now'>): Promise<Liability | null> {
  const { shop, inShop, pool } = context;
  const { terms, known } = await inShop(async (db) => ({ terms: await loadProgramTerms(db, context), known: await loadProgramShop(db, shop) }));
  const { currency, timeZone } = known;
  if (currency === null || timeZone === null) return null;
  const expiry = terms && expiryTermsOf(terms, { lastActivityMs: null, enrolledAtMs: 0 }).expiry;
  const inactivityMonths = expiry?.kind === 'inactivity' ? expiry.months : null;
  const asOfMs = context.now().getTime();
  const { held, moved, expiring } = await withTenantSnapshot(pool, shop, async (connection) => ({
    held: await loadPointsHeld(connection, shop),
    moved: await loadPointsMoved(connection, shop, timeZone),
    expiring: await loadPointsExpiring(connection, shop, { timeZone, inactivityMonths, ...boundsOf(terms), datedFrom: terms && firstDayLeft(terms, asOfMs) }),
  }));
  const total = moved.reduce(addMoved, NOTHING);
  const worth = findPointWorth(terms?.newest.program.rewards ?? [], currency);
  const thisMonth = formatDay(dayOfInstant(asOfMs, timeZone)).slice(0, 7);
  const lastMonth = monthAfter(thisMonth, MONTHS - 1);
  const pointsIn = (isWanted: (month: string | null) => boolean) => expiring.reduce((sum, { month, points }) => (isWanted(month) ? sum + points : sum), 0);
  return {
    ...{ asOfMs, timeZone, currency, held, worth, total },
    costMinor: costOf(held.spendablePoints + held.reservedPoints, worth),
    pendingCostMinor: costOf(held.pendingPoints, worth),
    breakage: computeBreakage(total),
    months: sequenceOf(monthAfter(thisMonth, 1 - MONTHS)).map((month) => moved.find((one) => one.month === month) ?? { month, ...NOTHING }),
    expiring: sequenceOf(thisMonth).map((month, index) => ({
      month,
      // What ended already and waits for the worker belongs to this month.
      points: pointsIn((one) => one !== null && (index === 0 ? one <= month : one === month)),
    })),
    expiringLaterPoints: pointsIn((month) => month !== null && month > lastMonth),
    neverExpiringPoints: pointsIn((month) => month === null),
    differencePoints: differenceOf(held, total),
  };
}

function boundsOf(terms: ProgramTerms | null): { notBefore: string; endDay: string } {
  if (terms === null) return { notBefore: '-infinity', endDay: 'infinity' };
  const { status } = terms.newest.program;
  const notBeforeDay = earliestExpiryDay(terms.versions, terms.timeZone);
  return {
    notBefore: Number.isFinite(notBeforeDay) ? formatDay(notBeforeDay) : notBeforeDay > 0 ? 'infinity' : '-infinity',
    endDay: status.kind === 'winding-down' ? formatDay(status.lastRedemptionDay + 1) : 'infinity',
  };
}

/**
 * The worker lets each lot end on its day, give or take some days on which it stood still, unless a pause or another rule
 * put that off: then lots of any day may have something left.
 */
function firstDayLeft({ versions, newest, timeZone }: ProgramTerms, asOfMs: number): string | null {
  const today = dayOfInstant(asOfMs, timeZone);
  const hasRun = newest.program.status.kind === 'live' && earliestExpiryDay(versions, timeZone) < today - DAYS_BEHIND;
  return hasRun ? formatDay(today - DAYS_BEHIND) : null;
}

const NOTHING: PointsMoved = { issuedPoints: 0, redeemedPoints: 0, expiredPoints: 0, adjustedPoints: 0 };

function addMoved(sum: PointsMoved, { issuedPoints, redeemedPoints, expiredPoints, adjustedPoints }: MovedInMonth): PointsMoved {
  return {
    issuedPoints: sum.issuedPoints + issuedPoints,
    redeemedPoints: sum.redeemedPoints + redeemedPoints,
    expiredPoints: sum.expiredPoints + expiredPoints,
    adjustedPoints: sum.adjustedPoints + adjustedPoints,
  };
}

function sequenceOf(first: string): string[] {
  return Array.from({ length: MONTHS }, (_, index) => monthAfter(first, index));
}

export type LiabilityCell = string | number | null;

export const LIABILITY_COLUMNS = ['figure', 'month', 'points', 'amount_minor', 'currency', 'as_of'];

/** The same figures as a file: one a row. */
export function liabilityRows(liability: Liability): LiabilityCell[][] {
  const { held, total, currency, asOfMs, months, expiring } = liability;
  const asOf = new Date(asOfMs).toISOString();
  const row = (figure: string, month: string | null, points: number, amountMinor: number | null = null) => [figure, month, points, amountMinor, amountMinor === null ? null : currency, asOf];
  return [
    row('spendable', null, held.spendablePoints, costOf(held.spendablePoints, liability.worth)),
    row('reserved', null, held.reservedPoints, costOf(held.reservedPoints, liability.worth)),
    row('pending', null, held.pendingPoints, liability.pendingCostMinor),
    row('owed', null, held.owedPoints),
    row('issued', null, total.issuedPoints),
    row('adjusted', null, total.adjustedPoints),
    row('redeemed', null, total.redeemedPoints),
    row('expired', null, total.expiredPoints),
    ...months.flatMap(({ month, ...moved }) => [
      row('issued', month, moved.issuedPoints),
      row('adjusted', month, moved.adjustedPoints),
      row('redeemed', month, moved.redeemedPoints),
      row('expired', month, moved.expiredPoints),
    ]),
    ...expiring.map(({ month, points }) => row('expiring', month, points, costOf(points, liability.worth))),
    row('expiring-later', null, liability.expiringLaterPoints),
    row('never-expiring', null, liability.neverExpiringPoints),
  ];
}
