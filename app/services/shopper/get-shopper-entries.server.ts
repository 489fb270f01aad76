import { loadShopperLines } from '#app/adapters/db/shopper/shopper-entries.server.ts';
import type { ShopperLine } from '#app/adapters/db/shopper/shopper-entries.server.ts';
import { loadShopperShop } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import { withBriefSnapshot } from '#app/adapters/db/brief-connection.server.ts';
import type { ShopperEntries, ShopperEntry } from '#app/contracts/shopper-loyalty.ts';
import { kindOfLine } from '#app/domain/shopper/entry-kind.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';
import { loadShownProgram } from '#app/services/shopper/shopper-program.server.ts';
import type { ShownProgram } from '#app/services/shopper/shopper-program.server.ts';
import { nameOfReward } from '#app/services/shopper/tell-redemption.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const ENTRIES_A_PAGE = 20;

/** A page of a customer's ledger, the newest first; empty where they are shown no program. */
export function getShopperEntries(
  context: Pick<ShopContext, 'shop' | 'pool' | 'now'>,
  { customerId, before }: { customerId: bigint; before: number | null },
): Promise<ShopperEntries> {
  const { shop, pool } = context;
  return withBriefSnapshot(pool, shop, async (connection) => {
    const shopperShop = await loadShopperShop(connection, shop);
    const program = shopperShop && (await loadShownProgram(connection, context, shopperShop));
    if (program === null) return { entries: [], next: null };
    const lines = await loadShopperLines(connection, shop, { customerId, before, limit: ENTRIES_A_PAGE + 1 });
    const shown = lines.slice(0, ENTRIES_A_PAGE);
    const next = lines.length > ENTRIES_A_PAGE ? (shown.at(-1)?.sequence ?? null) : null;
    // A refund of points that had ended is nothing to who did not have them.
    const telling = shown.filter(({ kind, points }) => points !== 0 || (kind !== 'order' && kind !== 'grant'));
    return { entries: telling.map((line) => tellLine(line, program)), next };
  });
}

function tellLine(line: ShopperLine, { terms: { versions }, nowMs }: ShownProgram): ShopperEntry {
  const rewards = versions.find(({ version }) => version === line.rewardVersion)?.program.rewards ?? [];
  const reward = rewards.find(({ id }) => id === line.rewardId);
  const rewardName = reward === undefined ? '' : nameOfReward(reward);
  return {
    sequence: line.sequence,
    at: formatInstant(line.occurredAtMs),
    kind: kindOfLine(line),
    points: line.points,
    isPending: line.maturesAtMs !== null && line.maturesAtMs > nowMs,
    orderName: line.orderName,
    rewardName: rewardName === '' ? null : rewardName,
  };
}
