import { describe, expect, it } from 'vitest';

import { canonicalEntry, canonicalJson } from '#app/domain/loyalty/ledger/canonical-entry.ts';
import { deriveDueMs } from '#app/domain/loyalty/ledger/derive-due.ts';
import { isActivity, requireSoundPostings } from '#app/domain/loyalty/ledger/entry.ts';
import type { Posting } from '#app/domain/loyalty/ledger/entry.ts';
import { lotTermsOf } from '#app/domain/loyalty/ledger/lot-terms.ts';
import { applyPostings, checkMemberLedger, deriveBalance, EMPTY_LEDGER, inSpendingOrder } from '#app/domain/loyalty/ledger/member-ledger.ts';
import type { Lot, MemberLedger } from '#app/domain/loyalty/ledger/member-ledger.ts';
import { planAdjustment } from '#app/domain/loyalty/ledger/plan-adjustment.ts';
import { MOST_HELD_POINTS, planAward } from '#app/domain/loyalty/ledger/plan-award.ts';
import { planEnd, planExpiry, planMaturities } from '#app/domain/loyalty/ledger/plan-passing-of-time.ts';
import { planCapture, planRelease, planReserve, planReturn } from '#app/domain/loyalty/ledger/plan-redemption.ts';
import { planTransfer } from '#app/domain/loyalty/ledger/plan-transfer.ts';
import { aProgram } from '#test/domain/loyalty/accrual/an-earning-order.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 5, 1, 12);
const TODAY = Math.floor(NOW_MS / DAY_MS);
const TERMS = { maturesAtMs: NOW_MS, expiresOn: null, orderId: null };
const NEVER = { expiry: { kind: 'never' } as const, lastActivityMs: null, timeZone: 'UTC' };

const plain = (account: Posting['account'], points: number): Posting => ({ account, points, lotNo: null, opens: null });
const ofLot = (account: Posting['account'], points: number, lotNo: number, opens: Posting['opens'] = null): Posting => ({ account, points, lotNo, opens });
const aLot = (lot: Partial<Lot> = {}): Lot => ({ lotNo: 1, maturesAtMs: 0, expiresOn: null, orderId: null, customer: 0, pending: 0, reserved: 0, ...lot });
const aLedger = (lots: readonly Lot[], debtPoints = 0): MemberLedger => ({ lots, debtPoints, nextLotNo: Math.max(0, ...lots.map(({ lotNo }) => lotNo)) + 1 });

describe('postings of an entry', () => {
  it.each<[string, Posting[]]>([
    ['do not add up', [plain('issued', -5), ofLot('customer', 4, 1, TERMS)]],
    ['are of 0 points', [plain('issued', 0), plain('customer', 0)]],
    ['are of half a point', [plain('issued', -0.5), plain('customer', 0.5)]],
    ['are fewer than two', []],
    ['open a lot by taking from it', [ofLot('customer', -5, 1, TERMS), plain('issued', 5)]],
    ['open a lot without a number', [plain('issued', -5), { ...plain('customer', 5), opens: TERMS }]],
    ['name a lot of nobody', [ofLot('issued', -5, 1), plain('customer', 5)]],
    ['are pending in no lot', [plain('issued', -5), plain('pending', 5)]],
    ['are reserved in no lot', [plain('customer', -5), plain('reserved', 5)]],
  ])('are refused when they %s', (_, postings) => {
    expect(() => requireSoundPostings(postings)).toThrow();
  });

  it.each<[string, Posting[]]>([
    ['a lot and where it comes from', [plain('issued', -5), ofLot('pending', 5, 1, TERMS)]],
    ['debt', [plain('issued', 5), plain('customer', -5)]],
    ['points put aside', [ofLot('customer', -1, 1), ofLot('reserved', 1, 1)]],
  ])('may be %s', (_, postings) => {
    expect(() => requireSoundPostings(postings)).not.toThrow();
  });
});

