import { fixedDecimal } from './currency-amount.ts';
import { toGid } from './global-id.ts';
import { computeOrderMoney, lineNet } from './order-money.ts';
import type { ShopStore } from './shop-store.ts';
import type { SimAddress, SimCustomer, SimLineItem, SimMoneyBag, SimOrder, SimRefund } from './state.ts';

export type Payload = Record<string, unknown>;

/** The REST shapes that webhooks still carry. Fields that the store does not know are null or left out. */
export function orderPayload(store: ShopStore, order: SimOrder): Payload {
  const money = computeOrderMoney(order);
  const customer = order.customerId === null ? undefined : store.customers.get(order.customerId);
  const number = Number(order.name.replace(/\D/g, '')) || order.id;
  return {
    id: order.id,
    admin_graphql_api_id: toGid('Order', order.id),
    name: order.name,
    number,
    order_number: number,
    email: order.email,
    contact_email: order.email,
    customer_locale: order.locale,
    created_at: order.createdAt,
    processed_at: order.processedAt,
    updated_at: order.updatedAt,
    cancelled_at: order.cancelledAt,
    cancel_reason: order.cancelReason?.toLowerCase() ?? null,
    test: order.test,
    confirmed: true,
    currency: order.shipping.shop.currency,
    presentment_currency: order.presentmentCurrency,
    financial_status: order.financialStatus.toLowerCase(),
    fulfillment_status: order.fulfillmentStatus === 'UNFULFILLED' ? null : order.fulfillmentStatus.toLowerCase(),
    source_name: order.sourceName,
    tags: order.tags.join(', '),
    taxes_included: order.taxesIncluded,
    ...priced('subtotal_price', money.subtotal),
    ...priced('current_subtotal_price', money.currentSubtotal),
    ...priced('total_price', money.totalPrice),
    ...priced('current_total_price', money.currentTotalPrice),
    ...priced('total_tax', money.totalTax),
    ...priced('current_total_tax', money.currentTotalTax),
    ...priced('total_discounts', money.totalDiscounts),
    ...priced('current_total_discounts', money.currentTotalDiscounts),
    total_shipping_price_set: bagPayload(money.totalShipping),
    total_outstanding: fixedDecimal(money.totalOutstanding.shop),
    total_tip_received: fixedDecimal(money.totalTip.shop),
    discount_codes: order.discounts.map((discount) => ({
      code: discount.code,
      amount: fixedDecimal(discount.amount.shop),
      type: 'percentage',
    })),
    line_items: order.lines.map(linePayload),
    refunds: order.refunds.map((refund) => refundPayload(order, refund)),
    fulfillments: order.fulfillments.map((fulfillment) => ({
      id: fulfillment.id,
      order_id: order.id,
      created_at: fulfillment.createdAt,
      status: fulfillment.status.toLowerCase(),
    })),
    billing_address: addressPayload(order.billingAddress),
    shipping_address: addressPayload(order.shippingAddress),
    customer: customer ? customerPayload(customer) : null,
  };
}

export function refundPayload(order: SimOrder, refund: SimRefund): Payload {
  return {
    id: refund.id,
    admin_graphql_api_id: toGid('Refund', refund.id),
    order_id: order.id,
    created_at: refund.createdAt,
    processed_at: refund.createdAt,
    note: refund.note,
    refund_line_items: refund.lines.map((line, index) => ({
      id: refund.id * 100 + index,
      line_item_id: line.lineItemId,
      quantity: line.quantity,
      ...priced('subtotal', line.subtotal),
      ...priced('total_tax', line.tax),
    })),
    transactions: [
      {
        id: refund.id * 100 + 99,
        order_id: order.id,
        kind: 'refund',
        status: 'success',
        amount: fixedDecimal(refund.total.shop),
        currency: refund.total.shop.currency,
        created_at: refund.createdAt,
      },
    ],
    order_adjustments: [],
  };
}

export function customerPayload(customer: SimCustomer): Payload {
  return {
    id: customer.id,
    admin_graphql_api_id: toGid('Customer', customer.id),
    email: customer.email,
    phone: customer.phone,
    first_name: customer.firstName,
    last_name: customer.lastName,
    state: customer.state.toLowerCase(),
    created_at: customer.createdAt,
    updated_at: customer.updatedAt,
    tags: customer.tags.join(', '),
    verified_email: true,
    email_marketing_consent: {
      state: customer.marketingState.toLowerCase(),
      opt_in_level: 'single_opt_in',
      consent_updated_at: null,
    },
    default_address: addressPayload(customer.defaultAddress),
  };
}

export function shopPayload(store: ShopStore): Payload {
  const { shop } = store;
  return {
    id: shop.id,
    name: shop.name,
    email: shop.email,
    domain: shop.domain,
    myshopify_domain: shop.domain,
    currency: shop.currency,
    iana_timezone: shop.ianaTimezone,
    primary_locale: shop.primaryLocale,
    plan_name: shop.planName.toLowerCase(),
    plan_display_name: shop.planName,
    taxes_included: shop.taxesIncluded,
    created_at: shop.createdAt,
    updated_at: shop.createdAt,
  };
}

function linePayload(line: SimLineItem): Payload {
  return {
    id: line.id,
    admin_graphql_api_id: toGid('LineItem', line.id),
    product_id: line.productId,
    variant_id: line.variantId,
    title: line.title,
    variant_title: line.variantTitle,
    name: line.variantTitle === null ? line.title : `${line.title} - ${line.variantTitle}`,
    sku: line.sku,
    quantity: line.quantity,
    current_quantity: line.currentQuantity,
    ...priced('price', line.unitPrice),
    ...priced('total_discount', line.discount),
    discounted_total_set: bagPayload(lineNet(line)),
  };
}

function addressPayload(address: SimAddress | null): Payload | null {
  if (address === null) return null;
  return {
    country_code: address.countryCode,
    province_code: address.provinceCode,
    city: address.city,
    zip: address.zip,
  };
}

function priced(name: string, bag: SimMoneyBag): Payload {
  return { [name]: fixedDecimal(bag.shop), [`${name}_set`]: bagPayload(bag) };
}

function bagPayload(bag: SimMoneyBag): Payload {
  return {
    shop_money: { amount: fixedDecimal(bag.shop), currency_code: bag.shop.currency },
    presentment_money: { amount: fixedDecimal(bag.presentment), currency_code: bag.presentment.currency },
  };
}
