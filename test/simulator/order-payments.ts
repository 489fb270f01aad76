import { computeOrderMoney } from './order-money.ts';
import type { SimMoneyBag, SimOrder } from './state.ts';

/** A movement of an order's money, or the attempt at one. */
export interface SimTransaction {
  id: number;
  kind: 'SALE' | 'AUTHORIZATION' | 'CAPTURE' | 'REFUND' | 'VOID';
  status: 'SUCCESS' | 'PENDING' | 'FAILURE';
  createdAt: string;
  /** Null where nobody has dealt with it yet. */
  processedAt: string | null;
  amount: SimMoneyBag;
}

/** Ids of what follows from the rest of an order, beside its own: ids grow in larger steps. */
const PAYMENT = 1;
const FIRST_REFUND = 2;

/** All that Shopify lists among the transactions of an order: what was paid, or tried, and what went back. */
export function transactionsOf(order: SimOrder): SimTransaction[] {
  const refunds = order.refunds.map(
    (refund, index): SimTransaction => ({
      id: order.id * 100 + FIRST_REFUND + index,
      kind: 'REFUND',
      status: 'SUCCESS',
      createdAt: refund.createdAt,
      processedAt: refund.createdAt,
      amount: refund.total,
    }),
  );
  return [...paymentsOf(order), ...refunds];
}

/** As they were told, or else the one that the order's state and the money that was received speak of. */
export function paymentsOf(order: SimOrder): SimTransaction[] {
  if (order.payments !== undefined) return order.payments;
  const { id, createdAt, processedAt, received } = order;
  const one = { id: id * 100 + PAYMENT, createdAt, processedAt };
  if (received.shop.amountMinor > 0) return [{ ...one, kind: 'SALE', status: 'SUCCESS', amount: received }];
  const held = { ...one, amount: computeOrderMoney(order).totalPrice };
  if (['AUTHORIZED', 'EXPIRED', 'VOIDED'].includes(order.financialStatus)) return [{ ...held, kind: 'AUTHORIZATION', status: 'SUCCESS' }];
  return order.financialStatus === 'PENDING' ? [{ ...held, kind: 'SALE', status: 'PENDING', processedAt: null }] : [];
}
