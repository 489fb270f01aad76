import { z } from 'zod';

import type { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const namedOrdersSchema = z.object({ orders: z.array(z.object({ orderId: z.string() })) }).nullable();

/**
 * Answers to requests that named no customer carry no hash to be found by, so each is opened and looked into. Few ever
 * are, and each lives a month.
 */
export async function dropAnswersNaming(
  { sealedBox, shop }: Pick<ShopContext, 'sealedBox' | 'shop'>,
  db: TenantDb,
  isMeant: (orderId: string) => boolean,
): Promise<void> {
  const { shopId } = shop;
  const nameless = await db.privacyRequest.findMany({
    where: { shopId, kind: 'data-request', customerHash: null, answerSealed: { not: null } },
    select: { webhookId: true, answerSealed: true },
  });
  for (const { webhookId, answerSealed } of nameless) {
    if (answerSealed === null) continue;
    const orderIds = ordersIn(sealedBox, { shopId, webhookId, answerSealed });
    if (orderIds !== 'unreadable' && !orderIds.some(isMeant)) continue;
    await db.privacyRequest.update({
      where: { shopId_webhookId: { shopId, webhookId } },
      data: { answerSealed: null, outcome: 'redacted' },
    });
  }
}

/** `unreadable` when no key opens it any more: it is of use to nobody then, and goes too. */
function ordersIn(
  sealedBox: SealedBox,
  { shopId, webhookId, answerSealed }: { shopId: number; webhookId: string; answerSealed: Uint8Array },
): string[] | 'unreadable' {
  try {
    const place = { shopId, table: 'privacy_requests', column: 'answer', row: webhookId };
    const answer = namedOrdersSchema.parse(JSON.parse(sealedBox.open(answerSealed, place)));
    return answer === null ? [] : answer.orders.map(({ orderId }) => orderId);
  } catch {
    return 'unreadable';
  }
}
