import { fromGid, toGid } from '../../global-id.ts';
import { computeOrderMoney, type OrderMoney } from '../../order-money.ts';
import { transactionsOf, type SimTransaction } from '../../order-payments.ts';
import type { SimAddress, SimOrder, SimShippingDiscount } from '../../state.ts';
import { wholeList, paginate } from '../page.ts';
import { numberArg, resolversOf, textArg, Typed, type AdminContext, type Args, type ResolverMap } from '../resolver.ts';
import { findCustomer, findOrder, isOrderVisible, listOrders } from '../visible-records.ts';

/** An order on its way through a query; its totals are computed when the first of them is asked for. */
export class OrderSource {
  readonly order: SimOrder;
  #money: OrderMoney | undefined;

  constructor(order: SimOrder) {
    this.order = order;
  }

  get money(): OrderMoney {
    this.#money ??= computeOrderMoney(this.order);
    return this.#money;
  }
}

export function ordersPage(orders: readonly SimOrder[], args: Args, context: AdminContext): unknown {
  return paginate({ items: orders, idOf: (order) => order.id, wrap: (order) => new OrderSource(order) }, args, context);
}

const emptyPage = (_source: unknown, args: Args, context: AdminContext): unknown => wholeList([], args, context);
const nothing = (): null => null;

const identity = resolversOf<OrderSource>({
  id: ({ order }) => toGid('Order', order.id),
  legacyResourceId: ({ order }) => String(order.id),
  name: ({ order }) => order.name,
  number: ({ order }) => Number(order.name.replace(/\D/g, '')) || order.id,
  email: ({ order }) => order.email,
  phone: nothing,
  note: nothing,
  tags: ({ order }) => order.tags,
  customAttributes: () => [],
  customerLocale: ({ order }) => order.locale,
  sourceName: ({ order }) => order.sourceName,
  sourceIdentifier: nothing,
  test: ({ order }) => order.test,
  edited: ({ order }) => order.edited,
  confirmed: () => true,
  createdAt: ({ order }) => order.createdAt,
  processedAt: ({ order }) => order.processedAt,
  updatedAt: ({ order }) => order.updatedAt,
  cancelledAt: ({ order }) => order.cancelledAt,
  cancelReason: ({ order }) => order.cancelReason?.toUpperCase() ?? null,
  closed: ({ order }) => order.cancelledAt !== null,
  closedAt: ({ order }) => order.cancelledAt,
  currencyCode: ({ order }) => order.shipping.shop.currency,
  presentmentCurrencyCode: ({ order }) => order.presentmentCurrency,
  taxesIncluded: ({ order }) => order.taxesIncluded,
  displayFinancialStatus: ({ order }) => order.financialStatus,
  displayFulfillmentStatus: ({ order }) => order.fulfillmentStatus,
  fullyPaid: ({ money }) => money.totalOutstanding.shop.amountMinor <= 0,
  unpaid: ({ money }) => money.totalReceived.shop.amountMinor === 0 && money.totalOutstanding.shop.amountMinor > 0,
  refundable: ({ money }) => money.netPayment.shop.amountMinor > 0,
  attribution: nothing,
  channelInformation: nothing,
  customerJourneySummary: nothing,
  publication: nothing,
  retailLocation: nothing,
  billingAddress: ({ order }) => order.billingAddress,
  shippingAddress: ({ order }) => order.shippingAddress,
  displayAddress: ({ order }) => order.shippingAddress ?? order.billingAddress,
  metafield: nothing,
  metafields: emptyPage,
});

const relations = resolversOf<OrderSource>({
  customer: ({ order }, _args, { store }) => findCustomer(order.customerId, store),
  lineItems: ({ order }, args, context) =>
    paginate({ items: order.lines, idOf: (line) => line.id, wrap: (line) => ({ order, line }) }, args, context),
  refunds: ({ order }, args) => {
    const limit = numberArg(args, 'first');
    const refunds = limit === null ? order.refunds : order.refunds.slice(0, limit);
    return refunds.map((refund) => ({ order, refund }));
  },
  fulfillments: ({ order }, args) => {
    const limit = numberArg(args, 'first');
    const all = limit === null ? order.fulfillments : order.fulfillments.slice(0, limit);
    return all.map((fulfillment) => ({ order, fulfillment }));
  },
  transactions: ({ order }, args) => {
    const limit = numberArg(args, 'first');
    const all = transactionsOf(order);
    return limit === null ? all : all.slice(0, limit);
  },
  transactionsCount: ({ order }) => ({ count: transactionsOf(order).length, precision: 'EXACT' }),
  fulfillmentsCount: ({ order }) => ({ count: order.fulfillments.length, precision: 'EXACT' }),
  discountCode: ({ order }) => order.discounts[0]?.code ?? null,
  discountCodes: ({ order }) => order.discounts.map((discount) => discount.code),
  discountApplications: ({ order }, args, context) =>
    wholeList(
      order.discounts.map((discount) => new Typed('DiscountCodeApplication', { ...discount, targetType: isOffShipping(order, discount) ? 'SHIPPING_LINE' : 'LINE_ITEM' })),
      args,
      context,
    ),
  shippingLine: ({ order, money }) => shippingLineOf(order, money),
  shippingLines: ({ order, money }, args, context) => {
    const line = shippingLineOf(order, money);
    return wholeList(line ? [line] : [], args, context);
  },
  statusPageUrl: ({ order }, _args, { platform, store }) =>
    `${platform.origin}/shop/${store.domain.split('.')[0] ?? ''}/orders/${order.id}`,
});

