import type { HeldMember, LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { RedemptionPoints, SettledRow } from '#app/adapters/db/loyalty/redemption-points.server.ts';
import { UnsoundEntryError } from '#app/domain/loyalty/ledger/entry.ts';
import type { EntryDraft, EntryReason } from '#app/domain/loyalty/ledger/entry.ts';
import { planAdjustment } from '#app/domain/loyalty/ledger/plan-adjustment.ts';
import { planCapture, planRelease, planReturn } from '#app/domain/loyalty/ledger/plan-redemption.ts';
import { returnTarget } from '#app/domain/loyalty/redemption/judge-use.ts';
import type { CodeUse } from '#app/domain/loyalty/redemption/judge-use.ts';
import { survivorOf } from '#app/services/loyalty/append-awards.server.ts';
import { appendTransfer } from '#app/services/loyalty/merge-members.server.ts';
import { dueMsOf, expiryTermsOf } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';

/** What a transaction has settled so far. */
export interface Settlement {
  readonly writer: LedgerWriter;
  /** Those whose redemptions are settled, and everybody whom one of them has gone up in; their rows are held. */
  readonly members: readonly HeldMember[];
  readonly terms: Pick<ProgramTerms, 'versions' | 'newest' | 'timeZone'>;
  readonly nowMs: number;
  readonly rows: SettledRow[];
  /** Points came back to them, which may be over by now: time looks at them again at once. */
  readonly cameBack: Set<HeldMember>;
}

/** What an order says of a redemption: its code is on it, or its points were spent on it. */
export function settleByOrder(settlement: Settlement, redemption: RedemptionPoints, { orderId, use }: { orderId: bigint; use: CodeUse }): void {
  switch (redemption.state) {
    case 'captured':
      if (redemption.orderId === orderId) giveBack(settlement, redemption, { orderId, use });
      return;
    case 'released':
      if (redemption.orderId !== orderId && use.kind === 'spent') takeAgain(settlement, redemption, orderId);
      return;
    case 'reserved':
    case 'issued':
    case 'releasing':
      if (use.kind === 'spent') capture(settlement, redemption, { orderId, use });
      else noteOrder(settlement, redemption, { orderId, use });
  }
}

function capture(
  settlement: Settlement,
  redemption: RedemptionPoints,
  { orderId, use }: { orderId: bigint; use: Extract<CodeUse, { kind: 'spent' }> },
): void {
  const { valueMinor } = use;
  appendCapture(settlement, redemption, { code: 'used-in-order', facts: { orderId: String(orderId), valueMinor }, orderId, shopifyGid: null });
  // An order that we heard of late may have been refunded in part already.
  giveBack(settlement, { ...redemption, orderId, capturedValueMinor: valueMinor }, { orderId, use });
}

/** It may still be paid, or the worker has to see to it that nobody uses the code before the points come back. */
function noteOrder({ rows, nowMs }: Settlement, { redemptionId, state, orderId: known }: RedemptionPoints, { orderId, use }: { orderId: bigint; use: CodeUse }): void {
  if (known !== null && known !== orderId) return;
  const isVoid = use.kind === 'void';
  rows.push({
    redemptionId,
    state: isVoid ? 'releasing' : state,
    orderId,
    shopifyGid: null,
    notBefore: new Date(nowMs),
    lastError: isVoid ? use.reason : null,
  });
}

interface CaptureFacts {
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly orderId: bigint | null;
  readonly shopifyGid: string | null;
}

/** The points are spent: on an order, on store credit, or on what Shopify says was used although nobody knows where. */
export function appendCapture(settlement: Settlement, redemption: RedemptionPoints, { code, facts, orderId, shopifyGid }: CaptureFacts): void {
  const { redemptionId, programVersion, held } = redemption;
  const draft = planCapture(held, { redemptionId, programVersion, nowMs: settlement.nowMs, reason: { code, ...facts } });
  settlement.writer.append(memberOf(settlement, redemption), about(draft, orderId));
  settlement.rows.push({ redemptionId, state: 'captured', orderId, shopifyGid, notBefore: null, lastError: null });
}

/** The points come back whole. */
export function appendRelease(settlement: Settlement, redemption: RedemptionPoints, reason: EntryReason): void {
  const { redemptionId, programVersion, held } = redemption;
  const member = memberOf(settlement, redemption);
  const input = { redemptionId, programVersion, nowMs: settlement.nowMs, reason, expiry: comesBack(settlement, member) };
  settlement.writer.append(member, planRelease(member.ledger, held, input));
  settlement.rows.push({ redemptionId, state: 'released', orderId: null, shopifyGid: null, notBefore: null, lastError: reason.code });
  passOn(settlement, member);
}

function giveBack(settlement: Settlement, redemption: RedemptionPoints, { orderId, use }: { orderId: bigint; use: CodeUse }): void {
  const { redemptionId, programVersion, held, points, capturedValueMinor, returnedPoints, returnsSoFar } = redemption;
  const valueMinor = capturedValueMinor ?? 0;
  const targetPoints = returnTarget({ points, valueMinor, use });
  const member = memberOf(settlement, redemption);
  const remainingMinor = use.kind === 'spent' ? use.remainingMinor : 0;
  const draft = planReturn(member.ledger, held, {
    redemptionId,
    programVersion,
    nowMs: settlement.nowMs,
    reason: { code: use.kind === 'void' ? use.reason : 'order-refunded', orderId: String(orderId), valueMinor, remainingMinor },
    expiry: comesBack(settlement, member),
    targetPoints,
    returnedPoints,
    returnsSoFar,
  });
  if (draft === null) return;
  settlement.writer.append(member, about(draft, orderId));
  passOn(settlement, member);
}

/**
 * A code was used although its points had come back: Shopify told of it later than it ever should. They are taken again,
 * so that nobody has both; what was spent meanwhile is owed.
 */
function takeAgain(settlement: Settlement, { redemptionId, memberId, points }: RedemptionPoints, orderId: bigint): void {
  const { members, nowMs } = settlement;
  const member = survivorOf(members, members.find((candidate) => candidate.memberId === memberId));
  if (member === undefined) throw new UnsoundEntryError(`the member of redemption ${redemptionId} is not held`);
  const draft = planAdjustment(member.ledger, {
    kind: 'adjustment',
    key: `redemption/${redemptionId}/used-late`,
    points: -points,
    terms: { maturesAtMs: nowMs, expiresOn: null, orderId: null },
    occurredAtMs: nowMs,
    nowMs,
    reason: { code: 'used-after-release', orderId: String(orderId) },
  });
  settlement.writer.append(member, { ...draft, source: { ...draft.source, redemptionId } });
  settlement.rows.push({ redemptionId, state: 'released', orderId, shopifyGid: null, notBefore: null, lastError: null });
}

function about(draft: EntryDraft, orderId: bigint | null): EntryDraft {
  return { ...draft, source: { ...draft.source, orderId } };
}

function memberOf({ members }: Settlement, { memberId, redemptionId }: RedemptionPoints): HeldMember {
  const member = members.find((candidate) => candidate.memberId === memberId);
  if (member === undefined) throw new UnsoundEntryError(`the member of redemption ${redemptionId} is not held`);
  return member;
}

/** By which points end that come back: by the activity of whoever can spend them. */
function comesBack({ members, terms }: Settlement, member: HeldMember): ReturnType<typeof expiryTermsOf> {
  return expiryTermsOf(terms, survivorOf(members, member) ?? member);
}

/** What comes back to somebody who went up in another belongs to the one that stayed. */
function passOn({ writer, members, cameBack, nowMs }: Settlement, from: HeldMember): void {
  const to = survivorOf(members, from) ?? from;
  if (to !== from) appendTransfer(writer, { from, to, nowMs });
  cameBack.add(to);
}

/** For `LedgerWriter.write`. */
export function dueAfterSettling({ terms, cameBack, nowMs }: Settlement): (member: HeldMember) => number | null {
  const dueMs = dueMsOf(terms, nowMs);
  return (member) => (cameBack.has(member) ? nowMs : dueMs(member));
}
