import { LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { HeldMember } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { holdMembers } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { findWelcomesDue, loadToWelcome, settleWelcomes } from '#app/adapters/db/loyalty/welcomes.repository.server.ts';
import { readTerms } from '#app/adapters/db/loyalty/newest-program.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import type { EntryDraft } from '#app/domain/loyalty/ledger/entry.ts';
import { lotTermsOf } from '#app/domain/loyalty/ledger/lot-terms.ts';
import { planAward } from '#app/domain/loyalty/ledger/plan-award.ts';
import type { Welcome } from '#app/domain/loyalty/members/welcome.ts';
import { welcomeOf } from '#app/domain/loyalty/members/welcome.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// Their rows are held together, for some 50 ms.
const MEMBERS_A_TURN = 200;

/**
 * Decides about members whose account became known whether they are welcomed, and gives them the points. Each is decided
 * about once; an order that welcomed them meanwhile has left its entry.
 *
 * @returns whether there may be more
 */
export async function welcomeMembers({ shop, pool, now }: Pick<ShopContext, 'shop' | 'pool' | 'now'>): Promise<boolean> {
  return withTenantConnection(pool, shop, async (connection) => {
    const nowDate = now();
    const due = await findWelcomesDue(connection, shop, { now: nowDate, limit: MEMBERS_A_TURN });
    if (due.length === 0) return false;
    const terms = await readTerms(connection, shop);
    if (terms === null) return false;
    const { versions, timeZone } = terms;
    const members = await holdMembers(connection, shop, { memberIds: due });
    const toWelcome = await loadToWelcome(connection, shop, { memberIds: due });
    const nowMs = nowDate.getTime();
    const writer = new LedgerWriter(nowDate);
    for (const member of members) {
      const { sinceMs = null, beginnings = [] } = toWelcome.get(member.memberId) ?? {};
      // Decided by somebody else while the row was waited for, left out, forgotten, or gone up in another.
      if (sinceMs === null || member.isExcluded || member.customerId < 0n || member.mergedInto !== null) continue;
      const welcome = welcomeOf(beginnings, { versions, sinceMs });
      const draft = welcome && planWelcome(member, welcome, { sinceMs, nowMs, timeZone });
      if (draft !== null) writer.append(member, draft);
    }
    // Points may lift a member into another tier: time looks at them at once.
    await writer.write(connection, shop, () => nowMs);
    await settleWelcomes(connection, shop, due);
    return due.length === MEMBERS_A_TURN;
  });
}

function planWelcome(
  { memberId, ledger }: HeldMember,
  { version, points }: Welcome,
  { sinceMs, nowMs, timeZone }: { sinceMs: number; nowMs: number; timeZone: string },
): EntryDraft | null {
  return planAward(ledger, {
    targetPoints: points,
    givenPoints: 0,
    entriesSoFar: 0,
    subject: { kind: 'grant', name: 'welcome', memberId, orderId: null },
    terms: lotTermsOf({ program: version.program, occasionMs: sinceMs, orderId: null, timeZone }),
    programVersion: version.version,
    occurredAtMs: sinceMs,
    nowMs,
    reason: { code: 'welcome' },
  });
}
