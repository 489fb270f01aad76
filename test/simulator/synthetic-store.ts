import { sameMoney, type SimCustomer, type SimOrder, type SimShop, type SimStore } from './state.ts';

/** A plain store for tests of the machinery: `orderCount` orders of two lines, every tenth partly refunded. */
export function syntheticStore(
  orderCount: number,
  options: { endsAt?: string; shop?: Partial<SimShop> } = {},
): SimStore {
  const endMs = Date.parse(options.endsAt ?? '2026-11-01T00:00:00.000Z');
  const customerCount = Math.max(1, Math.ceil(orderCount / 3));
  const at = (index: number): string => new Date(endMs - (orderCount - index) * 3_600_000).toISOString();
  return {
    shop: {
      id: 1,
      domain: 'synthetic.myshopify.com',
      name: 'Synthetic',
      email: 'owner@example.com',
      currency: 'EUR',
      ianaTimezone: 'Europe/Berlin',
      primaryLocale: 'en',
      locales: ['en'],
      planName: 'Basic',
      customerAccounts: 'NEW_CUSTOMER_ACCOUNTS',
      taxesIncluded: true,
      createdAt: '2020-01-01T00:00:00.000Z',
      ...options.shop,
    },
    products: [
      {
        id: 10,
        title: 'Tea',
        handle: 'tea',
        productType: 'Drinks',
        vendor: 'Leaf',
        createdAt: '2020-01-01T00:00:00.000Z',
        variants: [{ id: 11, title: 'Small', sku: 'TEA-S', priceMinor: 1000 }],
      },
    ],
    customers: Array.from({ length: customerCount }, (_, index) => syntheticCustomer(100 + index)),
    orders: Array.from({ length: orderCount }, (_, index) =>
      syntheticOrder(1_000_000 + index * 10, {
        name: `#${1001 + index}`,
        customerId: 100 + (index % customerCount),
        at: at(index),
        isRefunded: index % 10 === 0,
      }),
    ),
  };
}

export function syntheticCustomer(id: number): SimCustomer {
  return {
    id,
    email: `buyer${id}@example.com`,
    phone: null,
    firstName: 'Buyer',
    lastName: String(id),
    locale: 'en',
    state: 'ENABLED',
    createdAt: '2020-01-01T00:00:00.000Z',
    updatedAt: '2020-01-01T00:00:00.000Z',
    tags: [],
    marketingState: 'SUBSCRIBED',
    defaultAddress: { countryCode: 'DE', provinceCode: null, city: 'Berlin', zip: '10115' },
    mergedIntoId: null,
    deletedAt: null,
  };
}

/** Two pieces at 10.00 and one at 5.00 less 1.00, shipping 3.00, tax included. */
export function syntheticOrder(
  id: number,
  options: { name?: string; customerId?: number | null; at?: string; isRefunded?: boolean } = {},
): SimOrder {
  const at = options.at ?? '2026-10-01T10:00:00.000Z';
  const isRefunded = options.isRefunded ?? false;
  return {
    id,
    name: options.name ?? `#${id}`,
    customerId: options.customerId ?? null,
    email: 'buyer@example.com',
    locale: 'en',
    createdAt: at,
    processedAt: at,
    updatedAt: at,
    cancelledAt: null,
    cancelReason: null,
    deletedAt: null,
    test: false,
    financialStatus: isRefunded ? 'PARTIALLY_REFUNDED' : 'PAID',
    sourceName: 'web',
    presentmentCurrency: 'EUR',
    taxesIncluded: true,
    lines: [line(id + 1, 2, isRefunded ? 1 : 2, 1000, 0), line(id + 2, 1, 1, 500, 100)],
    shipping: sameMoney(300, 'EUR'),
    shippingTax: sameMoney(48, 'EUR'),
    tip: sameMoney(0, 'EUR'),
    received: sameMoney(2700, 'EUR'),
    discounts: [],
    refunds: isRefunded
      ? [
          {
            id: id + 3,
            createdAt: at,
            note: null,
            lines: [{ lineItemId: id + 1, quantity: 1, subtotal: sameMoney(1000, 'EUR'), tax: sameMoney(160, 'EUR') }],
            shipping: sameMoney(0, 'EUR'),
            total: sameMoney(1000, 'EUR'),
          },
        ]
      : [],
    fulfillments: [{ id: id + 4, createdAt: at, deliveredAt: at, status: 'SUCCESS' }],
    fulfillmentStatus: 'FULFILLED',
    billingAddress: { countryCode: 'DE', provinceCode: null, city: 'Berlin', zip: '10115' },
    shippingAddress: { countryCode: 'DE', provinceCode: null, city: 'Berlin', zip: '10115' },
    tags: [],
    edited: false,
  };
}

function line(
  id: number,
  quantity: number,
  currentQuantity: number,
  unitMinor: number,
  discountMinor: number,
): SimOrder['lines'][number] {
  return {
    id,
    productId: 10,
    variantId: 11,
    title: 'Tea',
    variantTitle: 'Small',
    sku: 'TEA-S',
    quantity,
    currentQuantity,
    unitPrice: sameMoney(unitMinor, 'EUR'),
    discount: sameMoney(discountMinor, 'EUR'),
    tax: sameMoney(160 * quantity, 'EUR'),
  };
}
