import { z } from 'zod';

import { ShopifyUnavailableError, type AdminAnswer, type AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { gidOf } from '#app/adapters/shopify/gid.ts';
import { parseCustomer, type CustomerRecord } from '#app/adapters/shopify/parse-customer.ts';
import type { OrderLineRecord, OrderRecord } from '#app/adapters/shopify/order-record.ts';
import { parseOrder, parseOrderLine } from '#app/adapters/shopify/parse-order.ts';
import { parseRecord, ShopifyRecordError } from '#app/adapters/shopify/record-schemas.ts';
import {
  CustomersByIdDocument,
  OrderLinesDocument,
  OrdersByIdDocument,
  type OrderLinesQuery,
  type OrdersByIdQuery,
} from '#app/generated/admin-api.ts';

/** An order as it is now, with all its lines. */
export interface CurrentOrder {
  order: OrderRecord;
  lines: OrderLineRecord[];
  customer: CustomerRecord | null;
  /** Which of these are absent because they were withheld, and so say nothing of the order. */
  withheld: ReadonlySet<'customer' | 'region'>;
}

/** What Shopify says of one record that was asked for by its id. */
export type Reading<TRecord> =
  | { kind: 'found'; record: TRecord }
  /** Deleted, merged away, never of this shop, or too old for us to see. */
  | { kind: 'absent' }
  | { kind: 'unreadable'; error: Error };

export type Readings<TRecord> = ReadonlyMap<bigint, Reading<TRecord>>;

// An order costs 26 points and no query may ask for more than 1,000. A shop that restores 100 points a second pays for
// these within six seconds when its bucket is empty.
export const ORDERS_A_READ = 25;
export const CUSTOMERS_A_READ = 100;

const linesPageSchema = z.object({
  edges: z.array(z.object({ node: z.unknown() })),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
});

type OrderLinesPage = NonNullable<OrderLinesQuery['order']>['lineItems'];

/** Reads orders by their ids, at most ORDERS_A_READ. One that cannot be read does not keep the others away. */
export async function loadOrdersById(admin: AdminApi, orderIds: readonly bigint[]): Promise<Readings<CurrentOrder>> {
  const answer: AdminAnswer<OrdersByIdQuery> = await admin(OrdersByIdDocument, {
    ids: orderIds.map((id) => gidOf('Order', id)),
  });
  const readings = new Map<bigint, Reading<CurrentOrder>>();
  const nodes = requireNodes(answer.data.nodes);
  for (const [index, orderId] of orderIds.entries()) {
    const node = nodes[index];
    const withheld = withheldBelow(answer.withheld, index);
    if (node === null) {
      readings.set(orderId, absentUnlessWithheld(withheld));
      continue;
    }
    if (node === undefined || !('lineItems' in node)) {
      readings.set(orderId, unreadable('what answers for it is no order'));
      continue;
    }
    readings.set(
      orderId,
      await readingOf(async () => ({
        order: parseOrder(node),
        lines: await loadLines(admin, orderId, node.updatedAt, node.lineItems),
        customer: node.customer ? parseCustomer(node.customer) : null,
        withheld: withheldParts(withheld),
      })),
    );
  }
  return readings;
}

/** The same of customers, at most CUSTOMERS_A_READ. */
export async function loadCustomersById(admin: AdminApi, customerIds: readonly bigint[]): Promise<Readings<CustomerRecord>> {
  const ids = customerIds.map((id) => gidOf('Customer', id));
  let answer = await admin(CustomersByIdDocument, { ids, withGroup: true });
  // A customer of whom we may not see it is null as a whole.
  if (answer.withheld.some((path) => path.split('.').includes('statistics'))) answer = await admin(CustomersByIdDocument, { ids, withGroup: false });
  const readings = new Map<bigint, Reading<CustomerRecord>>();
  const nodes = requireNodes(answer.data.nodes);
  for (const [index, customerId] of customerIds.entries()) {
    const node = nodes[index];
    const isAbsent = node === null;
    readings.set(
      customerId,
      isAbsent
        ? absentUnlessWithheld(withheldBelow(answer.withheld, index))
        : await readingOf(async () => parseCustomer(node)),
    );
  }
  return readings;
}

/** Only null says that a record is gone; an answer without a list says nothing. */
function requireNodes<TNode>(nodes: readonly TNode[]): readonly TNode[] {
  if (!Array.isArray(nodes)) throw new ShopifyUnavailableError('An answer without the records that were asked for');
  return nodes;
}

async function readingOf<TRecord>(read: () => Promise<TRecord>): Promise<Reading<TRecord>> {
  try {
    return { kind: 'found', record: await read() };
  } catch (error) {
    if (error instanceof ShopifyRecordError) return { kind: 'unreadable', error };
    throw error;
  }
}

/** The paths of one node that Shopify did not let us see, relative to it; an empty one is the node itself. */
function withheldBelow(paths: readonly string[], index: number): string[] {
  const place = `nodes.${index}`;
  return paths
    .filter((path) => path === 'nodes' || path === place || path.startsWith(`${place}.`))
    .map((path) => path.slice(place.length + 1));
}

/** What we may not see, or not all of, may well be there, and must not be taken for deleted. */
function absentUnlessWithheld(withheld: readonly string[]): Reading<never> {
  if (withheld.length === 0) return { kind: 'absent' };
  return unreadable('access to it is withheld');
}

function unreadable(why: string): Reading<never> {
  return { kind: 'unreadable', error: new ShopifyRecordError(why) };
}

function withheldParts(withheld: readonly string[]): CurrentOrder['withheld'] {
  const parts = new Set<'customer' | 'region'>();
  for (const path of withheld) {
    if (path === 'customer') parts.add('customer');
    if (path === 'shippingAddress' || path === 'billingAddress') parts.add('region');
  }
  return parts;
}

async function loadLines(admin: AdminApi, orderId: bigint, updatedAt: string, first: OrderLinesPage): Promise<OrderLineRecord[]> {
  const lines: OrderLineRecord[] = [];
  for (let page = first; ; ) {
    const { edges, pageInfo } = parseRecord(linesPageSchema, page);
    lines.push(...edges.map((edge) => parseOrderLine(edge.node)));
    if (!pageInfo.hasNextPage) return lines;
    if (pageInfo.endCursor === null) throw new ShopifyRecordError('it has more lines and no way to them');
    const answer: AdminAnswer<OrderLinesQuery> = await admin(OrderLinesDocument, {
      id: gidOf('Order', orderId),
      after: pageInfo.endCursor,
    });
    // Half of one version and half of another would be neither; the next try reads it whole.
    if (answer.data.order?.updatedAt !== updatedAt) throw new ShopifyRecordError('it changed while it was read');
    page = answer.data.order.lineItems;
  }
}
