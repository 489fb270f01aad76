import type pg from 'pg';

import { loadVersionsUpTo } from '#app/adapters/db/loyalty/program-versions.server.ts';
import type { AskedOffer, AskedOrder } from '#app/adapters/db/offers/asked-offer.server.ts';
import type { BuyerStanding } from '#app/adapters/db/offers/buyer-standing.server.ts';
import { tierAt } from '#app/domain/loyalty/tiers/tier-at.ts';
import type { OfferCustomer } from '#app/domain/offers/decide-offer.ts';
import { isHeldOut } from '#app/domain/offers/holdout/assign-holdout.ts';
import { programShown } from '#app/domain/shopper/program-shown.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

interface OrderOfBuyer {
  readonly order: AskedOrder;
  readonly buyer: BuyerStanding;
  readonly customerId: bigint;
  readonly offer: AskedOffer;
  readonly nowMs: number;
}

/** Who placed an order, as far as rules ask. */
export async function loadOfferCustomer(context: Pick<ShopContext, 'shop' | 'sealedBox'>, connection: pg.PoolClient, of: OrderOfBuyer): Promise<OfferCustomer> {
  const { shop, sealedBox } = context;
  const { holdoutBasisPoints } = of.offer.settings;
  return {
    ...of.buyer,
    tierId: await findTier(context, connection, of),
    holdoutBasisPoints,
    // A guest is followed by nobody, so that holding them out would show nothing.
    isHeldOut: holdoutBasisPoints > 0 && isHeldOut(sealedBox.keyedHash(shop.shopId, 'offer-holdout', String(of.customerId)), holdoutBasisPoints),
  };
}

/** As of the order. Null where no rule asks, or members are shown no program. */
async function findTier({ shop }: Pick<ShopContext, 'shop'>, connection: pg.PoolClient, { order, offer: { tier, shop: { timeZone } }, nowMs }: OrderOfBuyer): Promise<string | null> {
  const newest = tier?.newest ?? null;
  if (tier === null || newest === null) return null;
  const program = (await loadVersionsUpTo(connection, shop, newest)).at(-1)?.program;
  if (program === undefined || programShown(program, { nowMs, timeZone }) === null) return null;
  return tierAt(program, tier.changes, order.processedAtMs)?.id ?? null;
}
