import type { SimTransaction } from '../../order-payments.ts';
import type { SimLineItem, SimMoneyBag, SimOrder, SimRefund } from '../../state.ts';
import type { OrderDraft } from './order-draft.ts';
import { allocateMinor } from '../money-arithmetic.ts';

export interface OrderIdentity {
  id: number;
  customerId: number | null;
  locale: string;
  nextId: () => number;
}

export interface FinishedOrder {
  order: SimOrder;
  hasAdjustment: boolean;
}

interface Totals {
  goodsMinor: number;
  subtotalMinor: number;
  shippingMinor: number;
  taxesIncluded: boolean;
  tipMinor: number;
  totalMinor: number;
}

type Report = (message: string) => void;

/**
 * Makes subtotal, shipping, taxes and tip agree with Total. Taxes are inside the prices when Subtotal + Shipping
 * already reach Total; what Total has beyond them is the tip. A discount that no line carries was on shipping.
 */
function settleTotals(draft: OrderDraft, report: Report): Totals {
  const goodsMinor = draft.lines.reduce((sum, line) => sum + line.quantity * line.unitMinor, 0);
  const subtotalMinor = draft.subtotalMinor ?? Math.max(0, goodsMinor - draft.discountMinor);
  const { taxesMinor } = draft;
  const plainMinor = subtotalMinor + draft.shippingMinor;
  const settled = { goodsMinor, subtotalMinor, shippingMinor: draft.shippingMinor, tipMinor: 0 };
  const totalMinor = draft.totalMinor ?? plainMinor + taxesMinor;
  if (taxesMinor > 0 && totalMinor === plainMinor) return { ...settled, taxesIncluded: true, totalMinor };
  if (totalMinor >= plainMinor + taxesMinor) {
    return { ...settled, taxesIncluded: false, tipMinor: totalMinor - plainMinor - taxesMinor, totalMinor };
  }
  const onShippingMinor = Math.min(
    draft.shippingMinor,
    Math.max(0, draft.discountMinor - Math.max(0, goodsMinor - subtotalMinor)),
  );
  for (const addedMinor of [taxesMinor, 0]) {
    if (onShippingMinor > 0 && totalMinor === plainMinor + addedMinor - onShippingMinor) {
      const shippingMinor = draft.shippingMinor - onShippingMinor;
      return { ...settled, shippingMinor, taxesIncluded: addedMinor === 0 && taxesMinor > 0, totalMinor };
    }
  }
  const taxesIncluded = taxesMinor > 0;
  if (totalMinor > plainMinor) return { ...settled, taxesIncluded, tipMinor: totalMinor - plainMinor, totalMinor };
  const missingMinor = plainMinor - totalMinor;
  report('Total is less than Subtotal and Shipping; Total and Subtotal are kept.');
  return { ...settled, shippingMinor: Math.max(0, draft.shippingMinor - missingMinor), taxesIncluded, totalMinor };
}

function receivedMinor(draft: OrderDraft, totalMinor: number, report: Report): number {
  switch (draft.financialStatus) {
    case 'PAID':
    case 'REFUNDED':
    case 'PARTIALLY_REFUNDED':
      return totalMinor;
    case 'AUTHORIZED':
    case 'EXPIRED':
    case 'PENDING':
    case 'VOIDED':
      return 0;
    case 'PARTIALLY_PAID':
      if (draft.outstandingMinor !== null) return Math.max(0, totalMinor - draft.outstandingMinor);
      report('Outstanding Balance is absent, so that nothing is taken as paid of this partially paid order.');
      return 0;
    default:
      return draft.paidMs === null ? 0 : totalMinor;
  }
}

function returnedMinor(draft: OrderDraft, paidMinor: number, report: Report): number {
  const stated = draft.refundedMinor ?? 0;
  if (stated > paidMinor) {
    report('Refunded Amount is more than was paid; the refund is what was paid.');
    return paidMinor;
  }
  if (draft.financialStatus === 'REFUNDED' && stated === 0 && paidMinor > 0) {
    if (draft.refundedMinor !== null)
      report('Refunded Amount is zero on a refunded order; all of it counts as returned.');
    return paidMinor;
  }
  if (draft.financialStatus === 'PARTIALLY_REFUNDED' && stated === 0) {
    report('Refunded Amount is missing on a partially refunded order; no refund is recorded.');
  }
  return stated;
}

