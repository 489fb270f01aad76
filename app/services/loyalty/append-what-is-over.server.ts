import type { HeldMember, LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { planEnd, planExpiry, planMaturities } from '#app/domain/loyalty/ledger/plan-passing-of-time.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { expiryTermsOf } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';

/**
 * What time has done to a member's points by an instant. Maturities first: what matures and is over by then was spendable
 * for the time between.
 */
export function appendWhatIsOver(writer: LedgerWriter, member: HeldMember, { terms, nowMs }: { terms: ProgramTerms; nowMs: number }): void {
  const { memberId } = member;
  const end = endOf(member, terms, nowMs);
  if (end !== null) {
    const ended = planEnd(member.ledger, { memberId, code: end, sequence: member.lastSequence + 1, nowMs });
    if (ended !== null) writer.append(member, ended);
    return;
  }
  const matured = planMaturities(member.ledger, { memberId, nowMs });
  if (matured !== null) writer.append(member, matured);
  const expired = planExpiry(member.ledger, { memberId, ...expiryTermsOf(terms, member), nowMs });
  if (expired !== null) writer.append(member, expired);
}

/** Why all of a member's points end now; null when they do not. */
function endOf({ customerId, mergedInto }: HeldMember, { newest, timeZone }: ProgramTerms, nowMs: number): 'forgotten' | 'program-over' | null {
  // A pseudonym: nobody is left who could spend them.
  if (customerId < 0n && mergedInto === null) return 'forgotten';
  const { status } = newest.program;
  const isOver = status.kind === 'winding-down' && dayOfInstant(nowMs, timeZone) > status.lastRedemptionDay;
  return isOver ? 'program-over' : null;
}