describe('a member', () => {
  it('is active by earning and spending, and by nothing that happens to them', () => {
    const gives = [plain('issued', -5), ofLot('customer', 5, 1, TERMS)];
    const takes = [plain('issued', 5), ofLot('customer', -5, 1)];
    expect(isActivity({ kind: 'order', postings: gives })).toBe(true);
    expect(isActivity({ kind: 'order', postings: takes })).toBe(false);
    expect(isActivity({ kind: 'reserve', postings: takes })).toBe(true);
    expect(isActivity({ kind: 'import', postings: takes })).toBe(true);
    for (const kind of ['grant', 'maturity', 'expiry', 'adjustment', 'capture'] as const) expect(isActivity({ kind, postings: gives })).toBe(false);
  });

  it('has a balance that is the sum of lots less what is owed', () => {
    const ledger = aLedger([aLot({ customer: 3, pending: 5, reserved: 7 }), aLot({ lotNo: 2, customer: 1, pending: 1, reserved: 1 })], 0);
    expect(deriveBalance(ledger)).toEqual({ points: 4, pendingPoints: 6, reservedPoints: 8 });
    expect(deriveBalance(aLedger([], 9)).points).toBe(-9);
  });

  it('has lots until nothing is in them, and never one number twice', () => {
    const opened = applyPostings(EMPTY_LEDGER, [plain('issued', -8), ofLot('pending', 8, 1, TERMS)]);
    expect(opened).toEqual({ lots: [aLot({ ...TERMS, pending: 8 })], debtPoints: 0, nextLotNo: 2 });
    expect(applyPostings(opened, [ofLot('pending', -8, 1), plain('issued', 8)])).toEqual({ lots: [], debtPoints: 0, nextLotNo: 2 });
    expect(() => applyPostings(EMPTY_LEDGER, [ofLot('customer', 1, 4)])).toThrow('lot 4');
    expect(applyPostings(EMPTY_LEDGER, [plain('customer', -4)]).debtPoints).toBe(4);
  });

  it.each<[string, MemberLedger, number]>([
    ['nothing', EMPTY_LEDGER, 0],
    ['spendable points below 0', aLedger([aLot({ customer: -1 })]), 1],
    ['pending points below 0', aLedger([aLot({ pending: -1 })]), 1],
    ['reserved points below 0', aLedger([aLot({ reserved: -1 })]), 1],
    ['debt below 0', aLedger([], -1), 1],
    ['debt beside spendable points', aLedger([aLot({ customer: 1 })], 1), 1],
    ['debt beside pending and reserved points', aLedger([aLot({ pending: 1, reserved: 1 })], 1), 0],
    ['points in each place', aLedger([aLot({ customer: 1, pending: 1, reserved: 1 })]), 0],
  ])('with %s is found out', (_, ledger, findings) => {
    expect(checkMemberLedger(ledger)).toHaveLength(findings);
  });

  it('spends what expires first, then what is older', () => {
    const lots = [aLot({ lotNo: 1 }), aLot({ lotNo: 2, expiresOn: 20 }), aLot({ lotNo: 3, expiresOn: 10 }), aLot({ lotNo: 4, expiresOn: 10 }), aLot({ lotNo: 5 })];
    expect([...lots].reverse().sort(inSpendingOrder).map(({ lotNo }) => lotNo)).toEqual([3, 4, 2, 1, 5]);
  });
});

describe('the text of an entry', () => {
  const entry = {
    kind: 'order', key: 'order/7/1', occurredAtMs: 1, recordedAtMs: 2, memberId: 3n, sequence: 4,
    source: { orderId: 7n, redemptionId: null, programVersion: 5 },
    postings: [plain('issued', -6), ofLot('pending', 6, 1, { maturesAtMs: 8, expiresOn: 9, orderId: 7n })],
    reason: { code: 'order-earned', b: [1, { d: null, c: true }], a: 'x' },
  } as const;

  it('never changes, or every chain would be broken', () => {
    expect(canonicalEntry(entry)).toBe(
      '["perennial-entry-1","3",4,"order","order/7/1",1,2,"7",null,5,[["issued",-6,null,null],["pending",6,1,[8,9,"7"]]],{"a":"x","b":[1,{"c":true,"d":null}],"code":"order-earned"}]',
    );
    expect(canonicalEntry({ ...entry, source: { orderId: null, redemptionId: 'r', programVersion: null } })).toContain(',null,"r",null,[[');
  });

  it('is the same whatever the order of keys', () => {
    expect(canonicalJson({ b: 1, a: 2, c: 3 })).toBe(canonicalJson({ c: 3, a: 2, b: 1 }));
    expect(canonicalJson({ b: 1, a: 2, c: 3 })).toBe('{"a":2,"b":1,"c":3}');
  });
});

