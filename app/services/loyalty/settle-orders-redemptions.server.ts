import type pg from 'pg';

import { loadOrderFacts, loadRedemptionPoints } from '#app/adapters/db/loyalty/redemption-points.server.ts';
import type { CodeOnOrder } from '#app/adapters/db/loyalty/redemption-points.server.ts';
import { judgeUse } from '#app/domain/loyalty/redemption/judge-use.ts';
import { settleByOrder } from '#app/services/loyalty/append-settlements.server.ts';
import type { Settlement } from '#app/services/loyalty/append-settlements.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Spends the points of codes that paid orders carry, and gives back what belongs to refunds of them. By what the orders are
 * now, so that it makes none how often they are looked at. The rows of the members are held.
 */
export async function settleOrdersRedemptions(
  { shop }: Pick<ShopContext, 'shop'>,
  connection: pg.PoolClient,
  { settlement, codes }: { settlement: Settlement; codes: readonly CodeOnOrder[] },
): Promise<void> {
  if (codes.length === 0) return;
  const redemptions = await loadRedemptionPoints(connection, shop, [...new Set(codes.map(({ redemptionId }) => redemptionId))]);
  const facts = await loadOrderFacts(connection, shop, codes.map(({ orderId }) => orderId));
  for (const redemption of redemptions) {
    const [use] = codes
      .filter(({ redemptionId }) => redemptionId === redemption.redemptionId)
      .flatMap(({ orderId }) => {
        const known = facts.get(orderId);
        return known === undefined ? [] : [{ orderId, use: judgeUse(known) }];
      })
      // Of several orders with one code, which Shopify should not let happen, the one that was paid.
      .sort((a, b) => rankOf(a, redemption.orderId) - rankOf(b, redemption.orderId));
    if (use !== undefined) settleByOrder(settlement, redemption, use);
  }
}

function rankOf({ orderId, use }: { orderId: bigint; use: { kind: 'spent' | 'open' | 'void' } }, settledBy: bigint | null): number {
  if (orderId === settledBy) return 0;
  return use.kind === 'spent' ? 1 : use.kind === 'open' ? 2 : 3;
}
