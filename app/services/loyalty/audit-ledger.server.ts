import { checkAcrossMembers, checkLedgerSlowly, checkMembers } from '#app/adapters/db/checks/check-ledger.server.ts';
import { findEndOfSlice, findMembersRecordedSince, loadAudit, saveAudit } from '#app/adapters/db/loyalty/audits.repository.server.ts';
import type { AuditProgress } from '#app/adapters/db/loyalty/audits.repository.server.ts';
import { advanceMonths, discardMonths, hasLateEntries, RECORDED_FOR_GOOD_MS } from '#app/adapters/db/loyalty/months.repository.server.ts';
import { LAST_MEMBER_ID } from '#app/adapters/db/loyalty/verify-chains.server.ts';
import type { SomeMembers } from '#app/adapters/db/loyalty/verify-chains.server.ts';
import { withTenantConnection, withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What a check found, by rule. */
export interface LedgerOffence {
  readonly code: string;
  readonly count: number;
}

/**
 * So many entries are checked whole within a minute or two. Of more, each turn checks what is new and a part of the rest:
 * all of it in twenty turns of an hour, so that what was changed by hand is found within a day, however old it is.
 */
const LIMITS = { wholeUpToEntries: 500_000, turnsAPass: 20, membersAStatement: 2_000 };

const MONTHS_DIFFER = 'months-and-entries-differ';

type AuditContext = Pick<ShopContext, 'shop' | 'pool'>;

interface AuditInput {
  /** Null while the shop's is not known: then there are no months. */
  readonly timeZone: string | null;
  readonly now: Date;
}

/** Adds up what came since the last turn, and compares: entries, sums, hashes. Answers with what does not hold. */
export async function auditLedger(context: AuditContext, { timeZone, now }: AuditInput, limits = LIMITS): Promise<LedgerOffence[]> {
  const { shop, pool } = context;
  if (timeZone !== null) await withTenantConnection(pool, shop, (connection) => advanceMonths(connection, shop, { timeZone, now }));
  const progress = await withTenantSnapshot(pool, shop, (connection) => loadAudit(connection, shop));
  const offences = new Map<string, number>();
  const note = (found: readonly LedgerOffence[]): void => {
    for (const { code, count } of found) offences.set(code, (offences.get(code) ?? 0) + count);
  };
  if (progress.entries <= limits.wholeUpToEntries) {
    note(await withTenantSnapshot(pool, shop, (connection) => checkLedgerSlowly(connection, shop)));
    await save(context, { checkedMemberId: 0n, checkedThrough: now, passBeganAt: null, passedAt: now });
  } else {
    await checkInTurns(context, { progress, now, limits, note });
  }
  if (offences.has(MONTHS_DIFFER)) {
    const isLate = await withTenantConnection(pool, shop, async (connection) => {
      const isFoundLate = await hasLateEntries(connection, shop);
      await discardMonths(connection, shop);
      return isFoundLate;
    });
    if (isLate) offences.delete(MONTHS_DIFFER);
  }
  return [...offences].map(([code, count]) => ({ code, count }));
}

interface TurnInput {
  readonly progress: AuditProgress;
  readonly now: Date;
  readonly limits: typeof LIMITS;
  readonly note: (found: readonly LedgerOffence[]) => void;
}

async function checkInTurns(context: AuditContext, { progress, now, limits, note }: TurnInput): Promise<void> {
  const { shop, pool } = context;
  const check = async (members: SomeMembers): Promise<void> => {
    note(await withTenantSnapshot(pool, shop, (connection) => checkMembers(connection, shop, members)));
  };
  // Whoever was checked in the turn before may have got an entry that was on its way then.
  const since = new Date((progress.checkedThrough ?? now).getTime() - RECORDED_FOR_GOOD_MS);
  const changed = await withTenantSnapshot(pool, shop, (connection) => findMembersRecordedSince(connection, shop, since));
  for (let from = 0; from < changed.length; from += limits.membersAStatement) await check({ memberIds: changed.slice(from, from + limits.membersAStatement) });
  const passBeganAt = progress.passBeganAt ?? now;
  let checkedMemberId = progress.passBeganAt === null ? 0n : progress.checkedMemberId;
  for (let left = Math.ceil(progress.members / limits.turnsAPass); left > 0; left -= limits.membersAStatement) {
    const after = checkedMemberId;
    const members = Math.min(left, limits.membersAStatement);
    const end = await withTenantSnapshot(pool, shop, (connection) => findEndOfSlice(connection, shop, { after, members }));
    await check({ after, through: end ?? LAST_MEMBER_ID });
    if (end === null) {
      note(await withTenantSnapshot(pool, shop, (connection) => checkAcrossMembers(connection, shop)));
      await save(context, { checkedMemberId: 0n, checkedThrough: now, passBeganAt: null, passedAt: passBeganAt });
      return;
    }
    checkedMemberId = end;
  }
  await save(context, { checkedMemberId, checkedThrough: now, passBeganAt, passedAt: progress.passedAt });
}

async function save({ shop, pool }: AuditContext, progress: Parameters<typeof saveAudit>[2]): Promise<void> {
  await withTenantConnection(pool, shop, (connection) => saveAudit(connection, shop, progress));
}