describe('the terms of a lot', () => {
  const at = (pendingDays: number, orderId: bigint | null, expiry = aProgram().expiry) =>
    lotTermsOf({ program: { ...aProgram({ pendingDays }), expiry }, occasionMs: NOW_MS, orderId, timeZone: 'UTC' });

  it('wait for whole days after the day of the order, and only for points of orders', () => {
    expect(at(14, 7n)).toEqual({ maturesAtMs: (TODAY + 15) * DAY_MS, expiresOn: null, orderId: 7n });
    expect(at(1, 7n).maturesAtMs).toBe((TODAY + 2) * DAY_MS);
    expect(at(0, 7n).maturesAtMs).toBe(NOW_MS);
    expect(at(14, null).maturesAtMs).toBe(NOW_MS);
  });

  it('count months of age from when points can be spent', () => {
    expect(at(0, null, { kind: 'age', months: 1, noticeDays: [] }).expiresOn).toBe(Date.UTC(2026, 6, 2) / DAY_MS);
    expect(at(0, null, { kind: 'inactivity', months: 1, noticeDays: [] }).expiresOn).toBeNull();
  });
});

describe('when time has something to do', () => {
  it('is at the first of maturity, expiry and notices that are ahead', () => {
    const byAge = { ...NEVER, expiry: { kind: 'age', months: 1, noticeDays: [7, 3] } as const };
    expect(deriveDueMs(EMPTY_LEDGER, byAge, NOW_MS)).toBeNull();
    expect(deriveDueMs(aLedger([aLot({ customer: 5 })]), NEVER, NOW_MS)).toBeNull();
    expect(deriveDueMs(aLedger([aLot({ pending: 5, maturesAtMs: NOW_MS + 9 })]), NEVER, NOW_MS)).toBe(NOW_MS + 9);
    expect(deriveDueMs(aLedger([aLot({ reserved: 5, expiresOn: TODAY + 5, maturesAtMs: 1 })]), byAge, NOW_MS)).toBeNull();
    const expiring = aLedger([aLot({ customer: 5, expiresOn: TODAY + 5 })]);
    expect(deriveDueMs(expiring, byAge, NOW_MS)).toBe((TODAY + 2) * DAY_MS);
    expect(deriveDueMs(expiring, byAge, (TODAY + 2) * DAY_MS)).toBe((TODAY + 5) * DAY_MS);
    expect(deriveDueMs(aLedger([aLot({ customer: 5, expiresOn: TODAY + 9 })]), byAge, NOW_MS)).toBe((TODAY + 2) * DAY_MS);
    const inactive = { ...NEVER, expiry: { kind: 'inactivity', months: 1, noticeDays: [] } as const, lastActivityMs: NOW_MS };
    expect(deriveDueMs(aLedger([aLot({ customer: 5 })]), inactive, NOW_MS)).toBe(Date.UTC(2026, 6, 2));
  });
});

