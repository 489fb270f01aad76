import { addBags, shareOfBag, subtractBags, zeroBag } from './currency-amount.ts';
import { computeOrderMoney, lineNet } from './order-money.ts';
import { paymentsOf } from './order-payments.ts';
import type { ShopStore } from './shop-store.ts';
import type { SimMoneyBag, SimOrder, SimRefund, SimRefundLine } from './state.ts';
import { refundPayload } from './webhook-payloads.ts';

/** What a merchant would do to an order in the admin. Each change is saved and tells its webhooks. */
export interface RefundRequest {
  /** Returned pieces; empty with `everything` false for a refund of money alone. */
  lines: { lineItemId: number; quantity: number }[];
  /** Every piece that is still there, and the shipping. */
  everything: boolean;
  /** Money beyond the returned pieces, in minor units of the shop's currency. */
  freeAmountMinor: number;
  note: string | null;
}

export function refundOrder(store: ShopStore, order: SimOrder, request: RefundRequest, now: Date): SimOrder {
  const quantities = request.everything
    ? order.lines.map((line) => ({ lineItemId: line.id, quantity: line.currentQuantity }))
    : request.lines;
  const lines = quantities.flatMap(({ lineItemId, quantity }) => refundLine(order, lineItemId, quantity));
  const money = computeOrderMoney(order);
  const zero = zeroBag(order.shipping.shop.currency, order.shipping.presentment.currency);
  const shipping = request.everything ? money.currentShipping : zero;
  const shippingTax = shareOfBag(order.shippingTax, shipping.shop.amountMinor, order.shipping.shop.amountMinor);
  const taxes = order.taxesIncluded ? [] : [...lines.map((line) => line.tax), shippingTax];
  const free = inBothCurrencies(request.freeAmountMinor, money.totalPrice);
  const total = addBags(zero, ...lines.map((line) => line.subtotal), shipping, ...taxes, free);
  const refund: SimRefund = {
    id: store.nextId(),
    createdAt: now.toISOString(),
    note: request.note,
    lines,
    shipping,
    total,
  };

  const refunded = addBags(money.totalRefunded, total).shop.amountMinor;
  const returned = new Map(lines.map((line) => [line.lineItemId, line.quantity]));
  const changed: SimOrder = {
    ...order,
    updatedAt: now.toISOString(),
    financialStatus: refunded >= money.totalReceived.shop.amountMinor ? 'REFUNDED' : 'PARTIALLY_REFUNDED',
    lines: order.lines.map((line) => ({
      ...line,
      currentQuantity: line.currentQuantity - (returned.get(line.id) ?? 0),
    })),
    refunds: [...order.refunds, refund],
  };
  store.save('order', changed);
  store.emit('refunds/create', refundPayload(changed, refund));
  store.emit('orders/updated', changed);
  return changed;
}

function refundLine(order: SimOrder, lineItemId: number, wanted: number): SimRefundLine[] {
  const line = order.lines.find(({ id }) => id === lineItemId);
  const quantity = Math.min(wanted, line?.currentQuantity ?? 0);
  if (!line || quantity <= 0) return [];
  const earlier = order.refunds.flatMap((refund) => refund.lines.filter((item) => item.lineItemId === lineItemId));
  const earlierQuantity = earlier.reduce((sum, item) => sum + item.quantity, 0);
  const total = (share: number, of: SimMoneyBag): SimMoneyBag => shareOfBag(of, share, line.quantity);
  // Differences of running totals, so that the pieces of a line add up to the line however it is returned.
  const difference = (of: SimMoneyBag): SimMoneyBag =>
    subtractBags(total(earlierQuantity + quantity, of), total(earlierQuantity, of));
  return [{ lineItemId, quantity, subtotal: difference(lineNet(line)), tax: difference(line.tax) }];
}

/** The shop amount, and the same at the order's own rate. */
function inBothCurrencies(amountMinor: number, rate: SimMoneyBag): SimMoneyBag {
  const presentment = shareOfBag(
    { shop: rate.presentment, presentment: rate.presentment },
    amountMinor,
    rate.shop.amountMinor,
  );
  return { shop: { amountMinor, currency: rate.shop.currency }, presentment: presentment.presentment };
}

export function cancelOrder(store: ShopStore, order: SimOrder, now: Date): SimOrder {
  if (order.cancelledAt !== null) return order;
  const isPaid = order.received.shop.amountMinor > 0;
  const refunded = isPaid
    ? refundOrder(store, order, { lines: [], everything: true, freeAmountMinor: 0, note: 'Cancelled' }, now)
    : order;
  const changed: SimOrder = {
    ...refunded,
    cancelledAt: now.toISOString(),
    cancelReason: 'CUSTOMER',
    updatedAt: now.toISOString(),
    financialStatus: isPaid ? refunded.financialStatus : 'VOIDED',
    lines: refunded.lines.map((line) => ({ ...line, currentQuantity: 0 })),
  };
  store.save('order', changed);
  store.emit('orders/cancelled', changed);
  store.emit('orders/updated', changed);
  return changed;
}

