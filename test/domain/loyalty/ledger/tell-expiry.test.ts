import { describe, expect, it } from 'vitest';

import { deriveDueMs } from '#app/domain/loyalty/ledger/derive-due.ts';
import type { Lot, MemberLedger } from '#app/domain/loyalty/ledger/member-ledger.ts';
import { planExpiry } from '#app/domain/loyalty/ledger/plan-passing-of-time.ts';
import { findEndDueMs, tellExpiry } from '#app/domain/loyalty/ledger/tell-expiry.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 5, 1, 12);
const TODAY = Math.floor(NOW_MS / DAY_MS);
const LIVE = { kind: 'live' } as const;
const BY_AGE = { expiry: { kind: 'age', months: 1, noticeDays: [30, 7] } as const, lastActivityMs: null, timeZone: 'UTC' };
const NEVER = { ...BY_AGE, expiry: { kind: 'never' } as const };
/** The program's last day is 9 days from now, so that what is left ends on the tenth. */
const ENDING = { kind: 'winding-down', lastRedemptionDay: TODAY + 9 } as const;

const aLedger = (...lots: Partial<Lot>[]): MemberLedger => ({
  lots: lots.map((lot, index) => ({ lotNo: index + 1, maturesAtMs: 0, expiresOn: null, orderId: null, customer: 0, pending: 0, reserved: 0, ...lot })),
  debtPoints: 0,
  nextLotNo: lots.length + 1,
});
const told = (ledger: MemberLedger, terms: Parameters<typeof tellExpiry>[1]['terms'] = BY_AGE, status: typeof LIVE | typeof ENDING = LIVE) =>
  tellExpiry(ledger, { memberId: 4n, terms, status, nowMs: NOW_MS });

describe('a warning that points end', () => {
  it('is of all that end on the same day, by the latest notice that is due', () => {
    const ledger = aLedger({ customer: 1, expiresOn: TODAY + 7 }, { customer: 2, expiresOn: TODAY + 7 }, { customer: 4, expiresOn: TODAY + 8 }, { customer: 8, expiresOn: TODAY + 31 });
    expect(told(ledger)).toEqual([
      { key: 'points-expiring/4/2026-06-08/7', memberId: 4n, kind: 'points-expiring', facts: { day: '2026-06-08', points: 3, daysBefore: 7 }, dueMs: NOW_MS },
      { key: 'points-expiring/4/2026-06-09/30', memberId: 4n, kind: 'points-expiring', facts: { day: '2026-06-09', points: 4, daysBefore: 30 }, dueMs: NOW_MS },
    ]);
  });

  it('is not of points that have ended, cannot be spent, or never end', () => {
    expect(told(aLedger({ customer: 5, expiresOn: TODAY }, { pending: 5, reserved: 5, expiresOn: TODAY + 7 }, { customer: 5 }))).toEqual([]);
    expect(told(aLedger({ customer: 1, expiresOn: TODAY + 1 }))).toHaveLength(1);
  });

  it('of a program that ends is of everything, unless it ends before', () => {
    expect(told(aLedger({ customer: 5 }), NEVER, ENDING)).toMatchObject([{ kind: 'points-ending', key: 'points-ending/4/2026-06-11/30', facts: { points: 5 } }]);
    expect(told(aLedger({ customer: 5, expiresOn: TODAY + 5 }), BY_AGE, ENDING)).toMatchObject([{ kind: 'points-expiring' }]);
  });
});

describe('when the end of a program asks for something', () => {
  const due = (ledger: MemberLedger, nowMs: number, status: typeof LIVE | typeof ENDING = ENDING) => findEndDueMs(ledger, { terms: NEVER, status, nowMs });

  it('is at each warning that is ahead, at the end, and at once after it', () => {
    const ledger = aLedger({ customer: 1 });
    expect(due(ledger, NOW_MS - 40 * DAY_MS)).toBe((TODAY - 20) * DAY_MS);
    expect(due(ledger, NOW_MS)).toBe((TODAY + 3) * DAY_MS);
    expect(due(ledger, (TODAY + 3) * DAY_MS)).toBe((TODAY + 10) * DAY_MS);
    expect(due(ledger, (TODAY + 10) * DAY_MS)).toBe((TODAY + 10) * DAY_MS);
    expect(due(ledger, NOW_MS + 50 * DAY_MS)).toBe(NOW_MS + 50 * DAY_MS);
  });

  it('is never for who has nothing, nor in a program that goes on', () => {
    expect(due(aLedger({ pending: 1 }), NOW_MS)).not.toBeNull();
    expect(due(aLedger({ reserved: 5 }), NOW_MS)).toBeNull();
    expect(due(aLedger({ customer: 5 }), NOW_MS, LIVE)).toBeNull();
  });
});

describe('a single point', () => {
  it('matures, ends and is due like many', () => {
    expect(deriveDueMs(aLedger({ pending: 1, maturesAtMs: NOW_MS + 5 }), NEVER, NOW_MS)).toBe(NOW_MS + 5);
    expect(deriveDueMs(aLedger({ customer: 1, expiresOn: TODAY + 1 }), BY_AGE, NOW_MS)).toBe((TODAY + 1) * DAY_MS);
    expect(planExpiry(aLedger({ customer: 1, expiresOn: TODAY }), { memberId: 4n, ...BY_AGE, nowMs: NOW_MS })).toMatchObject({ key: `expiry/4/1/${TODAY}` });
    expect(planExpiry(aLedger({ reserved: 1, expiresOn: TODAY }), { memberId: 4n, ...BY_AGE, nowMs: NOW_MS })).toBeNull();
  });
});