describe('entries are named and say why', () => {
  const redeeming = { redemptionId: 'r', programVersion: 3, nowMs: NOW_MS, reason: { code: 'chosen' } };
  const held = { lots: [{ lotNo: 1, points: 5, ...TERMS }] };
  const award = { targetPoints: 5, givenPoints: 2, entriesSoFar: 1, terms: TERMS, programVersion: 3, occurredAtMs: 8, nowMs: NOW_MS, reason: { code: 'order-earned' } };
  const NOTHING = { orderId: null, redemptionId: null, programVersion: null };

  it('of an order and a grant, by how many there were', () => {
    const order = planAward(EMPTY_LEDGER, { ...award, subject: { kind: 'order', orderId: 7n } });
    expect(order).toEqual({ kind: 'order', key: 'order/7/2', occurredAtMs: 8, source: { orderId: 7n, redemptionId: null, programVersion: 3 }, postings: [plain('issued', -3), ofLot('customer', 3, 1, TERMS)], reason: { code: 'order-earned' } });
    expect(planAward(EMPTY_LEDGER, { ...award, subject: { kind: 'grant', name: 'welcome', memberId: 4n, orderId: null } })).toMatchObject({ kind: 'grant', key: 'grant/4/welcome/2' });
    expect(planAward(EMPTY_LEDGER, { ...award, givenPoints: 5, subject: { kind: 'order', orderId: 7n } })).toBeNull();
  });

  it('is given as far as a member has room for it, and the rest once there is some', () => {
    const order = { targetPoints: 700, givenPoints: 0, entriesSoFar: 0, subject: { kind: 'order', orderId: 7n } as const, terms: TERMS, programVersion: 1, occurredAtMs: NOW_MS, nowMs: NOW_MS, reason: { code: 'order-earned' } };
    const nearlyFull = aLedger([aLot({ customer: MOST_HELD_POINTS - 600, pending: 300, reserved: 200 })]);
    expect(planAward(nearlyFull, order)?.postings).toEqual([plain('issued', -100), ofLot('customer', 100, 2, TERMS)]);
    expect(planAward(aLedger([aLot({ customer: MOST_HELD_POINTS })]), order)).toBeNull();
    expect(planAward(aLedger([aLot({ customer: MOST_HELD_POINTS + 5 })]), order)).toBeNull();
    expect(planAward(aLedger([aLot({ customer: MOST_HELD_POINTS })]), { ...order, targetPoints: 0, givenPoints: 10, entriesSoFar: 1 })?.postings).toEqual([plain('issued', 10), ofLot('customer', -10, 1)]);
  });

  it('of an adjustment and an import', () => {
    const input = { kind: 'import' as const, key: 'k', points: 5, terms: TERMS, occurredAtMs: 8, nowMs: NOW_MS, reason: { code: 'imported' } };
    expect(planAdjustment(aLedger([], 2), input)).toEqual({ kind: 'import', key: 'k', occurredAtMs: 8, source: NOTHING, postings: [plain('adjustment', -5), ofLot('customer', 3, 1, TERMS), plain('customer', 2)], reason: { code: 'imported' } });
    expect(planAdjustment(EMPTY_LEDGER, { ...input, points: -5 }).postings).toEqual([plain('adjustment', 5), plain('customer', -5)]);
  });

  it('of a redemption, which is captured or released and never both', () => {
    const ledger = aLedger([aLot({ customer: 5 })]);
    const reserve = planReserve(ledger, 5, redeeming);
    expect(reserve).toMatchObject({ ok: true, value: { kind: 'reserve', key: 'redemption/r/reserve', occurredAtMs: NOW_MS, source: { orderId: null, redemptionId: 'r', programVersion: 3 } } });
    expect(planReserve(ledger, 6, redeeming)).toEqual({ ok: false, reason: 'insufficient-points', availablePoints: 5 });
    expect(planReserve(aLedger([], 4), 1, redeeming)).toMatchObject({ availablePoints: 0 });
    const capture = planCapture(held, redeeming);
    expect(capture).toMatchObject({ kind: 'capture', key: 'redemption/r/settle', postings: [ofLot('reserved', -5, 1), plain('redeemed', 5)] });
    const reserved = aLedger([aLot({ reserved: 5 })], 2);
    expect(planRelease(reserved, held, { ...redeeming, expiry: NEVER })).toMatchObject({ kind: 'release', key: capture.key, postings: [ofLot('reserved', -5, 1), ofLot('customer', 3, 1), plain('customer', 2)] });
    const returning = { ...redeeming, expiry: NEVER, targetPoints: 3, returnedPoints: 1, returnsSoFar: 1 };
    expect(planReturn(EMPTY_LEDGER, held, returning)).toMatchObject({ kind: 'return', key: 'redemption/r/return/2', postings: [plain('redeemed', -2), ofLot('customer', 2, 1, TERMS)] });
    expect(planReturn(EMPTY_LEDGER, held, { ...returning, targetPoints: 1 })).toBeNull();
  });

  it('of points that mature: the last of the moments, the first of the lots', () => {
    const lots = [aLot({ lotNo: 2, pending: 5, maturesAtMs: NOW_MS - 5 }), aLot({ lotNo: 3, pending: 1, maturesAtMs: NOW_MS }), aLot({ lotNo: 4, pending: 1, maturesAtMs: NOW_MS + 1 })];
    expect(planMaturities(aLedger(lots), { memberId: 4n, nowMs: NOW_MS })).toEqual({
      kind: 'maturity', key: 'maturity/4/2', occurredAtMs: NOW_MS, source: NOTHING, reason: { code: 'return-window-over' },
      postings: [ofLot('pending', -5, 2), ofLot('pending', -1, 3), ofLot('customer', 5, 2), ofLot('customer', 1, 3)],
    });
    expect(planMaturities(aLedger([aLot({ customer: 5 })]), { memberId: 4n, nowMs: NOW_MS })).toBeNull();
  });

  it('of points that expire: on the last of the days, because of age or of inactivity', () => {
    const input = { memberId: 4n, ...NEVER, nowMs: NOW_MS };
    const lots = [aLot({ lotNo: 2, customer: 5, expiresOn: TODAY - 1 }), aLot({ lotNo: 3, customer: 1, expiresOn: TODAY }), aLot({ lotNo: 4, customer: 1, expiresOn: TODAY + 1 })];
    expect(planExpiry(aLedger(lots), input)).toEqual({
      kind: 'expiry', key: `expiry/4/2/${TODAY}`, occurredAtMs: TODAY * DAY_MS, source: NOTHING, reason: { code: 'too-old' },
      postings: [ofLot('customer', -5, 2), ofLot('customer', -1, 3), plain('expired', 6)],
    });
    expect(planExpiry(aLedger([aLot({ reserved: 5, expiresOn: TODAY })]), input)).toBeNull();
    const inactive = { ...input, expiry: { kind: 'inactivity', months: 1, noticeDays: [] } as const, lastActivityMs: 0 };
    expect(planExpiry(aLedger([aLot({ customer: 5 })]), inactive)).toMatchObject({ reason: { code: 'inactive' } });
    expect(planExpiry(aLedger([aLot({ customer: 5 })]), { ...inactive, lastActivityMs: null })).toBeNull();
  });

  it('of an end, which leaves what is reserved', () => {
    const input = { memberId: 4n, code: 'forgotten', sequence: 9, nowMs: NOW_MS } as const;
    expect(planEnd(aLedger([aLot({ customer: 1, pending: 2, reserved: 4 })]), input)).toEqual({
      kind: 'expiry', key: 'end/4/9', occurredAtMs: NOW_MS, source: NOTHING, reason: { code: 'forgotten' },
      postings: [ofLot('customer', -1, 1), ofLot('pending', -2, 1), plain('expired', 3)],
    });
    expect(planEnd(aLedger([], 5), input)?.postings).toEqual([plain('customer', 5), plain('adjustment', -5)]);
    expect(planEnd(aLedger([aLot({ reserved: 4 })]), input)).toBeNull();
  });

  it('of a merge: one entry of each, which cancel out', () => {
    const input = { fromMemberId: 4n, toMemberId: 6n, transfersSoFar: 1, nowMs: NOW_MS };
    const moved = planTransfer(aLedger([aLot({ customer: 5, pending: 2, maturesAtMs: NOW_MS + 1 })]), aLedger([], 3), input);
    expect(moved?.out).toEqual({
      kind: 'transfer', key: 'transfer/4/6/2/out', occurredAtMs: NOW_MS, source: NOTHING, reason: { code: 'merged-away', toMemberId: '6' },
      postings: [ofLot('customer', -5, 1), ofLot('pending', -2, 1), plain('transfer', 7)],
    });
    expect(moved?.in).toMatchObject({ kind: 'transfer', key: 'transfer/4/6/2/in', reason: { code: 'merged-in', fromMemberId: '4' } });
    expect(moved?.in.postings).toEqual([
      plain('transfer', -7), ofLot('customer', 2, 1, { ...TERMS, maturesAtMs: NOW_MS }), plain('customer', 3), ofLot('pending', 2, 2, { ...TERMS, maturesAtMs: NOW_MS + 1 }),
    ]);
    expect(planTransfer(aLedger([aLot({ reserved: 5 })]), EMPTY_LEDGER, input)).toBeNull();
    expect(planTransfer(aLedger([], 1), EMPTY_LEDGER, input)?.out.postings).toEqual([plain('customer', 1), plain('transfer', -1)]);
  });
});
