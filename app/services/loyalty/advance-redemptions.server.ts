import { loadDueRedemptions } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import type { Redemption } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import { issueRedemption } from '#app/services/loyalty/issue-redemption.server.ts';
import { beginRelease, settleRelease } from '#app/services/loyalty/settle-release.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const REDEMPTIONS_A_TURN = 50;
// Shoppers wait for their codes, and Shopify takes a while to make each.
const MEMBERS_AT_ONCE = 4;

export type RedemptionContext = Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'admin' | 'sealedBox' | 'now'>;

/**
 * Takes every redemption that is due one step on: brings its discount to Shopify, or sees to it that what was not used in
 * time is used by nobody and gives its points back. Runs under a lock of the shop, again while work is left, and after a
 * kill at any point.
 */
export async function advanceRedemptions(context: RedemptionContext): Promise<void> {
  const { shop, inShop, now } = context;
  const due = await inShop((db) => loadDueRedemptions(db, shop, { now: now(), limit: REDEMPTIONS_A_TURN }));
  const byMember = new Map<bigint, Redemption[]>();
  for (const redemption of due) {
    const ofMember = byMember.get(redemption.memberId);
    if (ofMember === undefined) byMember.set(redemption.memberId, [redemption]);
    else ofMember.push(redemption);
  }
  const waiting = [...byMember.values()];
  while (waiting.length > 0) {
    // All are awaited, whatever becomes of one: what goes on after this has ended would go on without the lock.
    const ended = await Promise.allSettled(waiting.splice(0, MEMBERS_AT_ONCE).map((ofMember) => advanceInTurn(context, ofMember)));
    const failed = ended.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }
}

/** One after the other: which store credit belongs to which redemption of a customer is told by what is known of the others. */
async function advanceInTurn(context: RedemptionContext, redemptions: readonly Redemption[]): Promise<void> {
  for (const redemption of redemptions) await advance(context, redemption);
}

async function advance(context: RedemptionContext, redemption: Redemption): Promise<void> {
  switch (redemption.state) {
    case 'reserved':
      return issueRedemption(context, redemption);
    case 'issued':
      return beginRelease(context, redemption, 'not-used-in-time');
    case 'releasing':
      return settleRelease(context, redemption);
    case 'captured':
    case 'released':
  }
}
