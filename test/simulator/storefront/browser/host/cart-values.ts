import type { HostCart, HostLine } from './host-data.ts';

/** The values of `lines`, `discountCodes` and `cost` as Shopify gives them, for a cart and for a placed order. */
export function cartValues({ lines, discountCodes, discountAllocations }: HostCart): Record<string, unknown> {
  return { lines: lines.map(cartLine), discountCodes, discountAllocations };
}

export function costValues({ cost }: HostCart): Record<string, unknown> {
  return {
    subtotalAmount: cost.subtotal,
    totalShippingAmount: cost.shipping,
    totalTaxAmount: cost.tax,
    totalAmount: cost.total,
  };
}

function cartLine(line: HostLine): Record<string, unknown> {
  return {
    id: line.id,
    quantity: line.quantity,
    cost: { totalAmount: line.total },
    attributes: [],
    discountAllocations: [],
    lineComponents: [],
    parentRelationship: null,
    merchandise: {
      type: 'variant',
      id: line.id,
      title: line.title,
      subtitle: line.subtitle ?? undefined,
      selectedOptions: [],
      product: { id: line.productId, vendor: '', productType: '' },
      requiresShipping: line.requiresShipping,
    },
  };
}
