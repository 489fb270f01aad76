import { LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { appendNotes, findExistingKeys } from '#app/adapters/db/loyalty/notes.repository.server.ts';
import { holdMembers } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { lotTermsOf } from '#app/domain/loyalty/ledger/lot-terms.ts';
import { planAdjustment } from '#app/domain/loyalty/ledger/plan-adjustment.ts';
import { deriveBalance } from '#app/domain/loyalty/ledger/member-ledger.ts';
import type { AdjustmentRequest } from '#app/domain/loyalty/members/adjustment-form.ts';
import type { Result } from '#app/domain/result.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { dueMsOf, loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { hastenTraces } from '#app/services/loyalty/traces/hasten-traces.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export type AdjustmentRefusal =
  /** Nobody of this shop, or somebody who went up in another or was forgotten. */
  | { readonly reason: 'unknown-member' }
  /** What is not known without a program is when the points end. */
  | { readonly reason: 'no-program' }
  | { readonly reason: 'already-over' };

/**
 * Gives or takes points by a merchant's decision. The form names itself, so that sent twice it changes the balance once;
 * the second answer is that of the first. Shopify tells who the member of staff is and not what they may do, so that
 * whoever may open the app may do this, and it is written who did.
 */
export async function adjustPoints(
  context: Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now'>,
  { memberId, points, note, expiresOn, formKey }: AdjustmentRequest,
  staffId: string,
): Promise<Result<{ balancePoints: number }, AdjustmentRefusal>> {
  const { shop, inShop, pool, now } = context;
  const terms = await inShop((db) => loadProgramTerms(db, context));
  const adjusted = await withTenantConnection<Result<{ balancePoints: number }, AdjustmentRefusal>>(pool, shop, async (connection) => {
    const [member] = await holdMembers(connection, shop, { memberIds: [memberId] });
    if (member === undefined || member.customerId < 0n || member.mergedInto !== null) return { ok: false, reason: 'unknown-member' };
    if (terms === null) return { ok: false, reason: 'no-program' };
    const key = `adjustment/${formKey}`;
    const known = await findExistingKeys(connection, shop, [key]);
    if (known.size > 0) return { ok: true, value: { balancePoints: deriveBalance(member.ledger).points } };
    const nowDate = now();
    const nowMs = nowDate.getTime();
    if (expiresOn !== null && expiresOn <= dayOfInstant(nowMs, terms.timeZone)) return { ok: false, reason: 'already-over' };
    const usual = lotTermsOf({ program: terms.newest.program, occasionMs: nowMs, orderId: null, timeZone: terms.timeZone });
    const writer = new LedgerWriter(nowDate);
    const entry = writer.append(
      member,
      planAdjustment(member.ledger, {
        kind: 'adjustment',
        terms: { ...usual, expiresOn: expiresOn ?? usual.expiresOn },
        ...{ key, points, occurredAtMs: nowMs, nowMs },
        reason: { code: 'by-hand' },
      }),
    );
    await writer.write(connection, shop, dueMsOf(terms, nowMs));
    await appendNotes(connection, shop, [{ memberId, sequence: entry.sequence, note, staffId }]);
    return { ok: true, value: { balancePoints: deriveBalance(member.ledger).points } };
  });
  if (adjusted.ok) await hastenTraces(context);
  return adjusted;
}
