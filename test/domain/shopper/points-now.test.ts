import { describe, expect, it } from 'vitest';

import type { Lot, MemberLedger } from '#app/domain/loyalty/ledger/member-ledger.ts';
import { derivePointsNow } from '#app/domain/shopper/points-now.ts';
import { dayOfDate } from '#app/domain/time/calendar-day.ts';

const NOW_MS = Date.UTC(2026, 5, 15, 12);
const day = (year: number, month: number, dayOfMonth: number) => dayOfDate({ year, month, dayOfMonth });
const aLot = (lot: Partial<Lot>): Lot => ({ lotNo: 1, customer: 0, pending: 0, reserved: 0, maturesAtMs: 0, expiresOn: null, orderId: null, ...lot });
const ledgerOf = (lots: Lot[], debtPoints = 0): MemberLedger => ({ lots, debtPoints, nextLotNo: lots.length + 1 });
const NEVER = { expiry: { kind: 'never' as const }, lastActivityMs: NOW_MS, timeZone: 'Europe/Berlin' };
const pointsNow = (ledger: MemberLedger, change: { terms?: Parameters<typeof derivePointsNow>[1]['terms']; endDay?: number | null } = {}) =>
  derivePointsNow(ledger, { memberId: 1n, terms: NEVER, endDay: null, nowMs: NOW_MS, ...change });

describe('points at an instant', () => {
  it('are nothing of nothing', () => {
    expect(pointsNow(ledgerOf([]))).toEqual({ points: 0, pendingPoints: 0, nextMaturity: null, nextEnd: null });
  });

  it('are spendable from the instant on at which they mature, and not a millisecond before', () => {
    const lots = [aLot({ lotNo: 1, pending: 100, maturesAtMs: NOW_MS }), aLot({ lotNo: 2, pending: 50, maturesAtMs: NOW_MS + 1 }), aLot({ lotNo: 3, pending: 7, maturesAtMs: NOW_MS + 1 })];
    expect(pointsNow(ledgerOf(lots))).toEqual({ points: 100, pendingPoints: 57, nextMaturity: { points: 57, atMs: NOW_MS + 1 }, nextEnd: null });
  });

  it('that come next are those of the first instant alone', () => {
    const lots = [aLot({ lotNo: 1, pending: 40, maturesAtMs: NOW_MS + 2 }), aLot({ lotNo: 2, pending: 7, maturesAtMs: NOW_MS + 1 })];
    expect(pointsNow(ledgerOf(lots))).toMatchObject({ pendingPoints: 47, nextMaturity: { points: 7, atMs: NOW_MS + 1 } });
  });

  it('that matured and ended since anybody came to them are gone', () => {
    const lots = [aLot({ pending: 30, maturesAtMs: NOW_MS - 1, expiresOn: day(2026, 6, 15) })];
    expect(pointsNow(ledgerOf(lots))).toEqual({ points: 0, pendingPoints: 0, nextMaturity: null, nextEnd: null });
  });

  it('pay what is owed first', () => {
    const lots = [aLot({ pending: 100, maturesAtMs: NOW_MS })];
    expect(pointsNow(ledgerOf(lots, 130))).toMatchObject({ points: -30, pendingPoints: 0 });
  });

  it('are gone on their day, before anybody has come to take them, and the next to end are told of', () => {
    const lots = [
      aLot({ lotNo: 1, customer: 10, expiresOn: day(2026, 6, 15) }),
      aLot({ lotNo: 2, customer: 20, expiresOn: day(2026, 6, 16) }),
      aLot({ lotNo: 3, customer: 5, expiresOn: day(2026, 6, 16) }),
      aLot({ lotNo: 4, customer: 40, expiresOn: day(2026, 7, 1) }),
    ];
    expect(pointsNow(ledgerOf(lots))).toMatchObject({ points: 65, nextEnd: { points: 25, day: day(2026, 6, 16) } });
  });

  it('end together after so long without activity', () => {
    const terms = { ...NEVER, expiry: { kind: 'inactivity' as const, months: 12, noticeDays: [] } };
    expect(pointsNow(ledgerOf([aLot({ customer: 10 }), aLot({ lotNo: 2, customer: 5 })]), { terms })).toMatchObject({ nextEnd: { points: 15, day: day(2027, 6, 16) } });
  });

  it('end at the latest with the program', () => {
    const endDay = day(2026, 8, 1);
    const lots = [aLot({ lotNo: 1, customer: 10, expiresOn: day(2026, 7, 1) }), aLot({ lotNo: 2, customer: 20 })];
    expect(pointsNow(ledgerOf(lots), { endDay })).toMatchObject({ nextEnd: { points: 10, day: day(2026, 7, 1) } });
    expect(pointsNow(ledgerOf(lots.slice(1)), { endDay })).toMatchObject({ nextEnd: { points: 20, day: endDay } });
  });

  it('that a redemption holds are neither spendable nor ending', () => {
    expect(pointsNow(ledgerOf([aLot({ reserved: 10, expiresOn: day(2026, 6, 1) })]))).toEqual({ points: 0, pendingPoints: 0, nextMaturity: null, nextEnd: null });
  });
});
