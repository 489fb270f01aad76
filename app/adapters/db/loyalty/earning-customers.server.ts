import type pg from 'pg';

import type { BinaryRows } from '#app/adapters/db/binary-rows.ts';
import { copyOut } from '#app/adapters/db/copy-out.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { AWAITED_STATES } from '#app/adapters/db/loyalty/welcomes.repository.server.ts';
import { LAST_SENT_AT } from '#app/adapters/db/loyalty/earning-orders.server.ts';
import { deriveEarningMoney, remainingOfLineMinor } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { EarningFacts, EarningLine } from '#app/domain/loyalty/accrual/earning-order.ts';
import { withEarlier } from '#app/domain/loyalty/accrual/past-order.ts';
import type { PastOrder, PastRefund } from '#app/domain/loyalty/accrual/past-order.ts';
import type { PastCustomer } from '#app/domain/loyalty/accrual/simulate-program.ts';

/** What is read of a customer, an order and one of its lines, in this order: see `orderOf` and `lineOf`. */
const SELECTED = [
  'o.customer_id',
  'o.order_id',
  'o.processed_at',
  '(o.is_test::int + 2 * (o.deleted_at IS NOT NULL)::int + 4 * (o.cancelled_at IS NOT NULL)::int + 8 * o.taxes_included::int + 16 * (a.customer_id IS NOT NULL)::int)::int2',
  'o.financial_status',
  'o.fulfillment_status',
  'o.currency',
  'o.presentment_currency',
  'o.presentment_subtotal_minor',
  'o.subtotal_minor',
  'o.current_subtotal_minor',
  'o.current_tax_minor',
  'o.shipping_tax_minor',
  'o.current_shipping_minor',
  'o.tip_minor',
  'o.received_minor',
  'o.refunded_minor',
  'o.outstanding_minor',
  'l.line_id',
  'l.product_id',
  'l.quantity::int8',
  'l.current_quantity::int8',
  'l.discounted_total_minor',
  'coalesce(l.is_gift_card, false)',
  'o.paid_at',
  'p.sent_at',
  'r.refunds',
];
const FLAGS = { test: 1, deleted: 2, cancelled: 4, taxesIncluded: 8, awaitsAccount: 16 };
const [CUSTOMER_ID, ORDER_ID, PROCESSED_AT, FLAG_BITS, FINANCIAL_STATUS, FULFILLMENT_STATUS, CURRENCY, PRESENTMENT_CURRENCY] = [0, 1, 2, 3, 4, 5, 6, 7];
const FIRST_AMOUNT = 8;
const [LINE_ID, PRODUCT_ID, QUANTITY, CURRENT_QUANTITY, DISCOUNTED_TOTAL, IS_GIFT_CARD, PAID_AT, FULFILLED_AT, REFUNDS] = [18, 19, 20, 21, 22, 23, 24, 25, 26];

/** Customers of whom it is not certain yet that they have an account: see `loadAwaitingAccounts`. */
const AWAITING = `SELECT c.customer_id FROM customers c
  WHERE c.shop_id = (SELECT current_setting('app.shop_id')::int) AND c.account_state IN ${AWAITED_STATES}
    AND (SELECT s.customer_accounts = 'CLASSIC' FROM shops s WHERE s.shop_id = (SELECT current_setting('app.shop_id')::int))
    AND NOT EXISTS (SELECT FROM loyalty_members m WHERE m.shop_id = c.shop_id AND m.customer_id = c.customer_id AND m.claimed_at IS NOT NULL)`;

interface Question {
  /** Customers who placed an order since are meant. */
  readonly sinceMs: number;
  /** Whether it matters when orders were sent, which is as many rows again. */
  readonly withFulfillments: boolean;
}

const SENT = `SELECT f.order_id, ${LAST_SENT_AT} AS sent_at FROM fulfillments f
  WHERE f.shop_id = (SELECT current_setting('app.shop_id')::int) GROUP BY f.order_id`;
const NOT_ASKED = 'SELECT NULL::bigint AS order_id, NULL::timestamptz AS sent_at WHERE false';

/** `INSTANT:AMOUNT`, in milliseconds and minor units, parted by commas. Grain: order with a refund whose time is known. */
const REFUNDS_OF_ORDERS = `SELECT r.order_id, string_agg((extract(epoch FROM r.created_at) * 1000)::bigint || ':' || r.refunded_minor, ',' ORDER BY r.created_at, r.refund_id) AS refunds
  FROM refunds r WHERE r.shop_id = (SELECT current_setting('app.shop_id')::int) AND r.created_at IS NOT NULL GROUP BY r.order_id`;

/** Grain: order line, or order where it has none; customer by customer, of those who placed an order since an instant. */
function queryOf({ sinceMs, withFulfillments }: Question): string {
  return `SELECT ${SELECTED.join(', ')}
    FROM orders o LEFT JOIN order_lines l ON l.shop_id = o.shop_id AND l.order_id = o.order_id
    LEFT JOIN (${AWAITING}) a ON a.customer_id = o.customer_id
    LEFT JOIN (${withFulfillments ? SENT : NOT_ASKED}) p ON p.order_id = o.order_id
    LEFT JOIN (${REFUNDS_OF_ORDERS}) r ON r.order_id = o.order_id
    WHERE o.shop_id = (SELECT current_setting('app.shop_id')::int) AND o.customer_id IN (
      SELECT customer_id FROM orders WHERE shop_id = (SELECT current_setting('app.shop_id')::int) AND processed_at >= to_timestamp(${sinceMs} / 1000.0))
    ORDER BY o.customer_id, o.order_id, l.line_id`;
}

