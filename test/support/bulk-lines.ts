/** Lines of a bulk file as our queries ask for them, for tests that write such files themselves. */

const money = (amount: string, currencyCode = 'EUR') => ({ shopMoney: { amount, currencyCode } });

export function bulkOrder(id: number | string, overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: `gid://shopify/Order/${id}`,
    name: `#${id}`,
    createdAt: '2026-03-01T10:00:00Z',
    processedAt: '2026-03-01T10:00:00Z',
    updatedAt: '2026-03-02T10:00:00Z',
    cancelledAt: null,
    test: false,
    displayFinancialStatus: 'PAID',
    displayFulfillmentStatus: 'FULFILLED',
    sourceName: 'web',
    currencyCode: 'EUR',
    presentmentCurrencyCode: 'EUR',
    taxesIncluded: true,
    discountCodes: ['SPRING'],
    customer: { id: 'gid://shopify/Customer/7' },
    shippingAddress: { countryCodeV2: 'DE', provinceCode: null },
    billingAddress: null,
    subtotalPriceSet: { ...money('24.0'), presentmentMoney: { amount: '24.0', currencyCode: 'EUR' } },
    currentSubtotalPriceSet: money('14.0'),
    currentTotalTaxSet: money('2.24'),
    currentShippingPriceSet: money('3.0'),
    shippingLine: { discountedPriceSet: money('3.0'), taxLines: [{ priceSet: money('0.48') }], discountAllocations: [] },
    totalTipReceivedSet: money('0.0'),
    currentTotalPriceSet: money('17.0'),
    totalReceivedSet: money('27.0'),
    totalRefundedSet: money('10.0'),
    totalOutstandingSet: money('0.0'),
    refunds: [{ id: `gid://shopify/Refund/${id}1`, createdAt: '2026-03-02T10:00:00Z', totalRefundedSet: money('10.0') }],
    fulfillments: [
      { id: `gid://shopify/Fulfillment/${id}2`, status: 'SUCCESS', createdAt: '2026-03-01T12:00:00Z', deliveredAt: null },
    ],
    transactions: [
      { kind: 'AUTHORIZATION', status: 'SUCCESS', processedAt: '2026-03-01T10:00:00Z' },
      { kind: 'CAPTURE', status: 'SUCCESS', processedAt: '2026-03-01T11:00:00Z' },
    ],
    ...overrides,
  };
}

export function bulkLine(orderId: number | string, lineId: number | string, overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: `gid://shopify/LineItem/${lineId}`,
    title: 'Tea',
    sku: 'TEA-S',
    quantity: 2,
    currentQuantity: 1,
    product: { id: 'gid://shopify/Product/10' },
    variant: { id: 'gid://shopify/ProductVariant/11' },
    originalTotalSet: money('20.0'),
    discountedTotalSet: money('19.0'),
    isGiftCard: false,
    __parentId: `gid://shopify/Order/${orderId}`,
    ...overrides,
  };
}

export function bulkCustomer(id: number | string, overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: `gid://shopify/Customer/${id}`,
    createdAt: '2026-03-01T10:00:00Z',
    updatedAt: '2026-03-02T10:00:00Z',
    state: 'DISABLED',
    locale: 'en',
    numberOfOrders: '1',
    statistics: { rfmGroup: 'ACTIVE' },
    ...overrides,
  };
}

export function jsonLines(objects: readonly unknown[]): string {
  return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
}
