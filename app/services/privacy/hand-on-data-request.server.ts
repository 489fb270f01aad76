import { answerSchema, type DataAnswer } from '#app/services/privacy/data-answer.ts';
import { noteAccess, type AccessAction } from '#app/services/privacy/note-access.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface Handover {
  webhookId: string;
  /** `staff:<number>` of the shop, or `operator`. */
  actor: string;
  action: Extract<AccessAction, `data-request-${string}`>;
}

/**
 * Opens the answer to a data request for somebody who hands it on, and notes who that was. Null when there is no such
 * request or its answer is held no longer.
 */
export async function handOnDataRequest(
  context: ShopContext,
  { webhookId, actor, action }: Handover,
): Promise<{ answer: DataAnswer | null; requestedAt: Date } | null> {
  const { inShop, sealedBox, now, shop: { shopId } } = context;
  return inShop(async (db) => {
    const request = await db.privacyRequest.findUnique({ where: { shopId_webhookId: { shopId, webhookId } } });
    if (!request?.answerSealed) return null;
    const place = { shopId, table: 'privacy_requests', column: 'answer', row: webhookId };
    const answer = answerSchema.parse(JSON.parse(sealedBox.open(request.answerSealed, place)));
    const records = answer === null ? 0 : Object.values(answer).reduce((sum: number, rows) => sum + (Array.isArray(rows) ? rows.length : 0), 0);
    await noteAccess(context, db, { actor, action, subjectHash: request.customerHash, records });
    if (request.handedOnAt === null) {
      await db.privacyRequest.update({ where: { shopId_webhookId: { shopId, webhookId } }, data: { handedOnAt: now() } });
    }
    return { answer, requestedAt: request.requestedAt };
  });
}
