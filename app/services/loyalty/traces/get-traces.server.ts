import { countTraces } from '#app/adapters/db/loyalty/trace-counts.server.ts';
import type { TraceCounts } from '#app/adapters/db/loyalty/trace-counts.server.ts';
import { daysBefore, KEPT_DAYS } from '#app/services/privacy/retention-periods.ts';
import type { TraceProblem } from '#app/services/loyalty/traces/trace-problem.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What the merchant sees of what Shopify knows of members. */
export interface TracesOfShop extends TraceCounts {
  readonly isTagging: boolean;
  /** For which Flow was told so often. */
  readonly toldDays: number;
  /** What stopped the last turn; null when nothing did. */
  readonly problem: { readonly code: TraceProblem; readonly atMs: number } | null;
}

const PROBLEMS: readonly TraceProblem[] = ['unavailable', 'access', 'scope', 'refused'];

export async function getTraces({ shop, inShop, now }: Pick<ShopContext, 'shop' | 'inShop' | 'now'>): Promise<TracesOfShop> {
  return inShop(async (db) => {
    const tracing = await db.loyaltyTracing.findUnique({ where: { shopId: shop.shopId } });
    const counts = await countTraces(db, shop, { now: now(), since: daysBefore(now(), KEPT_DAYS.flowEvent) });
    const code = PROBLEMS.find((problem) => problem === tracing?.lastError);
    const at = tracing?.lastErrorAt;
    return {
      ...counts,
      isTagging: tracing?.isTagging ?? false,
      toldDays: KEPT_DAYS.flowEvent,
      problem: code === undefined || !at ? null : { code, atMs: at.getTime() },
    };
  });
}
