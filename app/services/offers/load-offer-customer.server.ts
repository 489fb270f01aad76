import { loadCustomerStanding, loadTierChanges } from '#app/adapters/db/offers/offer-orders.repository.server.ts';
import type { LoadedOfferOrder } from '#app/adapters/db/offers/offer-orders.repository.server.ts';
import { loadNewestProgram } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { tierAt } from '#app/domain/loyalty/tiers/tier-at.ts';
import type { OfferCustomer } from '#app/domain/offers/decide-offer.ts';
import { isHeldOut } from '#app/domain/offers/holdout/assign-holdout.ts';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';
import { programShown } from '#app/domain/shopper/program-shown.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type CustomerContext = Pick<ShopContext, 'shop' | 'sealedBox' | 'now'>;

interface OrderOfShop {
  readonly order: LoadedOfferOrder;
  readonly settings: OfferSettings;
  readonly timeZone: string;
}

/** Who placed an order, as far as rules ask; null for a guest, and for who was forgotten. */
export async function loadOfferCustomer(context: CustomerContext, db: TenantDb, of: OrderOfShop): Promise<OfferCustomer | null> {
  const { shop, sealedBox, now } = context;
  const { order, settings } = of;
  const { customerId, orderId, createdAtMs } = order;
  if (customerId === null || customerId < 0n) return null;
  const { holdoutBasisPoints } = settings;
  return {
    ...(await loadCustomerStanding(db, shop, { orderId, customerId, createdAtMs, now: now() })),
    tierId: await findTier(context, db, { ...of, customerId }),
    holdoutBasisPoints,
    // A guest is followed by nobody, so that holding them out would show nothing.
    isHeldOut: holdoutBasisPoints > 0 && isHeldOut(sealedBox.keyedHash(shop.shopId, 'offer-holdout', String(customerId)), holdoutBasisPoints),
  };
}

/** As of the order. Null where no rule asks, or members are shown no program. */
async function findTier(
  { shop, now }: CustomerContext,
  db: TenantDb,
  { order, settings, timeZone, customerId }: OrderOfShop & { customerId: bigint },
): Promise<string | null> {
  if (!settings.rules.some(({ isEnabled, conditions }) => isEnabled && conditions.tiers.length > 0)) return null;
  const newest = await loadNewestProgram(db, shop);
  if (newest === null || programShown(newest.program, { nowMs: now().getTime(), timeZone }) === null) return null;
  return tierAt(newest.program, await loadTierChanges(db, shop, customerId), order.processedAtMs)?.id ?? null;
}
