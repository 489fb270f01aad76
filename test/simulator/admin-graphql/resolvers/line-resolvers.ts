import { addBags, shareOfBag, zeroBag } from '../../currency-amount.ts';
import { toGid } from '../../global-id.ts';
import { lineGross, lineNet } from '../../order-money.ts';
import type { SimFulfillment, SimLineItem, SimOrder, SimRefund, SimRefundLine } from '../../state.ts';
import { wholeList } from '../page.ts';
import { resolversOf, type ResolverMap } from '../resolver.ts';
import { OrderSource } from './order-resolvers.ts';

interface LineSource {
  order: SimOrder;
  line: SimLineItem;
}

interface RefundSource {
  order: SimOrder;
  refund: SimRefund;
}

interface RefundLineSource {
  order: SimOrder;
  item: SimRefundLine;
}

interface FulfillmentSource {
  order: SimOrder;
  fulfillment: SimFulfillment;
}

const lineItem = resolversOf<LineSource>({
  id: ({ line }) => toGid('LineItem', line.id),
  title: ({ line }) => line.title,
  name: ({ line }) => (line.variantTitle === null ? line.title : `${line.title} - ${line.variantTitle}`),
  variantTitle: ({ line }) => line.variantTitle,
  sku: ({ line }) => line.sku,
  vendor: ({ line }, _args, { store }) =>
    line.productId === null ? null : store.products.get(line.productId)?.vendor ?? null,
  quantity: ({ line }) => line.quantity,
  currentQuantity: ({ line }) => line.currentQuantity,
  refundableQuantity: ({ line }) => line.currentQuantity,
  unfulfilledQuantity: ({ order, line }) => (order.fulfillments.length === 0 ? line.currentQuantity : 0),
  isGiftCard: ({ line }) => line.isGiftCard === true,
  requiresShipping: () => true,
  taxable: ({ line }) => line.tax.shop.amountMinor > 0,
  customAttributes: () => [],
  originalUnitPriceSet: ({ line }) => line.unitPrice,
  originalTotalSet: ({ line }) => lineGross(line),
  totalDiscountSet: ({ line }) => line.discount,
  discountedTotalSet: ({ line }, args) => (args['withCodeDiscounts'] === true ? lineNet(line) : lineGross(line)),
  discountedUnitPriceSet: ({ line }) => line.unitPrice,
  discountedUnitPriceAfterAllDiscountsSet: ({ line }) => shareOfBag(lineNet(line), 1, line.quantity),
  taxLines: ({ line }) =>
    line.tax.shop.amountMinor === 0 ? [] : [{ title: 'Tax', priceSet: line.tax, rate: null, ratePercentage: null }],
  product: ({ line }, _args, { store }) =>
    line.productId === null ? null : store.products.get(line.productId) ?? null,
  variant: ({ line }, _args, { store }) => {
    const product = line.productId === null ? undefined : store.products.get(line.productId);
    const variant = product?.variants.find(({ id }) => id === line.variantId);
    return product && variant ? { product, variant } : null;
  },
});

const refund = resolversOf<RefundSource>({
  id: ({ refund: { id } }) => toGid('Refund', id),
  legacyResourceId: ({ refund: { id } }) => String(id),
  createdAt: ({ refund: { createdAt } }) => createdAt,
  processedAt: ({ refund: { createdAt } }) => createdAt,
  updatedAt: ({ refund: { createdAt } }) => createdAt,
  note: ({ refund: { note } }) => note,
  order: ({ order }) => new OrderSource(order),
  totalRefundedSet: ({ refund: { total } }) => total,
  duties: () => [],
  refundLineItems: ({ order, refund: { lines } }, args, context) =>
    wholeList(
      lines.map((item) => ({ order, item })),
      args,
      context,
    ),
  refundShippingLines: (source, args, context) => {
    const { shipping } = source.refund;
    const lines =
      shipping.shop.amountMinor === 0
        ? []
        : [
            {
              id: toGid('RefundShippingLine', source.refund.id),
              subtotalAmountSet: shipping,
              taxAmountSet: zeroBag(shipping.shop.currency, shipping.presentment.currency),
            },
          ];
    return wholeList(lines, args, context);
  },
});

const refundLineItem = resolversOf<RefundLineSource>({
  id: ({ order, item }) => toGid('RefundLineItem', `${order.id}${item.lineItemId}`),
  lineItem: ({ order, item }) => {
    const line = order.lines.find(({ id }) => id === item.lineItemId);
    return line ? { order, line } : null;
  },
  quantity: ({ item }) => item.quantity,
  priceSet: ({ item }) => shareOfBag(item.subtotal, 1, item.quantity),
  subtotalSet: ({ item }) => addBags(item.subtotal),
  totalTaxSet: ({ item }) => item.tax,
  restockType: () => 'RETURN',
  restocked: () => true,
});

const fulfillment = resolversOf<FulfillmentSource>({
  id: ({ fulfillment: { id } }) => toGid('Fulfillment', id),
  legacyResourceId: ({ fulfillment: { id } }) => String(id),
  name: ({ order }) => `${order.name}.1`,
  order: ({ order }) => new OrderSource(order),
  status: ({ fulfillment: { status } }) => status,
  displayStatus: ({ fulfillment: item }) => (item.deliveredAt === null ? 'FULFILLED' : 'DELIVERED'),
  createdAt: ({ fulfillment: { createdAt } }) => createdAt,
  updatedAt: ({ fulfillment: item }) => item.deliveredAt ?? item.createdAt,
  deliveredAt: ({ fulfillment: { deliveredAt } }) => deliveredAt,
  inTransitAt: ({ fulfillment: { createdAt } }) => createdAt,
  estimatedDeliveryAt: () => null,
  totalQuantity: ({ order }) => order.lines.reduce((sum, line) => sum + line.quantity, 0),
  trackingInfo: () => [],
});

export const lineResolvers: ResolverMap = {
  LineItem: lineItem,
  Refund: refund,
  RefundLineItem: refundLineItem,
  Fulfillment: fulfillment,
};
