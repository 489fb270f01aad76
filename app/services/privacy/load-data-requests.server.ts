import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface OpenDataRequest {
  webhookId: string;
  requestedAt: Date;
  /** `answered` or `nothing-held`. */
  outcome: string | null;
}

/** Requests whose answer we still hold, oldest first. A redaction of the customer takes the answer away. */
export async function loadOpenDataRequests({ inShop, shop }: Pick<ShopContext, 'inShop' | 'shop'>): Promise<OpenDataRequest[]> {
  return inShop((db) =>
    db.privacyRequest.findMany({
      where: { shopId: shop.shopId, kind: 'data-request', answerSealed: { not: null } },
      orderBy: { requestedAt: 'asc' },
      select: { webhookId: true, requestedAt: true, outcome: true },
    }),
  );
}
