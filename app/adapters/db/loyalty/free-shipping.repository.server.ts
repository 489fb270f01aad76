import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { FREE_SHIPPING_PHASES, FREE_SHIPPING_TROUBLES } from '#app/domain/loyalty/perks/free-shipping.ts';
import type { FreeShippingState } from '#app/domain/loyalty/perks/free-shipping.ts';
import { Prisma } from '#app/generated/prisma/client.ts';

export const freeShippingSchema: z.ZodType<FreeShippingState> = z.object({
  phase: z.enum(FREE_SHIPPING_PHASES),
  query: z.string(),
  segmentGid: z.string().nullable(),
  discountGid: z.string().nullable(),
  endsAtMs: z.number(),
  tierIds: z.array(z.string()),
  trouble: z.enum(FREE_SHIPPING_TROUBLES).nullable(),
  lookAtMs: z.number(),
});

/** Null where none was asked for, or all of it was taken back. */
export async function loadFreeShipping(db: TenantDb, { shopId }: ShopRef): Promise<FreeShippingState | null> {
  const row = await db.loyaltyTracing.findUnique({ where: { shopId }, select: { freeShipping: true } });
  return freeShippingSchema.nullable().parse(row?.freeShipping ?? null);
}

export async function saveFreeShipping(db: TenantDb, { shopId }: ShopRef, state: FreeShippingState | null): Promise<void> {
  const freeShipping = state === null ? Prisma.DbNull : { ...state, tierIds: [...state.tierIds] };
  await db.loyaltyTracing.updateMany({ where: { shopId }, data: { freeShipping } });
}
