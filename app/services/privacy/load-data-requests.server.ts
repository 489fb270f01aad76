import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface OpenDataRequest {
  webhookId: string;
  requestedAt: Date;
  /** `answered` or `nothing-held`. */
  outcome: string | null;
}

type ReadContext = Pick<ShopContext, 'inShop' | 'shop' | 'sealedBox'>;

/** Requests whose answer we still hold, oldest first. A redaction of the customer takes the answer away. */
export async function loadOpenDataRequests({ inShop, shop }: ReadContext): Promise<OpenDataRequest[]> {
  return inShop((db) =>
    db.privacyRequest.findMany({
      where: { shopId: shop.shopId, kind: 'data-request', answerSealed: { not: null } },
      orderBy: { requestedAt: 'asc' },
      select: { webhookId: true, requestedAt: true, outcome: true },
    }),
  );
}

/** JSON of what was held of the customer, `null` as JSON when nothing was; null when there is no such open request. */
export async function openDataRequest({ inShop, shop, sealedBox }: ReadContext, webhookId: string): Promise<string | null> {
  const { shopId } = shop;
  const request = await inShop((db) => db.privacyRequest.findUnique({ where: { shopId_webhookId: { shopId, webhookId } } }));
  if (!request?.answerSealed) return null;
  return sealedBox.open(request.answerSealed, { shopId, table: 'privacy_requests', column: 'answer', row: webhookId });
}
