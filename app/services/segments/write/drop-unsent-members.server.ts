import { dropUnsent } from '#app/adapters/db/segment-members.repository.server.ts';
import { findUnfinishedRun } from '#app/adapters/db/segment-targets.repository.server.ts';
import { lockShop } from '#app/adapters/db/segments.repository.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Each slice holds up the shop's webhooks for a moment: some tens of milliseconds for so many. */
const SLICE_ROWS = 10_000;

/**
 * After a run has ended before its time. Another that was asked for meanwhile plans anew, whatever it finds: it is left
 * to it, as is what a kill leaves here.
 */
export async function dropUnsentMembers(
  { inShop, shop, now }: Pick<ShopContext, 'inShop' | 'shop' | 'now'>,
  targetId: string,
  sliceRows = SLICE_ROWS,
): Promise<void> {
  for (let after: bigint | null = 0n; after !== null; ) {
    const from: bigint = after;
    after = await inShop(async (db) => {
      await lockShop(db, shop);
      if (await findUnfinishedRun(db, shop, targetId)) return null;
      return dropUnsent(db, shop, targetId, { after: from, limit: sliceRows, now: now() });
    });
  }
}
