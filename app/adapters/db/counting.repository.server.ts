import { requireCounting } from '#app/adapters/db/shop-state.server.ts';
import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';

export interface CountingOfShop {
  counting: OrderCounting;
  /** ISO 4217 code; null until the first pull has brought it. */
  currency: string | null;
}

export async function loadCounting(db: TenantDb, { shopId }: ShopRef): Promise<CountingOfShop> {
  const { countingPreset, orderValue, currency } = await db.shop.findUniqueOrThrow({
    where: { shopId },
    select: { countingPreset: true, orderValue: true, currency: true },
  });
  return { counting: requireCounting(countingPreset, orderValue), currency };
}

/** No order changes, so the version of the data stays: reports see by the words themselves that their columns are of another way. */
export async function putCounting(db: TenantDb, { shopId }: ShopRef, { preset, value }: OrderCounting): Promise<void> {
  await db.shop.update({ where: { shopId }, data: { countingPreset: preset, orderValue: value } });
}
