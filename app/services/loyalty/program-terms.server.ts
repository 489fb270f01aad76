import { loadProgramHistory, loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import type { HeldMember } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { ComesBack } from '#app/domain/loyalty/ledger/plan-redemption.ts';
import { deriveDueMs } from '#app/domain/loyalty/ledger/derive-due.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { ProgramVersion } from '#app/domain/loyalty/program/version-in-force.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What holds for a shop's points. */
export interface ProgramTerms {
  /** The oldest first; at least one. */
  readonly versions: readonly ProgramVersion[];
  readonly newest: ProgramVersion;
  readonly timeZone: string;
  readonly currency: string;
}

const MOST_VERSIONS = 10_000;

/** Null while no program was saved, or the shop's currency and time zone are not known. */
export async function loadProgramTerms(db: TenantDb, { shop }: Pick<ShopContext, 'shop'>): Promise<ProgramTerms | null> {
  const { currency, timeZone } = await loadProgramShop(db, shop);
  const versions = (await loadProgramHistory(db, shop, { before: null, limit: MOST_VERSIONS })).reverse();
  const newest = versions.at(-1);
  if (newest === undefined || currency === null || timeZone === null) return null;
  return { versions, newest, timeZone, currency };
}

/** By what a member's points end. A program that is paused lets nothing expire. */
export function expiryTermsOf(
  { newest, timeZone }: Pick<ProgramTerms, 'newest' | 'timeZone'>,
  member: Pick<HeldMember, 'lastActivityMs' | 'enrolledAtMs'>,
): ComesBack {
  return {
    expiry: runningExpiry(newest.program),
    lastActivityMs: member.lastActivityMs ?? member.enrolledAtMs,
    timeZone,
  };
}

function runningExpiry({ status, expiry }: Program): Program['expiry'] {
  return status.kind === 'paused' || status.kind === 'off' ? { kind: 'never' } : expiry;
}

/** When time will next do something to a member's points. */
export function pointsDueMsOf(terms: Pick<ProgramTerms, 'newest' | 'timeZone'>, nowMs: number): (member: HeldMember) => number | null {
  return (member) => deriveDueMs(member.ledger, expiryTermsOf(terms, member), nowMs);
}

/**
 * The same for `LedgerWriter.write`, by whoever knows nothing of tiers: what was due before stays due. A look too early
 * finds nothing to do and works out the next one anew.
 */
export function dueMsOf(terms: Pick<ProgramTerms, 'newest' | 'timeZone'>, nowMs: number): (member: HeldMember) => number | null {
  const pointsDueMs = pointsDueMsOf(terms, nowMs);
  return (member) => earlierOf(pointsDueMs(member), member.dueMs);
}

/** Null is never. */
export function earlierOf(oneMs: number | null, otherMs: number | null): number | null {
  if (oneMs === null || otherMs === null) return oneMs ?? otherMs;
  return Math.min(oneMs, otherMs);
}
