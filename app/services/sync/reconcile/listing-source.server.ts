import type pg from 'pg';

import {
  addListedCustomers,
  compareCustomers,
  haveGroupsMoved,
  openListedCustomers,
  takeMovedGroups,
  type ListedCustomerRow,
} from '#app/adapters/db/sql/compare-customers.server.ts';
import { noteDataChange } from '#app/adapters/db/note-data-change.server.ts';
import { compareOrders, type Comparison } from '#app/adapters/db/sql/compare-orders.server.ts';
import { addListedOrders, openListedOrders, type ListedOrderRow } from '#app/adapters/db/sql/listed-orders.server.ts';
import { areShippingDiscountsLacking, takeShippingDiscounts } from '#app/adapters/db/sql/take-shipping-discounts.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { customerListingQuery } from '#app/adapters/shopify/customer-listing.ts';
import { readListed } from '#app/adapters/shopify/listing.server.ts';
import { orderListingQuery, readListedOrder } from '#app/adapters/shopify/order-listing.ts';
import { customerSchema } from '#app/adapters/shopify/parse-customer.ts';
import { ACCESS_DENIED, asInOurCopy } from '#app/services/sync/import/import-source.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** How one kind of record is listed and held against our copy. */
export interface ListingSource<TRow> {
  /** The bulk query; `from` null asks for all. `errorCode` is of the operation before, when that one failed. */
  queryFrom: (from: Date | null, errorCode: string | null) => string;
  /** Makes the table that the list goes into, which ends with the transaction. */
  open: (connection: pg.PoolClient) => Promise<void>;
  /** Reads a line as it is to be held against our copy; null when it does not even name its record. */
  read: (context: Pick<ShopContext, 'sealedBox' | 'shop'>, tombstones: Tombstones, text: string) => TRow | null;
  add: (connection: pg.PoolClient, shop: ShopRef, rows: readonly TRow[]) => Promise<void>;
  /** @returns how many records were compared */
  compare: (connection: pg.PoolClient, shop: ShopRef, comparison: Comparison) => Promise<number>;
  /** Takes over what Shopify changes without a new version of a record, or what we did not keep before: no differences. */
  takeAlong?: (connection: pg.PoolClient, shop: ShopRef, now: Date) => Promise<void>;
}

export const ORDER_LISTING: ListingSource<ListedOrderRow> = {
  queryFrom: (from, errorCode) => orderListingQuery(from, errorCode !== ACCESS_DENIED),
  open: openListedOrders,
  read: (context, tombstones, text) => {
    const line = readListedOrder(text);
    if (line.kind === 'broken') return null;
    if (line.kind !== 'order') return line;
    const { order, hasRegion } = line;
    return {
      kind: 'order',
      order: tombstones.isEmpty ? order : asInOurCopy(context, tombstones, order),
      hasRegion,
      isBuried: tombstones.has('order', BigInt(order.orderId)),
    };
  },
  add: (connection, { shopId }, rows) => addListedOrders(connection, shopId, rows),
  compare: compareOrders,
  takeAlong: async (connection, shop, now) => {
    if (!(await areShippingDiscountsLacking(connection, shop))) return;
    await noteDataChange(connection, shop, now);
    await takeShippingDiscounts(connection, shop);
  },
};

export const CUSTOMER_LISTING: ListingSource<ListedCustomerRow> = {
  queryFrom: (from, errorCode) => customerListingQuery(from, errorCode !== ACCESS_DENIED),
  open: openListedCustomers,
  read: (_context, tombstones, text) => {
    const line = readListed(text, customerSchema);
    if (line.kind !== 'read') return line.kind === 'broken' ? null : line;
    return { kind: 'read', customer: line.record, isBuried: tombstones.buriesCustomer(line.record.customerId) };
  },
  add: (connection, _shop, rows) => addListedCustomers(connection, rows),
  compare: compareCustomers,
  takeAlong: async (connection, shop, now) => {
    if (!(await haveGroupsMoved(connection, shop))) return;
    await noteDataChange(connection, shop, now);
    await takeMovedGroups(connection, shop);
  },
};
