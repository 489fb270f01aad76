import { addBags, shareOfBag, subtractBags, zeroBag } from './currency-amount.ts';
import type { SimLineItem, SimMoneyBag, SimOrder, SimRefund } from './state.ts';

/**
 * Every total that Shopify prints for an order, each in both currencies. They reconcile:
 * `totalPrice = subtotal + shipping + tip (+ tax unless included)`, the same for the `current…` set, and
 * `netPayment = received - refunded`.
 */
export interface OrderMoney {
  /** Lines after discounts, as ordered. */
  subtotal: SimMoneyBag;
  totalDiscounts: SimMoneyBag;
  totalTax: SimMoneyBag;
  /** Before discounts and returns. */
  totalShipping: SimMoneyBag;
  totalPrice: SimMoneyBag;
  /** Lines after discounts, without what was edited out or returned. A refund's free amount is not in here. */
  currentSubtotal: SimMoneyBag;
  currentTotalDiscounts: SimMoneyBag;
  currentTotalTax: SimMoneyBag;
  currentShipping: SimMoneyBag;
  currentTotalPrice: SimMoneyBag;
  totalReceived: SimMoneyBag;
  totalRefunded: SimMoneyBag;
  totalRefundedShipping: SimMoneyBag;
  netPayment: SimMoneyBag;
  /** Still owed by the buyer; money that was refunded freely is never owed. */
  totalOutstanding: SimMoneyBag;
  totalTip: SimMoneyBag;
  /** Value of the returned parts less the money returned: negative when the merchant gave more. */
  refundDiscrepancy: SimMoneyBag;
}

/** Gross price of the ordered quantity less its discounts. */
export function lineNet(line: SimLineItem): SimMoneyBag {
  return subtractBags(lineGross(line), line.discount);
}

export function lineGross(line: SimLineItem): SimMoneyBag {
  const { shop, presentment } = line.unitPrice;
  return {
    shop: { amountMinor: shop.amountMinor * line.quantity, currency: shop.currency },
    presentment: { amountMinor: presentment.amountMinor * line.quantity, currency: presentment.currency },
  };
}

export function computeOrderMoney(order: SimOrder): OrderMoney {
  const zero = zeroBag(order.shipping.shop.currency, order.shipping.presentment.currency);
  const sum = (bags: SimMoneyBag[]): SimMoneyBag => addBags(zero, ...bags);
  const withTax = (base: SimMoneyBag, tax: SimMoneyBag): SimMoneyBag =>
    order.taxesIncluded ? base : addBags(base, tax);

  const lines = order.lines.map((line) => currentLine(line, order.refunds));
  const subtotal = sum(order.lines.map(lineNet));
  const totalTax = sum([...order.lines.map((line) => line.tax), order.shippingTax]);
  const totalPrice = withTax(addBags(subtotal, order.shipping, order.tip), totalTax);

  const offShipping = (order.shippingDiscounts ?? []).map(({ amount }) => amount);
  const totalRefundedShipping = sum(order.refunds.map((refund) => refund.shipping));
  const isSettled = order.cancelledAt !== null || order.financialStatus === 'VOIDED';
  // An order that was cancelled before it was paid is worth nothing any more, its shipping included.
  const isVoid = isSettled && order.received.shop.amountMinor === 0;
  const currentShipping = isVoid ? zero : subtractBags(order.shipping, totalRefundedShipping);
  const currentShippingTax = proportional(order.shippingTax, currentShipping, order.shipping);
  const currentSubtotal = sum(lines.map((line) => line.net));
  const currentTotalTax = sum([...lines.map((line) => line.tax), currentShippingTax]);
  const currentTotalPrice = withTax(addBags(currentSubtotal, currentShipping, order.tip), currentTotalTax);

  const totalRefunded = sum(order.refunds.map((refund) => refund.total));
  const netPayment = subtractBags(order.received, totalRefunded);
  const returnedLines = sum(lines.map((line) => withTax(line.returned, line.returnedTax)));
  const returnedShippingTax = isVoid ? zero : subtractBags(order.shippingTax, currentShippingTax);
  const returned = addBags(returnedLines, withTax(totalRefundedShipping, returnedShippingTax));

  return {
    subtotal,
    totalDiscounts: sum([...order.lines.map((line) => line.discount), ...offShipping]),
    totalTax,
    totalShipping: addBags(order.shipping, ...offShipping),
    totalPrice,
    currentSubtotal,
    currentTotalDiscounts: sum(
      order.lines.map((line) => shareOfBag(line.discount, line.currentQuantity, line.quantity)),
    ),
    currentTotalTax,
    currentShipping,
    currentTotalPrice,
    totalReceived: order.received,
    totalRefunded,
    totalRefundedShipping,
    netPayment,
    totalOutstanding: isSettled ? zero : subtractBags(addBags(currentTotalPrice, returned), order.received),
    totalTip: order.tip,
    refundDiscrepancy: subtractBags(returned, totalRefunded),
  };
}

interface CurrentLine {
  net: SimMoneyBag;
  tax: SimMoneyBag;
  returned: SimMoneyBag;
  returnedTax: SimMoneyBag;
}

/**
 * A refund line says what was returned to the penny. What is missing beyond that was edited out and takes its share
 * of the ordered amount, so that an edit to nothing leaves exactly nothing.
 */
function currentLine(line: SimLineItem, refunds: readonly SimRefund[]): CurrentLine {
  const zero = zeroBag(line.unitPrice.shop.currency, line.unitPrice.presentment.currency);
  const refundLines = refunds.flatMap((refund) => refund.lines.filter((item) => item.lineItemId === line.id));
  const returned = addBags(zero, ...refundLines.map((item) => item.subtotal));
  const returnedTax = addBags(zero, ...refundLines.map((item) => item.tax));
  const returnedQuantity = refundLines.reduce((quantity, item) => quantity + item.quantity, 0);
  const editedOut = Math.max(0, line.quantity - line.currentQuantity - returnedQuantity);
  const kept = line.quantity - editedOut;
  return {
    net: subtractBags(shareOfBag(lineNet(line), kept, line.quantity), returned),
    tax: subtractBags(shareOfBag(line.tax, kept, line.quantity), returnedTax),
    returned,
    returnedTax,
  };
}

/** `amount × part / whole`, side by side; nothing when the whole is nothing. */
function proportional(amount: SimMoneyBag, part: SimMoneyBag, whole: SimMoneyBag): SimMoneyBag {
  const shop = shareOfBag(amount, part.shop.amountMinor, whole.shop.amountMinor).shop;
  const presentment = shareOfBag(amount, part.presentment.amountMinor, whole.presentment.amountMinor).presentment;
  if (whole.shop.amountMinor === 0) return amount;
  return { shop, presentment };
}
