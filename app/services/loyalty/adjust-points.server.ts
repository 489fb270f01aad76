import type pg from 'pg';

import { findAdjustment } from '#app/adapters/db/loyalty/adjustments.repository.server.ts';
import type { KnownAdjustment } from '#app/adapters/db/loyalty/adjustments.repository.server.ts';
import { EntryExistsError, LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { appendNotes } from '#app/adapters/db/loyalty/notes.repository.server.ts';
import { holdMembers } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { lotTermsOf } from '#app/domain/loyalty/ledger/lot-terms.ts';
import { planAdjustment } from '#app/domain/loyalty/ledger/plan-adjustment.ts';
import { deriveBalance } from '#app/domain/loyalty/ledger/member-ledger.ts';
import { MOST_ADJUSTED_POINTS } from '#app/domain/loyalty/members/adjustment-form.ts';
import type { AdjustmentRequest } from '#app/domain/loyalty/members/adjustment-form.ts';
import type { Result } from '#app/domain/result.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { dueMsOf, loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { hastenTraces } from '#app/services/loyalty/traces/hasten-traces.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { AskingStaff } from '#app/services/staff/identify-staff.server.ts';
import { isWithin, judgeAdjusting } from '#app/services/staff/judge-adjusting.server.ts';
import type { AdjustingRefusal, OverOwnLimit } from '#app/services/staff/judge-adjusting.server.ts';

export type AdjustmentRefusal =
  /** Nobody of this shop, or somebody who went up in another or was forgotten. */
  | { readonly reason: 'unknown-member' }
  /** What is not known without a program is when the points end. */
  | { readonly reason: 'no-program' }
  | { readonly reason: 'already-over' }
  /** More than the program lets anybody change at once. */
  | { readonly reason: 'over-limit' }
  | AdjustingRefusal
  | OverOwnLimit
  /** The form has changed something else before. */
  | { readonly reason: 'other-request' };

type Adjusted = Result<{ balancePoints: number }, AdjustmentRefusal>;
type AdjustingContext = Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now' | 'sealedBox'>;

/**
 * Gives or takes points by a merchant's decision. The form names itself, so that sent twice it changes the balance once,
 * and what it asked for first is all that it ever asks for. Who may do this and how far is the owner's to say, within the
 * program's limit, and it is written who did.
 */
export async function adjustPoints(context: AdjustingContext, request: AdjustmentRequest, asking: AskingStaff): Promise<Adjusted> {
  const { shop, inShop, pool } = context;
  const terms = await inShop((db) => loadProgramTerms(db, context));
  const judged = await judgeAdjusting(context, asking);
  const { staffId } = asking;
  const adjust = () => withTenantConnection(pool, shop, (connection) => adjustOnce(context, connection, { request, staffId, judged, terms }));
  const adjusted = await adjust().catch((error: unknown) => {
    // Of another member at once, whose row is not ours: it is found by now.
    if (error instanceof EntryExistsError) return adjust();
    throw error;
  });
  if (adjusted.ok) await hastenTraces(context);
  return adjusted;
}

interface Adjusting {
  readonly request: AdjustmentRequest;
  readonly staffId: string;
  readonly judged: Awaited<ReturnType<typeof judgeAdjusting>>;
  readonly terms: ProgramTerms | null;
}

async function adjustOnce({ shop, now }: AdjustingContext, connection: pg.PoolClient, { request, staffId, judged, terms }: Adjusting): Promise<Adjusted> {
  const { memberId, points, note, expiresOn, formKey } = request;
  const [member] = await holdMembers(connection, shop, { memberIds: [memberId] });
  if (member === undefined || member.customerId < 0n || member.mergedInto !== null) return { ok: false, reason: 'unknown-member' };
  if (terms === null) return { ok: false, reason: 'no-program' };
  const balance = (): Adjusted => ({ ok: true, value: { balancePoints: deriveBalance(member.ledger).points } });
  const key = `adjustment/${formKey}`;
  const known = await findAdjustment(connection, shop, key);
  if (known !== null) return isSame(known, request) ? balance() : { ok: false, reason: 'other-request' };
  if (!judged.ok) return judged;
  const nowDate = now();
  const nowMs = nowDate.getTime();
  if (expiresOn !== null && expiresOn <= dayOfInstant(nowMs, terms.timeZone)) return { ok: false, reason: 'already-over' };
  if (Math.abs(points) > (terms.newest.program.earning.maximumPointsByHand ?? MOST_ADJUSTED_POINTS)) return { ok: false, reason: 'over-limit' };
  if (!isWithin(judged.value, points)) return { ok: false, reason: 'over-own-limit' };
  const usual = lotTermsOf({ program: terms.newest.program, occasionMs: nowMs, orderId: null, timeZone: terms.timeZone });
  const writer = new LedgerWriter(nowDate);
  const entry = writer.append(
    member,
    planAdjustment(member.ledger, {
      kind: 'adjustment',
      terms: { ...usual, expiresOn: expiresOn ?? usual.expiresOn },
      ...{ key, points, occurredAtMs: nowMs, nowMs },
      reason: { code: 'by-hand', ...(expiresOn === null ? {} : { expiresOn: formatDay(expiresOn) }) },
    }),
  );
  await writer.write(connection, shop, dueMsOf(terms, nowMs));
  await appendNotes(connection, shop, [{ memberId, sequence: entry.sequence, note, staffId }]);
  return balance();
}

function isSame(known: KnownAdjustment, { memberId, points, note, expiresOn }: AdjustmentRequest): boolean {
  if (known.memberId !== memberId || known.points !== points || known.note !== note) return false;
  return known.expiresOn === (expiresOn === null ? null : formatDay(expiresOn));
}
