import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { naiveReport } from '#test/domain/retention/naive-report.ts';
import { computeOrderMoney } from '#test/simulator/order-money.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import type { SimOrder } from '#test/simulator/state.ts';
import { Temporal } from 'temporal-polyfill';

export type Figures = ReturnType<typeof figuresOfStore>;

/** What the dashboard must show, from what the local Shopify knows and by none of the app's own formulas. */
export function figuresOfStore(store: ShopStore) {
  const { ianaTimezone: timeZone, currency } = store.shop;
  const asOf = Temporal.Now.plainDateISO(timeZone).toString();
  const orders = [...store.orders.values()].filter((order) => order.deletedAt === null);
  const report = naiveReport(orders.filter(isPurchase).map(rowOf), asOf, timeZone);
  const buyers = new Set(orders.map((order) => order.customerId));
  const prospects = [...store.customers.values()].filter(
    ({ id, mergedIntoId, deletedAt }) => mergedIntoId === null && deletedAt === null && !buyers.has(id),
  );
  return { ...report, currency, asOf, timeZone, prospects: prospects.length };
}

function isPurchase(order: SimOrder): boolean {
  if (order.test || order.cancelledAt !== null) return false;
  const { totalReceived, totalRefunded } = computeOrderMoney(order);
  const received = totalReceived.shop.amountMinor;
  return order.financialStatus !== 'REFUNDED' && !(received > 0 && totalRefunded.shop.amountMinor >= received);
}

function rowOf(order: SimOrder): OrderRow {
  return {
    orderId: order.id,
    customerKey: order.customerId,
    processedAtMs: Date.parse(order.processedAt),
    valueMinor: goodsOf(order),
    country: null,
    region: null,
    channel: null,
    discountCode: null,
    presentmentCurrency: null,
  };
}

/** Goods that the buyer keeps, without tax; money given back for no return comes off them and their tax alike. */
function goodsOf(order: SimOrder): number {
  const money = computeOrderMoney(order);
  const { currentSubtotal, currentTotalTax, currentShipping, refundDiscrepancy } = money;
  const shipping = order.shipping.shop.amountMinor;
  const shippingTax =
    shipping === 0 ? 0 : Math.round((order.shippingTax.shop.amountMinor * currentShipping.shop.amountMinor) / shipping);
  const tax = Math.max(0, currentTotalTax.shop.amountMinor - shippingTax);
  const goods = Math.max(0, currentSubtotal.shop.amountMinor - (order.taxesIncluded ? tax : 0));
  const givenBack = Math.min(Math.max(0, -refundDiscrepancy.shop.amountMinor), goods + tax);
  return givenBack === 0 ? goods : goods - Math.round((givenBack * goods) / (goods + tax));
}