/**
 * All orders of one customer after the other, of those who placed one since an instant. Guests are not among them, and
 * which collections a product is in is nothing that an order says. The rows are never held: those of one customer are.
 */
export function readCustomersOrders(
  { pool, shop }: { pool: pg.Pool; shop: ShopRef },
  question: Question,
  onCustomer: (customer: PastCustomer) => void,
): Promise<void> {
  return withTenantSnapshot(pool, shop, async (connection) => {
    let orders: PastOrder[] = [];
    let awaitsAccount = false;
    let lines = noLines();
    let [customerId, orderId]: [number | string, number | string] = ['', ''];
    await copyOut(connection, { query: queryOf(question), columnCount: SELECTED.length }, (row) => {
      if (row.idAt(CUSTOMER_ID) !== customerId) {
        if (orders.length > 0) onCustomer({ orders, awaitsAccount });
        orders = [];
        awaitsAccount = (row.smallintAt(FLAG_BITS) & FLAGS.awaitsAccount) !== 0;
        customerId = row.idAt(CUSTOMER_ID);
        orderId = '';
      }
      if (row.idAt(ORDER_ID) !== orderId) {
        orderId = row.idAt(ORDER_ID);
        lines = noLines();
        orders.push(orderOf(row, lines));
      }
      if (row.isNull(LINE_ID)) return;
      lines.now.push(lineOf(row, row.bigintAt(CURRENT_QUANTITY)));
      if (!row.isNull(REFUNDS)) lines.asBought.push(lineOf(row, row.bigintAt(QUANTITY)));
    });
    if (orders.length > 0) onCustomer({ orders, awaitsAccount });
  });
}

/** Of one order, filled while its rows come. */
interface OrderLines {
  readonly now: EarningLine[];
  /** Only of one with refunds. */
  readonly asBought: EarningLine[];
}

const noLines = (): OrderLines => ({ now: [], asBought: [] });

function orderOf(row: BinaryRows, lines: OrderLines): PastOrder {
  const facts = factsOf(row);
  const order = {
    orderId: BigInt(row.idAt(ORDER_ID)),
    customerId: BigInt(row.idAt(CUSTOMER_ID)),
    processedAtMs: row.instantMsAt(PROCESSED_AT),
    paidAtMs: row.isNull(PAID_AT) ? null : row.instantMsAt(PAID_AT),
    fulfilledAtMs: row.isNull(FULFILLED_AT) ? null : row.instantMsAt(FULFILLED_AT),
    financialStatus: facts.financialStatus,
    fulfillmentStatus: row.textAt(FULFILLMENT_STATUS),
    ...deriveEarningMoney(facts),
    lines: lines.now,
  };
  return withEarlier(order, { facts, linesAsBought: lines.asBought, refunds: refundsOf(row) });
}

function refundsOf(row: BinaryRows): PastRefund[] {
  if (row.isNull(REFUNDS)) return [];
  return (row.textAt(REFUNDS) ?? '').split(',').map((refund) => {
    const [atMs, amountMinor] = refund.split(':').map(Number);
    return { atMs: atMs ?? 0, amountMinor: amountMinor ?? 0 };
  });
}

function factsOf(row: BinaryRows): EarningFacts {
  const flags = row.smallintAt(FLAG_BITS);
  const amountAt = (index: number): number => row.bigintAt(FIRST_AMOUNT + index);
  return {
    test: (flags & FLAGS.test) !== 0,
    deleted: (flags & FLAGS.deleted) !== 0,
    // Only that it was is asked.
    cancelledAt: (flags & FLAGS.cancelled) === 0 ? null : 0,
    financialStatus: row.textAt(FINANCIAL_STATUS),
    taxesIncluded: (flags & FLAGS.taxesIncluded) !== 0,
    currency: row.textAt(CURRENCY) ?? '',
    presentmentCurrency: row.textAt(PRESENTMENT_CURRENCY) ?? '',
    presentmentSubtotalMinor: row.isNull(FIRST_AMOUNT) ? null : amountAt(0),
    subtotalMinor: amountAt(1),
    currentSubtotalMinor: amountAt(2),
    currentTaxMinor: amountAt(3),
    currentShippingTaxMinor: amountAt(4),
    currentShippingMinor: amountAt(5),
    tipMinor: amountAt(6),
    totalReceivedMinor: amountAt(7),
    totalRefundedMinor: amountAt(8),
    outstandingMinor: amountAt(9),
  };
}

function lineOf(row: BinaryRows, currentQuantity: number): EarningLine {
  return {
    lineId: BigInt(row.idAt(LINE_ID)),
    productId: row.isNull(PRODUCT_ID) ? null : row.bigintAt(PRODUCT_ID),
    collectionIds: [],
    isGiftCard: row.booleanAt(IS_GIFT_CARD),
    remainingMinor: remainingOfLineMinor({
      quantity: row.bigintAt(QUANTITY),
      currentQuantity,
      discountedTotalMinor: row.bigintAt(DISCOUNTED_TOTAL),
    }),
  };
}
