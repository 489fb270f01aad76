import fc from 'fast-check';
import { readAwardChoices } from '#app/domain/loyalty/accrual/award-reason.ts';
import { computeOrderAward } from '#app/domain/loyalty/accrual/compute-order-award.ts';
import type { OrderAward } from '#app/domain/loyalty/accrual/compute-order-award.ts';
import { requireSoundPostings } from '#app/domain/loyalty/ledger/entry.ts';
import type { EntryDraft } from '#app/domain/loyalty/ledger/entry.ts';
import { applyPostings, deriveBalance, EMPTY_LEDGER } from '#app/domain/loyalty/ledger/member-ledger.ts';
import { planAward } from '#app/domain/loyalty/ledger/plan-award.ts';
import { afterRefunds, NOON_MS } from '#test/domain/loyalty/accrual/an-earning-order.ts';
import type { RefundStep } from '#test/domain/loyalty/accrual/an-earning-order.ts';
import { ANY_REFUNDS, ANY_TIER, anyProgram, anySoldOrder } from '#test/domain/loyalty/accrual/any-program.ts';

/** An order, the program it earns by, and what is refunded of it. */
export function anyCase(currency: string, presentmentCurrency: string) {
  return fc.record({
    program: anyProgram(currency, presentmentCurrency),
    sold: anySoldOrder(currency, presentmentCurrency),
    tier: ANY_TIER,
    refunds: ANY_REFUNDS,
  });
}
export type Case = ReturnType<typeof anyCase> extends fc.Arbitrary<infer T> ? T : never;

/** The first award, and what it chose; each later one is of the order after these refunds. */
export function awardsOf({ program, sold, tier }: Case): { first: OrderAward; after: (refunds: readonly RefundStep[]) => OrderAward } {
  const first = computeOrderAward({ program, order: afterRefunds(sold, []), tier, choices: null });
  const choices = readAwardChoices([first.reason]);
  return { first, after: (refunds) => computeOrderAward({ program, order: afterRefunds(sold, refunds), tier: null, choices }) };
}

/** Refunds one after the other, each posted as the difference to what was given. */
export function postedAfter(awards: ReturnType<typeof awardsOf>, refunds: readonly RefundStep[]): { entries: EntryDraft[]; points: number } {
  let ledger = EMPTY_LEDGER;
  let givenPoints = 0;
  const entries: EntryDraft[] = [];
  const terms = { maturesAtMs: NOON_MS, expiresOn: null, orderId: 1n };
  const steps = [awards.first, ...refunds.map((_, index) => awards.after(refunds.slice(0, index + 1)))];
  for (const { targetPoints, reason } of steps) {
    const entry = planAward(ledger, {
      targetPoints,
      givenPoints,
      entriesSoFar: entries.length,
      subject: { kind: 'order', orderId: 1n },
      terms,
      programVersion: 1,
      occurredAtMs: NOON_MS,
      nowMs: NOON_MS,
      reason,
    });
    if (entry === null) continue;
    requireSoundPostings(entry.postings);
    ledger = applyPostings(ledger, entry.postings);
    givenPoints = targetPoints;
    entries.push(entry);
  }
  return { entries, points: deriveBalance(ledger).points };
}
