import { expect, it } from 'vitest';

import { requireSoundPostings } from '#app/domain/loyalty/ledger/entry.ts';
import { applyPostings, checkMemberLedger, deriveBalance, EMPTY_LEDGER } from '#app/domain/loyalty/ledger/member-ledger.ts';
import { planRevival } from '#app/domain/loyalty/ledger/plan-revival.ts';
import type { LostPoints } from '#app/domain/loyalty/ledger/plan-revival.ts';

const at = (instant: string): number => Date.parse(instant);
const LAST_SEEN_MS = at('2026-03-02T10:00:00Z');
const LOST_MS = at('2026-09-03T00:00:00Z');
const NOW_MS = at('2026-09-10T10:00:00Z');
const LOST: LostPoints = {
  entryKey: 'expiry/7/3/20699',
  lostAtMs: LOST_MS,
  lastActivityMs: LAST_SEEN_MS,
  lots: [
    { points: 30, maturesAtMs: LAST_SEEN_MS, expiresOn: null, orderId: 11n },
    { points: 12, maturesAtMs: LAST_SEEN_MS + 5, expiresOn: null, orderId: null },
  ],
};
const SIX_MONTHS = { expiry: { kind: 'inactivity', months: 6, noticeDays: [] }, lastActivityMs: null, timeZone: 'UTC' } as const;

function revivalBy(processedAtMs: number, { terms = SIX_MONTHS, nowMs = NOW_MS, owed = 0 }: { terms?: Parameters<typeof planRevival>[2]['terms']; nowMs?: number; owed?: number } = {}) {
  return planRevival({ ...EMPTY_LEDGER, nextLotNo: 9, debtPoints: owed }, LOST, { orderId: 5n, processedAtMs, terms, nowMs });
}

it('gives each lot back as it was, in a lot of its own', () => {
  const draft = revivalBy(LOST_MS - 1);
  expect(draft).toMatchObject({ kind: 'expiry', key: 'expiry/7/3/20699/undone', occurredAtMs: NOW_MS, source: { orderId: 5n }, reason: { code: 'was-active', orderId: '5' } });
  requireSoundPostings(draft?.postings ?? []);
  expect(draft?.postings).toEqual([
    { account: 'expired', points: -42, lotNo: null, opens: null },
    { account: 'customer', points: 30, lotNo: 9, opens: { maturesAtMs: LAST_SEEN_MS, expiresOn: null, orderId: 11n } },
    { account: 'customer', points: 12, lotNo: 10, opens: { maturesAtMs: LAST_SEEN_MS + 5, expiresOn: null, orderId: null } },
  ]);
});

it('pays what is owed by then first', () => {
  const owed = { ...EMPTY_LEDGER, debtPoints: 35 };
  const ledger = applyPostings(owed, revivalBy(LOST_MS - 1, { owed: 35 })?.postings ?? []);
  expect(deriveBalance(ledger).points).toBe(7);
  expect(checkMemberLedger(ledger)).toEqual([]);
});

it('gives nothing back for an order of the day on which they were gone, or of a time before the member was last seen', () => {
  // Nothing ends by today's rule, so that this alone decides.
  const never = { ...SIX_MONTHS, expiry: { kind: 'never' } } as const;
  expect(revivalBy(LOST_MS - 1, { terms: never })).not.toBeNull();
  expect(revivalBy(LOST_MS, { terms: never })).toBeNull();
  expect(revivalBy(LAST_SEEN_MS, { terms: never })).toBeNull();
  expect(revivalBy(LAST_SEEN_MS + 1, { terms: never })).not.toBeNull();
});

it('gives nothing back that would have ended by today with the order known', () => {
  expect(revivalBy(at('2026-03-10T00:00:00Z'), { nowMs: at('2026-09-10T23:59:59Z') })).not.toBeNull();
  expect(revivalBy(at('2026-03-10T00:00:00Z'), { nowMs: at('2026-09-11T00:00:00Z') })).toBeNull();
});