function finishLines(
  draft: OrderDraft,
  totals: Totals,
  money: (minor: number) => SimMoneyBag,
  nextId: () => number,
): SimLineItem[] {
  const { goodsMinor, subtotalMinor } = totals;
  const grossMinor = draft.lines.map((line) => line.quantity * line.unitMinor);
  const discounts = allocateMinor(Math.max(0, goodsMinor - subtotalMinor), grossMinor);
  const adjustmentMinor = Math.max(0, subtotalMinor - goodsMinor);
  const netMinor = grossMinor.map((gross, index) => gross - (discounts[index] ?? 0));
  const taxes = allocateMinor(draft.taxesMinor, adjustmentMinor > 0 ? [...netMinor, adjustmentMinor] : netMinor);
  const units = (quantity: number) => ({ quantity, currentQuantity: draft.cancelledMs === null ? quantity : 0 });
  const lines = draft.lines.map(
    ({ item, title, quantity, unitMinor }, index): SimLineItem => ({
      id: nextId(),
      productId: item.product.id,
      variantId: item.variant.id,
      title,
      variantTitle: null,
      sku: item.variant.sku,
      ...units(quantity),
      unitPrice: money(unitMinor),
      discount: money(discounts[index] ?? 0),
      tax: money(taxes[index] ?? 0),
    }),
  );
  if (adjustmentMinor > 0) {
    const none = { productId: null, variantId: null, variantTitle: null, sku: null };
    lines.push({
      id: nextId(),
      ...none,
      title: 'Adjustment',
      ...units(1),
      unitPrice: money(adjustmentMinor),
      discount: money(0),
      tax: money(taxes.at(-1) ?? 0),
    });
  }
  return lines;
}

/** An export knows one instant of payment, however often money came. */
function paymentAt(paidMs: number, { nextId }: OrderIdentity, amount: SimMoneyBag): SimTransaction {
  const at = new Date(paidMs).toISOString();
  return { id: nextId(), kind: 'SALE', status: 'SUCCESS', createdAt: at, processedAt: at, amount };
}

/** An order whose amounts agree to the minor unit with what its file says of it; Subtotal and Total outrank lines. */
export function finishOrder(
  draft: OrderDraft,
  identity: OrderIdentity,
  money: (minor: number) => SimMoneyBag,
  report: Report,
): FinishedOrder {
  const totals = settleTotals(draft, report);
  const paidMinor = receivedMinor(draft, totals.totalMinor, report);
  const backMinor = returnedMinor(draft, paidMinor, report);
  const at = (ms: number) => new Date(ms).toISOString();
  const createdAt = at(draft.createdMs);
  const lines = finishLines(draft, totals, money, identity.nextId);
  // An export does not say when money went back.
  const refunds: SimRefund[] =
    backMinor === 0
      ? []
      : [
          {
            id: identity.nextId(),
            createdAt: at(draft.cancelledMs ?? draft.createdMs),
            note: null,
            lines: [],
            shipping: money(0),
            total: money(backMinor),
          },
        ];
  const codeParts = allocateMinor(
    draft.discountMinor,
    draft.discountCodes.map(() => 1),
  );
  const latestMs = Math.max(draft.createdMs, draft.paidMs ?? 0, draft.fulfilledMs ?? 0, draft.cancelledMs ?? 0);
  const order: SimOrder = {
    id: identity.id,
    name: draft.name,
    customerId: identity.customerId,
    email: draft.email,
    locale: identity.locale,
    createdAt,
    processedAt: createdAt,
    updatedAt: at(latestMs),
    cancelledAt: draft.cancelledMs === null ? null : at(draft.cancelledMs),
    cancelReason: draft.cancelledMs === null ? null : 'OTHER',
    deletedAt: null,
    test: false,
    financialStatus: draft.financialStatus,
    sourceName: draft.source,
    presentmentCurrency: draft.currency,
    taxesIncluded: totals.taxesIncluded,
    lines,
    shipping: money(totals.shippingMinor),
    // Without lines to carry it, tax can only have been on shipping.
    shippingTax: money(lines.length === 0 ? draft.taxesMinor : 0),
    tip: money(totals.tipMinor),
    received: money(paidMinor),
    ...(draft.paidMs === null || paidMinor === 0 ? {} : { payments: [paymentAt(draft.paidMs, identity, money(paidMinor))] }),
    discounts: draft.discountCodes.map((code, index) => ({
      code,
      discountId: null,
      amount: money(codeParts[index] ?? 0),
    })),
    refunds,
    fulfillments:
      draft.fulfilledMs === null
        ? []
        : [{ id: identity.nextId(), createdAt: at(draft.fulfilledMs), deliveredAt: null, status: 'SUCCESS' }],
    fulfillmentStatus: draft.fulfillmentStatus,
    billingAddress: draft.billing,
    shippingAddress: draft.shippingAddress,
    tags: draft.tags,
    edited: false,
  };
  return { order, hasAdjustment: totals.subtotalMinor > totals.goodsMinor };
}
