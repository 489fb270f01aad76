import { discountTitleOf } from '#app/domain/loyalty/redemption/plan-reward-discount.ts';
import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/** What we made in Shopify, whose time is over. */
export interface EndedDiscount {
  readonly of: { readonly kind: 'reward'; readonly redemptionId: string } | { readonly kind: 'offer'; readonly discountKey: string };
  readonly title: string;
  /** Null where Shopify never confirmed that it made it. */
  readonly discountGid: string | null;
  /** That of a reward; an offer's follows from its key. */
  readonly code: string | null;
}

interface Ended {
  /** Those whose end is longer ago. */
  readonly endedBefore: Date;
  readonly limit: number;
}

/**
 * Discounts that nobody can use any more and that were not looked at since: of rewards those whose points came back, which
 * was decided after Shopify had said that nobody used them. Index: loyalty_redemptions_untidied.
 */
export async function loadEndedDiscounts(db: TenantDb, { shopId }: ShopRef, { endedBefore, limit }: Ended): Promise<EndedDiscount[]> {
  const rewards = await db.loyaltyRedemption.findMany({
    where: { shopId, state: 'released', code: { not: null }, attempts: { gt: 0 }, tidiedAt: null, settledAt: { lt: endedBefore } },
    select: { redemptionId: true, points: true, discountGid: true, code: true },
    orderBy: { settledAt: 'asc' },
    take: limit,
  });
  const offers = await db.offerDiscount.findMany({
    where: { shopId, tidiedAt: null, endsAt: { lt: endedBefore } },
    select: { discountKey: true, title: true, discountGid: true },
    orderBy: { endsAt: 'asc' },
    take: limit - rewards.length,
  });
  return [
    ...rewards.map(({ redemptionId, points, discountGid, code }) => ({
      of: { kind: 'reward' as const, redemptionId },
      title: discountTitleOf({ points, redemptionId }),
      ...{ discountGid, code },
    })),
    ...offers.map(({ discountKey, title, discountGid }) => ({ of: { kind: 'offer' as const, discountKey }, title, discountGid, code: null })),
  ];
}

/** Written before Shopify is asked to delete it. */
export async function noteDeletionAsked(db: TenantDb, shop: ShopRef, of: EndedDiscount['of'], deletionAskedAt: Date): Promise<void> {
  await note(db, shop, of, { deletionAskedAt });
}

/** It is gone, or it is to stay: not looked at again. */
export async function noteTidied(db: TenantDb, shop: ShopRef, of: EndedDiscount['of'], tidiedAt: Date): Promise<void> {
  await note(db, shop, of, { tidiedAt });
}

async function note(db: TenantDb, { shopId }: ShopRef, of: EndedDiscount['of'], data: { deletionAskedAt: Date } | { tidiedAt: Date }): Promise<void> {
  switch (of.kind) {
    case 'reward':
      await db.loyaltyRedemption.updateMany({ where: { shopId, redemptionId: of.redemptionId, state: 'released' }, data });
      return;
    case 'offer':
      await db.offerDiscount.updateMany({ where: { shopId, discountKey: of.discountKey }, data });
  }
}
