import { describe, expect, it } from 'vitest';
import { computeOrderMoney, type OrderMoney } from './order-money.ts';
import { sameMoney, type SimMoneyBag, type SimOrder } from './state.ts';
import { syntheticOrder } from './synthetic-store.ts';

/** 20.00 + 5.00 - 1.00 of goods, 3.00 shipping, everything paid, tax included. */
const order = syntheticOrder(1000);

function shopMinor(bag: SimMoneyBag): number {
  return bag.shop.amountMinor;
}

function pick<K extends keyof OrderMoney>(of: SimOrder, ...names: K[]): Record<string, number> {
  const money = computeOrderMoney(of);
  return Object.fromEntries(names.map((name) => [name, shopMinor(money[name])]));
}

function withRefund(lines: SimOrder['refunds'][number]['lines'], shippingMinor: number, totalMinor: number): SimOrder {
  const refund = {
    id: 1003,
    createdAt: order.createdAt,
    note: null,
    lines,
    shipping: sameMoney(shippingMinor, 'EUR'),
    total: sameMoney(totalMinor, 'EUR'),
  };
  const returned = new Map(lines.map((line) => [line.lineItemId, line.quantity]));
  return {
    ...order,
    refunds: [refund],
    lines: order.lines.map((line) => ({
      ...line,
      currentQuantity: line.currentQuantity - (returned.get(line.id) ?? 0),
    })),
  };
}

const oneTea = { lineItemId: 1001, quantity: 1, subtotal: sameMoney(1000, 'EUR'), tax: sameMoney(160, 'EUR') };

describe('the money of an order', () => {
  it('adds lines after discounts, shipping and tip, with the tax inside when it is included', () => {
    const tipped = { ...order, tip: sameMoney(50, 'EUR') };
    expect(pick(tipped, 'subtotal', 'totalShipping', 'totalTip', 'totalTax', 'totalPrice', 'totalDiscounts')).toEqual({
      subtotal: 2400,
      totalShipping: 300,
      totalTip: 50,
      totalTax: 528,
      totalPrice: 2750,
      totalDiscounts: 100,
    });
  });

  it('puts the tax on top when it is not included', () => {
    const net = { ...order, taxesIncluded: false };
    expect(pick(net, 'totalPrice', 'currentTotalPrice')).toEqual({ totalPrice: 3228, currentTotalPrice: 3228 });
  });

  it('takes a returned piece out of the current subtotal, its tax and the net payment, and owes nothing', () => {
    const returned = withRefund([oneTea], 0, 1000);
    expect(
      pick(
        returned,
        'subtotal',
        'currentSubtotal',
        'currentTotalTax',
        'currentTotalPrice',
        'netPayment',
        'totalOutstanding',
      ),
    ).toEqual({
      subtotal: 2400,
      currentSubtotal: 1400,
      currentTotalTax: 368,
      currentTotalPrice: 1700,
      netPayment: 1700,
      totalOutstanding: 0,
    });
  });

  it('lets a free refund lower the net payment alone', () => {
    const generous = withRefund([], 0, 500);
    expect(
      pick(generous, 'currentSubtotal', 'currentTotalPrice', 'netPayment', 'totalOutstanding', 'refundDiscrepancy'),
    ).toEqual({
      currentSubtotal: 2400,
      currentTotalPrice: 2700,
      netPayment: 2200,
      totalOutstanding: 0,
      refundDiscrepancy: -500,
    });
  });

  it('returns the shipping with its tax when the price is net', () => {
    const net = { ...withRefund([], 300, 348), taxesIncluded: false };
    expect(pick(net, 'currentShipping', 'currentTotalTax', 'refundDiscrepancy', 'totalRefundedShipping')).toEqual({
      currentShipping: 0,
      currentTotalTax: 480,
      refundDiscrepancy: 0,
      totalRefundedShipping: 300,
    });
  });

  it('gives an edit its share of the line, and leaves what was paid for it as overpaid', () => {
    const edited = {
      ...order,
      edited: true,
      lines: order.lines.map((line) => (line.id === 1001 ? { ...line, currentQuantity: 1 } : line)),
    };
    expect(pick(edited, 'subtotal', 'currentSubtotal', 'totalOutstanding')).toEqual({
      subtotal: 2400,
      currentSubtotal: 1400,
      totalOutstanding: -1000,
    });
  });

  it('leaves exactly nothing of an order that was returned whole', () => {
    const twoTeas = { ...oneTea, quantity: 2, subtotal: sameMoney(2000, 'EUR'), tax: sameMoney(320, 'EUR') };
    const rest = { lineItemId: 1002, quantity: 1, subtotal: sameMoney(400, 'EUR'), tax: sameMoney(160, 'EUR') };
    const money = computeOrderMoney(withRefund([twoTeas, rest], 300, 2700));
    const left = [money.currentSubtotal, money.currentTotalTax, money.currentTotalPrice, money.netPayment];
    expect(left.map(shopMinor)).toEqual([0, 0, 0, 0]);
  });

  it('owes what was not paid, and nothing once it is cancelled', () => {
    const unpaid = { ...order, received: sameMoney(0, 'EUR'), financialStatus: 'PENDING' };
    expect(pick(unpaid, 'totalOutstanding')).toEqual({ totalOutstanding: 2700 });
    const lines = unpaid.lines.map((line) => ({ ...line, currentQuantity: 0 }));
    const cancelled = { ...unpaid, lines, cancelledAt: order.createdAt, financialStatus: 'VOIDED' };
    expect(pick(cancelled, 'totalOutstanding', 'currentTotalPrice')).toEqual({
      totalOutstanding: 0,
      currentTotalPrice: 0,
    });
  });
});
