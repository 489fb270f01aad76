import type { SimShopState } from '../simulator.ts';
import type {
  SimAutomaticDiscount,
  SimCodeDiscount,
  SimCustomer,
  SimDiscountApplication,
  SimLineItem,
  SimOrder,
  SimProduct,
  SimShippingDiscount,
  SimVariant,
} from '../state.ts';
import { bagOf } from './currencies.ts';
import type { PricedCart } from './price-cart.ts';
import type { Buyer, StorefrontMemory } from './storefront-memory.ts';

export interface ChosenLine {
  product: SimProduct;
  variant: SimVariant;
  quantity: number;
}

export interface OrderRequest {
  buyer: Buyer;
  lines: readonly ChosenLine[];
  priced: PricedCart;
  /** Checked already: what applies to the priced cart. */
  applied: { code: string; discount: SimCodeDiscount } | undefined;
  /** Free shipping that needs no code. */
  automatic: SimAutomaticDiscount | undefined;
  now: Date;
}

/** Order numbers given out but not yet saved; a late order must not share its name with the next. */
const lastNumbers = new WeakMap<SimShopState, number>();

/**
 * Makes a paid order and gives it back at once. It appears in the store, with its customer, the code's use and the
 * webhooks, after the storefront's `orderDelayMs`, as a real order may reach the Admin API after the thank-you page.
 */
export function placeOrder(memory: StorefrontMemory, request: OrderRequest): SimOrder {
  const { shop } = memory;
  const customer = request.buyer.staysGuest ? undefined : customerOf(shop, request.buyer, request.now);
  const order = buildOrder(shop, request, customer?.record.id ?? null);
  memory.pendingOrders.set(order.id, order);
  const appear = (): void => {
    if (customer) shop.save('customer', customer.record);
    if (request.applied) countUse(shop, request.applied.discount.id, request.applied.code);
    shop.save('order', order);
    memory.pendingOrders.delete(order.id);
    if (customer) shop.emit(customer.isNew ? 'customers/create' : 'customers/update', customer.record);
    for (const topic of ['orders/create', 'orders/paid', 'orders/updated']) shop.emit(topic, order);
  };
  if (memory.settings.orderDelayMs > 0) setTimeout(appear, memory.settings.orderDelayMs).unref();
  else appear();
  return order;
}

export function findCustomerByEmail(shop: SimShopState, email: string): SimCustomer | undefined {
  const wanted = email.trim().toLowerCase();
  for (const customer of shop.customers.values()) {
    const isPresent = customer.deletedAt === null && customer.mergedIntoId === null;
    if (isPresent && customer.email?.toLowerCase() === wanted) return customer;
  }
  return undefined;
}

/** Orders of the same person, whether they signed in, gave their email, or stayed a guest with it. */
export function ordersOfPerson(shop: SimShopState, customerId: number | null, email: string | null): SimOrder[] {
  const wanted = email?.toLowerCase();
  return [...shop.orders.values()].filter(
    (order) =>
      order.deletedAt === null &&
      ((customerId !== null && order.customerId === customerId) ||
        (wanted !== undefined && order.email?.toLowerCase() === wanted)),
  );
}

function customerOf(shop: SimShopState, buyer: Buyer, now: Date): { record: SimCustomer; isNew: boolean } {
  const known = findCustomerByEmail(shop, buyer.email);
  const updatedAt = now.toISOString();
  const consent: Partial<SimCustomer> = buyer.acceptsMarketing ? { marketingState: 'SUBSCRIBED' } : {};
  if (known) return { record: { ...known, ...consent, updatedAt }, isNew: false };
  const record: SimCustomer = {
    id: shop.nextId(),
    email: buyer.email.trim(),
    phone: null,
    firstName: buyer.firstName,
    lastName: buyer.lastName,
    locale: buyer.locale,
    state: 'DISABLED',
    createdAt: updatedAt,
    updatedAt,
    tags: [],
    marketingState: 'NOT_SUBSCRIBED',
    ...consent,
    defaultAddress: buyer.address,
    mergedIntoId: null,
    deletedAt: null,
  };
  return { record, isNew: true };
}

function buildOrder(shop: SimShopState, request: OrderRequest, customerId: number | null): SimOrder {
  const { buyer, priced } = request;
  const createdAt = request.now.toISOString();
  return {
    id: shop.nextId(),
    name: nextName(shop),
    customerId,
    email: buyer.email.trim(),
    locale: buyer.locale,
    createdAt,
    processedAt: createdAt,
    updatedAt: createdAt,
    cancelledAt: null,
    cancelReason: null,
    deletedAt: null,
    test: false,
    financialStatus: 'PAID',
    sourceName: 'web',
    presentmentCurrency: buyer.currency,
    taxesIncluded: shop.shop.taxesIncluded,
    lines: request.lines
      .map((line, index) => buildLine(shop, line, priced.lines[index]))
      .filter((line) => line !== null),
    shipping: priced.shipping,
    shippingDiscounts: shippingDiscountsOf(request),
    shippingTax: priced.shippingTax,
    tip: bagOf({ amountMinor: 0, currency: buyer.currency }, shop.shop.currency),
    received: priced.total,
    discounts: applicationsOf(request),
    refunds: [],
    fulfillments: [],
    fulfillmentStatus: 'UNFULFILLED',
    billingAddress: buyer.address,
    shippingAddress: buyer.address,
    tags: [],
    edited: false,
  };
}

function buildLine(
  shop: SimShopState,
  chosen: ChosenLine,
  priced: PricedCart['lines'][number] | undefined,
): SimLineItem | null {
  if (!priced) return null;
  return {
    id: shop.nextId(),
    productId: chosen.product.id,
    variantId: chosen.variant.id,
    title: chosen.product.title,
    variantTitle: chosen.variant.title,
    sku: chosen.variant.sku,
    ...(chosen.product.isGiftCard === true ? { isGiftCard: true } : {}),
    quantity: chosen.quantity,
    currentQuantity: chosen.quantity,
    ...priced,
  };
}

function applicationsOf({ applied, priced }: OrderRequest): SimDiscountApplication[] {
  return applied ? [{ code: applied.code, discountId: applied.discount.id, amount: priced.discount }] : [];
}

function shippingDiscountsOf({ applied, automatic, priced }: OrderRequest): SimShippingDiscount[] {
  const amount = priced.shippingDiscount;
  if (amount.presentment.amountMinor === 0) return [];
  if (applied?.discount.isFreeShipping === true) return [{ code: applied.code, title: applied.discount.title, amount }];
  return automatic === undefined ? [] : [{ code: null, title: automatic.title, amount }];
}

function countUse(shop: SimShopState, discountId: number, code: string): void {
  const discount = shop.discounts.get(discountId);
  if (!discount) return;
  const codes = discount.codes.map((one) =>
    one.code.toLowerCase() === code.toLowerCase() ? { ...one, asyncUsageCount: one.asyncUsageCount + 1 } : one,
  );
  shop.save('discount', { ...discount, codes });
}

function nextName(shop: SimShopState): string {
  let last = lastNumbers.get(shop) ?? 1000;
  for (const order of shop.orders.values()) last = Math.max(last, Number(/\d+/.exec(order.name)?.[0] ?? 0));
  lastNumbers.set(shop, last + 1);
  return `#${last + 1}`;
}
