import type pg from 'pg';

export interface OrderRow {
  orderId: number;
  customerId?: number | null;
  createdAt?: Date;
  isTest?: boolean;
  cancelledAt?: Date | null;
  deletedAt?: Date | null;
  currency?: string;
}

/** Puts an order as the sync would have stored it; only what an offer looks at can be chosen. */
export async function insertOrder(owner: pg.Client, shopId: number, order: OrderRow): Promise<void> {
  const createdAt = order.createdAt ?? new Date();
  const amounts = [
    'subtotal_minor', 'current_subtotal_minor', 'current_tax_minor', 'current_shipping_minor', 'shipping_tax_minor',
    'tip_minor', 'current_total_minor', 'received_minor', 'refunded_minor', 'outstanding_minor',
  ];
  await owner.query(
    `INSERT INTO orders (shop_id, order_id, name, customer_id, processed_at, created_at, updated_at, cancelled_at,
       deleted_at, is_test, currency, presentment_currency, taxes_included, discount_codes, ${amounts.join(', ')})
     VALUES ($1, $2, $3, $4, $5, $5, $5, $6, $7, $8, $9, $9, true, '{}', ${amounts.map(() => '1000').join(', ')})`,
    [
      shopId,
      order.orderId,
      `#${order.orderId}`,
      order.customerId ?? null,
      createdAt,
      order.cancelledAt ?? null,
      order.deletedAt ?? null,
      order.isTest ?? false,
      order.currency ?? 'EUR',
    ],
  );
}

export async function insertCustomer(
  owner: pg.Client,
  shopId: number,
  customer: { customerId: number; numberOfOrders: number; updatedAt: Date },
): Promise<void> {
  await owner.query(
    `INSERT INTO customers (shop_id, customer_id, created_at, updated_at, number_of_orders) VALUES ($1, $2, $3, $3, $4)`,
    [shopId, customer.customerId, customer.updatedAt, customer.numberOfOrders],
  );
}