const totals = resolversOf<OrderSource>({
  subtotalPriceSet: ({ money }) => money.subtotal,
  currentSubtotalPriceSet: ({ money }) => money.currentSubtotal,
  totalPriceSet: ({ money }) => money.totalPrice,
  originalTotalPriceSet: ({ money }) => money.totalPrice,
  currentTotalPriceSet: ({ money }) => money.currentTotalPrice,
  totalTaxSet: ({ money }) => money.totalTax,
  currentTotalTaxSet: ({ money }) => money.currentTotalTax,
  totalShippingPriceSet: ({ money }) => money.totalShipping,
  currentShippingPriceSet: ({ money }) => money.currentShipping,
  totalDiscountsSet: ({ money }) => money.totalDiscounts,
  currentTotalDiscountsSet: ({ money }) => money.currentTotalDiscounts,
  totalRefundedSet: ({ money }) => money.totalRefunded,
  totalRefundedShippingSet: ({ money }) => money.totalRefundedShipping,
  refundDiscrepancySet: ({ money }) => money.refundDiscrepancy,
  totalReceivedSet: ({ money }) => money.totalReceived,
  netPaymentSet: ({ money }) => money.netPayment,
  totalOutstandingSet: ({ money }) => money.totalOutstanding,
  totalTipReceivedSet: ({ money }) => money.totalTip,
  subtotalLineItemsQuantity: ({ order }) => order.lines.reduce((sum, line) => sum + line.quantity, 0),
  currentSubtotalLineItemsQuantity: ({ order }) => order.lines.reduce((sum, line) => sum + line.currentQuantity, 0),
});

export const orderResolvers: ResolverMap = {
  Order: { ...identity, ...relations, ...totals },
  MailingAddress: resolversOf<SimAddress>({
    countryCodeV2: (address) => address.countryCode,
    countryCode: (address) => address.countryCode,
    country: (address) => countryName(address.countryCode),
  }),
  OrderTransaction: resolversOf<SimTransaction>({
    id: ({ id }) => toGid('OrderTransaction', id),
    amountSet: ({ amount }) => amount,
  }),
  DiscountCodeApplication: resolversOf<SimOrder['discounts'][number]>({
    allocationMethod: () => 'ACROSS',
    targetSelection: () => 'ALL',
    value: (discount) => new Typed('MoneyV2', discount.amount.presentment),
  }),
};

export const orderQueries = resolversOf<unknown>({
  orders: (_source, args, context) => ordersPage(listOrders(args, context), args, context),
  order: (_source, args, context) => {
    const order = findOrder(fromGid(textArg(args, 'id') ?? '', 'Order'), context);
    return order ? new OrderSource(order) : null;
  },
  ordersCount: (_source, args, context) => {
    const query = textArg(args, 'query');
    const count =
      query === null
        ? [...context.store.orders.values()].filter((order) => isOrderVisible(order, context)).length
        : listOrders(args, context).length;
    const limit = args['limit'] === null ? null : numberArg(args, 'limit') ?? 10_000;
    if (limit === null || count <= limit) return { count, precision: 'EXACT' };
    return { count: limit, precision: 'AT_LEAST' };
  },
});

/** An order without a shipping price has no shipping line, as one for pick-up has none. */
function shippingLineOf(order: SimOrder, money: OrderMoney): Record<string, unknown> | null {
  if (money.totalShipping.shop.amountMinor === 0 && order.shippingTax.shop.amountMinor === 0) return null;
  const taxLines =
    order.shippingTax.shop.amountMinor === 0
      ? []
      : [{ title: 'Tax', priceSet: order.shippingTax, rate: null, ratePercentage: null }];
  return {
    id: toGid('ShippingLine', order.id),
    title: 'Standard',
    code: 'standard',
    originalPriceSet: money.totalShipping,
    discountedPriceSet: order.shipping,
    currentDiscountedPriceSet: money.currentShipping,
    discountAllocations: (order.shippingDiscounts ?? []).map((discount) => ({ allocatedAmountSet: discount.amount, discountApplication: shippingApplicationOf(discount) })),
    taxLines,
  };
}

function shippingApplicationOf({ code, title, amount }: SimShippingDiscount): Typed {
  const target = { targetType: 'SHIPPING_LINE', amount };
  return code === null ? new Typed('AutomaticDiscountApplication', { ...target, title }) : new Typed('DiscountCodeApplication', { ...target, code });
}

function isOffShipping({ shippingDiscounts = [] }: SimOrder, { code }: { code: string }): boolean {
  return shippingDiscounts.some((discount) => discount.code === code);
}

const countryNames = new Intl.DisplayNames('en', { type: 'region' });

function countryName(code: string | null): string | null {
  if (code === null || !/^[A-Z]{2}$/.test(code)) return null;
  return countryNames.of(code) ?? null;
}