/** All that is still owed comes: a bank transfer, or money on delivery, that the merchant marks as paid. */
export function payOrder(store: ShopStore, order: SimOrder, now: Date): SimOrder {
  const { totalOutstanding } = computeOrderMoney(order);
  if (order.cancelledAt !== null || totalOutstanding.shop.amountMinor <= 0) return order;
  const at = now.toISOString();
  const changed: SimOrder = {
    ...order,
    updatedAt: at,
    financialStatus: 'PAID',
    payments: [...paymentsOf(order), { id: store.nextId(), kind: 'SALE', status: 'SUCCESS', createdAt: at, processedAt: at, amount: totalOutstanding }],
    received: addBags(order.received, totalOutstanding),
  };
  store.save('order', changed);
  store.emit('orders/paid', changed);
  store.emit('orders/updated', changed);
  return changed;
}

/** Sends some of an order, or what is left of it. Which pieces are in a parcel is not kept. */
export function fulfillOrder(store: ShopStore, order: SimOrder, { isLast }: { isLast: boolean }, now: Date): SimOrder {
  if (order.cancelledAt !== null || order.fulfillmentStatus === 'FULFILLED') return order;
  const at = now.toISOString();
  const changed: SimOrder = {
    ...order,
    updatedAt: at,
    fulfillmentStatus: isLast ? 'FULFILLED' : 'PARTIALLY_FULFILLED',
    fulfillments: [...order.fulfillments, { id: store.nextId(), createdAt: at, deliveredAt: null, status: 'SUCCESS' }],
  };
  store.save('order', changed);
  store.emit(isLast ? 'orders/fulfilled' : 'orders/partially_fulfilled', changed);
  store.emit('orders/updated', changed);
  return changed;
}

/** Takes pieces out of an order by an edit. What was paid for them stays paid until it is refunded. */
export function editOrder(
  store: ShopStore,
  order: SimOrder,
  removal: { lineItemId: number; quantity: number },
  now: Date,
): SimOrder {
  const changed: SimOrder = {
    ...order,
    edited: true,
    updatedAt: now.toISOString(),
    lines: order.lines.map((line) =>
      line.id === removal.lineItemId
        ? { ...line, currentQuantity: Math.max(0, line.currentQuantity - removal.quantity) }
        : line,
    ),
  };
  store.save('order', changed);
  store.emit('orders/edited', {
    order_edit: {
      id: store.nextId(),
      order_id: order.id,
      created_at: now.toISOString(),
      line_items: { additions: [], removals: [{ id: removal.lineItemId, delta: removal.quantity }] },
    },
  });
  store.emit('orders/updated', changed);
  return changed;
}

export function deleteOrder(store: ShopStore, order: SimOrder, now: Date): void {
  const deleted = { ...order, deletedAt: now.toISOString(), updatedAt: now.toISOString() };
  store.save('order', deleted);
  store.emit('orders/delete', deleted);
}

/** One customer's orders and record go to another, as the admin's merge does. */
export function mergeCustomers(store: ShopStore, keptId: number, removedId: number, now: Date): boolean {
  const kept = store.customers.get(keptId);
  const removed = store.customers.get(removedId);
  if (!kept || !removed || kept.id === removed.id) return false;
  for (const order of [...store.orders.values()]) {
    if (order.customerId !== removedId) continue;
    store.save('order', { ...order, customerId: keptId, updatedAt: now.toISOString() });
  }
  store.save('customer', { ...removed, mergedIntoId: keptId, updatedAt: now.toISOString() });
  store.save('customer', { ...kept, updatedAt: now.toISOString() });
  store.emit('customers/merge', {
    admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${keptId}`,
    admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${removedId}`,
    admin_graphql_api_job_id: null,
    status: 'completed',
    errors: [],
  });
  return true;
}

/** The body of `customers/redact` and `customers/data_request`. */
export function privacyPayload(store: ShopStore, customerId: number): Record<string, unknown> {
  const customer = store.customers.get(customerId);
  const orderIds = [...store.orders.values()].filter((order) => order.customerId === customerId).map(({ id }) => id);
  return {
    shop_id: store.shop.id,
    shop_domain: store.domain,
    customer: { id: customerId, email: customer?.email ?? null, phone: customer?.phone ?? null },
    orders_requested: orderIds,
    orders_to_redact: orderIds,
    data_request: { id: store.nextId() },
  };
}
