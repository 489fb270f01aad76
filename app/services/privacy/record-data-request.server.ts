import { inSlices } from '#app/adapters/db/in-slices.ts';
import { customerHashOf } from '#app/adapters/db/tombstones.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import { loadHeldMembership, NO_MEMBERSHIP } from '#app/services/privacy/load-held-membership.server.ts';
import type { CustomerRequest } from '#app/services/sync/webhooks/webhook-payloads.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// A person's orders, not a wholesaler's whole ledger; what is left out is counted in the answer.
const MAX_ORDERS = 2_000;
// Of guests, whose orders no customer holds together; a statement takes no more.
const MAX_NAMED = 20_000;

/**
 * Collects what we hold of a customer, sealed, for the merchant to hand on. Keyed by the webhook, so once only. A request
 * that names an e-mail alone is answered with the orders that Shopify names beside it: we keep no e-mail to look by.
 */
export async function recordDataRequest(
  context: ShopContext,
  { webhookId, receivedAt }: Pick<WebhookDelivery, 'webhookId' | 'receivedAt'>,
  request: CustomerRequest,
): Promise<'answered' | 'nothing-held'> {
  const { inShop, shop, sealedBox, now } = context;
  const { shopId } = shop;
  const { customerId } = request;
  const customerHash = customerId === null ? null : customerHashOf(sealedBox, shop, customerId);
  return inShop(async (db) => {
    const held = await loadHeld(db, shopId, { ...request, customerHash });
    const isHeld = [held.customer, held.orders, held.discounts, held.marks, held.membership, held.invites].some((rows) => rows.length > 0);
    const outcome = isHeld ? 'answered' : 'nothing-held';
    const answer = JSON.stringify(isHeld ? held : null, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    const place = { shopId, table: 'privacy_requests', column: 'answer', row: webhookId };
    await db.privacyRequest.upsert({
      where: { shopId_webhookId: { shopId, webhookId } },
      create: {
        shopId,
        webhookId,
        kind: 'data-request',
        customerHash,
        requestedAt: receivedAt,
        answeredAt: now(),
        outcome,
        answerSealed: sealedBox.seal(answer, place),
      },
      update: {},
    });
    return outcome;
  });
}

/** Those that are here and may be the person's: few, when they name a customer, whatever Shopify lists. */
async function loadNamed(db: TenantDb, shopId: number, { customerId, orderIds }: CustomerRequest): Promise<bigint[]> {
  const named: bigint[] = [];
  for (const slice of inSlices(orderIds)) {
    const where = { shopId, orderId: { in: slice }, ...(customerId === null ? {} : { customerId: null }) };
    named.push(...(await db.order.findMany({ where, select: { orderId: true } })).map(({ orderId }) => orderId));
  }
  return named.slice(0, MAX_NAMED);
}

/** In which state of our copy a row was written says nothing of a person. */
const OURS = { dataVersion: true } as const;

/** One query after another: they share one connection, which Prisma's own joining would ask several things at once. */
async function loadHeld(
  db: TenantDb,
  shopId: number,
  { customerId, orderIds, customerHash }: CustomerRequest & { customerHash: Uint8Array<ArrayBuffer> | null },
) {
  const customer = customerId === null ? [] : await db.customer.findMany({ where: { shopId, customerId }, omit: OURS });
  // Of the orders that Shopify names, never one that is somebody else's here.
  const named = { orderId: { in: await loadNamed(db, shopId, { customerId, orderIds }) } };
  const where = { shopId, OR: [...(customerId === null ? [] : [{ customerId }]), named] };
  const orders = await db.order.findMany({ where, omit: OURS, orderBy: { processedAt: 'desc' }, take: MAX_ORDERS });
  const ordersLeftOut = (await db.order.count({ where })) - orders.length;
  const ofOrders = { shopId, orderId: { in: orders.map(({ orderId }) => orderId) } };
  const orderLines = await db.orderLine.findMany({ where: ofOrders });
  const refunds = await db.refund.findMany({ where: ofOrders });
  const fulfillments = await db.fulfillment.findMany({ where: ofOrders });
  const codesOfOrders = await db.offerCode.findMany({ where: ofOrders });
  // A discount that guests share is known by the codes of their own orders alone.
  const discountKeys = codesOfOrders.map(({ discountKey }) => discountKey);
  const theirs = [...(customerId === null ? [] : [{ customerId }]), { discountKey: { in: discountKeys } }];
  const discounts = await db.offerDiscount.findMany({ where: { shopId, OR: theirs }, orderBy: { createdAt: 'desc' }, take: MAX_ORDERS });
  const personalKeys = discounts.filter((discount) => customerId !== null && discount.customerId === customerId);
  const codesOfDiscounts = await db.offerCode.findMany({
    where: { shopId, discountKey: { in: personalKeys.map(({ discountKey }) => discountKey) }, orderId: { notIn: codesOfOrders.map(({ orderId }) => orderId) } },
  });
  const credits = await db.offerCredit.findMany({ where: ofOrders });
  const offers = await db.offerDecision.findMany({ where: ofOrders, select: { orderId: true, decidedAt: true, isHeldOut: true }, orderBy: { decidedAt: 'desc' } });
  const marks = customerId === null ? [] : await loadMarks(db, shopId, customerId);
  const invites = customerId === null ? [] : await loadInvites(db, shopId, customerId);
  const membership = customerId === null ? NO_MEMBERSHIP : await loadHeldMembership(db, { shopId, mostRows: MAX_ORDERS }, customerId);
  const accesses =
    customerHash === null
      ? []
      : await db.personalDataAccess.findMany({
          where: { shopId, subjectHash: customerHash },
          orderBy: { accessedAt: 'asc' },
          select: { accessedAt: true, action: true, records: true },
        });
  const codes = [...codesOfOrders, ...codesOfDiscounts];
  return { customer, orders, ordersLeftOut, orderLines, refunds, fulfillments, discounts, codes, credits, offers, marks, ...membership, invites, accesses };
}

/** Which of the merchant's groups of customers the person was put in, and the tag of their tier, as it was written to Shopify. */
async function loadMarks(db: TenantDb, shopId: number, customerId: bigint) {
  const members = await db.segmentWriteMember.findMany({ where: { shopId, customerId }, include: { target: { select: { name: true, title: true } } }, take: MAX_ORDERS });
  const traces = await db.loyaltyMemberTrace.findMany({ where: { shopId, member: { customerId }, tagState: { in: ['sent', 'ours'] } }, select: { tag: true, toldTierId: true } });
  return [
    ...members.map(({ changedAt, target: { name, title } }) => ({ customerId, mark: name, segment: title, changedAt })),
    ...traces.map(({ tag, toldTierId }) => ({ customerId, mark: tag, segment: toldTierId, changedAt: null })),
  ];
}

/** That they wished for an invite to an account, and the e-mails that came of it. One that was refused never went out. */
async function loadInvites(db: TenantDb, shopId: number, customerId: bigint) {
  const invite = await db.accountInvite.findUnique({
    where: { shopId_customerId: { shopId, customerId } },
    include: { emails: { orderBy: { step: 'asc' } } },
  });
  if (invite === null) return [];
  const { orderId, wishedAt, emails } = invite;
  return [
    { orderId, wishedAt, state: null, intendedAt: null, sentAt: null },
    ...emails.map(({ state, intendedAt, settledAt }) => ({ orderId, wishedAt, state, intendedAt, sentAt: state === 'sent' ? settledAt : null })),
  ];
}
