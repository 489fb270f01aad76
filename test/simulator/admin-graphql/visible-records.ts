import { Temporal } from 'temporal-polyfill';
import { matchesSearch, parseSearch, type FieldReader } from '../search-query.ts';
import type { ShopStore } from '../shop-store.ts';
import type { SimCustomer, SimOrder } from '../state.ts';
import { badRequest, textArg, type AdminContext, type Args } from './resolver.ts';

/** Without `read_all_orders` an app sees orders of the last 60 days only. */
const recentOrdersMs = 60 * 24 * 3600 * 1000;

interface Derived {
  revision: number;
  ordersByCustomer: Map<number, SimOrder[]> | null;
  sorted: Map<string, readonly unknown[]>;
  lastOrderAt: number | null;
  idByEmail: Map<string, number> | null;
}

const derivedByStore = new WeakMap<ShopStore, Derived>();

/** Lists that are derived from a store's records, kept until the next write. */
function derivedOf(store: ShopStore): Derived {
  const known = derivedByStore.get(store);
  if (known && known.revision === store.revision) return known;
  const fresh: Derived = { revision: store.revision, ordersByCustomer: null, sorted: new Map(), lastOrderAt: null, idByEmail: null };
  derivedByStore.set(store, fresh);
  return fresh;
}

export function isOrderVisible(order: SimOrder, context: AdminContext): boolean {
  if (order.deletedAt !== null) return false;
  if (context.scopes.has('read_all_orders')) return true;
  return Date.parse(order.createdAt) >= context.platform.now().getTime() - recentOrdersMs;
}

export function findOrder(id: number | null, context: AdminContext): SimOrder | null {
  const order = id === null ? undefined : context.store.orders.get(id);
  return order && isOrderVisible(order, context) ? order : null;
}

/** Merged and deleted customers answer as absent. */
export function findCustomer(id: number | null, store: ShopStore): SimCustomer | null {
  const customer = id === null ? undefined : store.customers.get(id);
  return customer && customer.mergedIntoId === null && customer.deletedAt === null ? customer : null;
}

/** An address is one customer's at most, however it is written. */
export function findCustomerByEmail(address: string, store: ShopStore): SimCustomer | null {
  const derived = derivedOf(store);
  if (derived.idByEmail === null) {
    derived.idByEmail = new Map();
    for (const { id, email, mergedIntoId, deletedAt } of store.customers.values()) {
      if (email !== null && mergedIntoId === null && deletedAt === null) derived.idByEmail.set(email.toLowerCase(), id);
    }
  }
  return findCustomer(derived.idByEmail.get(address.trim().toLowerCase()) ?? null, store);
}

export function ordersOfCustomer(customer: SimCustomer, context: AdminContext): SimOrder[] {
  const derived = derivedOf(context.store);
  derived.ordersByCustomer ??= indexByCustomer(context.store.orders.values());
  const orders = derived.ordersByCustomer.get(customer.id) ?? [];
  return orders.filter((order) => isOrderVisible(order, context));
}

/** When the store last sold something, epoch milliseconds; -Infinity for never. */
export function lastOrderAt(store: ShopStore): number {
  const derived = derivedOf(store);
  derived.lastOrderAt ??= [...store.orders.values()].reduce((last, { processedAt }) => Math.max(last, Date.parse(processedAt)), -Infinity);
  return derived.lastOrderAt;
}

function indexByCustomer(orders: Iterable<SimOrder>): Map<number, SimOrder[]> {
  const index = new Map<number, SimOrder[]>();
  for (const order of orders) {
    if (order.customerId === null) continue;
    const known = index.get(order.customerId);
    if (known) known.push(order);
    else index.set(order.customerId, [order]);
  }
  return index;
}

type SortValue = string | number;

const orderSortValues: Record<string, (order: SimOrder) => SortValue> = {
  ID: (order) => order.id,
  CREATED_AT: (order) => order.createdAt,
  UPDATED_AT: (order) => order.updatedAt,
  PROCESSED_AT: (order) => order.processedAt,
  ORDER_NUMBER: (order) => order.id,
  RELEVANCE: (order) => order.id,
};

const customerSortValues: Record<string, (customer: SimCustomer) => SortValue> = {
  ID: (customer) => customer.id,
  CREATED_AT: (customer) => customer.createdAt,
  UPDATED_AT: (customer) => customer.updatedAt,
  NAME: (customer) => `${customer.lastName ?? ''} ${customer.firstName ?? ''}`,
  RELEVANCE: (customer) => customer.id,
};

/** The orders that the arguments `query` and `sortKey` ask for, of those the app may see. */
export function listOrders(args: Args, context: AdminContext): readonly SimOrder[] {
  const sortKey = textArg(args, 'sortKey') ?? 'PROCESSED_AT';
  const visible = sortedOnce(context.store, `orders ${sortKey}`, () =>
    sortBy([...context.store.orders.values()], orderSortValues[sortKey], sortKey),
  ).filter((order) => isOrderVisible(order, context));
  return search(visible, textArg(args, 'query'), orderFields, context);
}

export function listCustomers(args: Args, context: AdminContext): readonly SimCustomer[] {
  const sortKey = textArg(args, 'sortKey') ?? 'ID';
  const present = sortedOnce(context.store, `customers ${sortKey}`, () =>
    sortBy(
      [...context.store.customers.values()].filter((customer) => findCustomer(customer.id, context.store) !== null),
      customerSortValues[sortKey],
      sortKey,
    ),
  );
  return search(present, textArg(args, 'query'), customerFields, context);
}

function sortedOnce<Item>(store: ShopStore, key: string, sort: () => Item[]): Item[] {
  const { sorted } = derivedOf(store);
  const known = sorted.get(key);
  // The key names the element type, so a list found under it was put there by the same caller.
  if (known) return known as Item[];
  const fresh = sort();
  sorted.set(key, fresh);
  return fresh;
}

function sortBy<Item extends { id: number }>(
  items: Item[],
  valueOf: ((item: Item) => SortValue) | undefined,
  sortKey: string,
): Item[] {
  if (!valueOf) throw badRequest(`The sort key ${sortKey} is not imitated by the local Shopify.`);
  return items.sort((left, right) => {
    const a = valueOf(left);
    const b = valueOf(right);
    return a < b ? -1 : a > b ? 1 : left.id - right.id;
  });
}

export function search<Item>(
  items: readonly Item[],
  query: string | null,
  fieldsOf: (item: Item, field: string) => ReturnType<FieldReader>,
  context: AdminContext,
): readonly Item[] {
  if (query === null || query.trim() === '') return items;
  const zone = context.store.shop.ianaTimezone;
  try {
    const tree = parseSearch(query);
    const settings = { parseInstant: (text: string) => parseInstant(text, zone) };
    return items.filter((item) => matchesSearch(tree, (field) => fieldsOf(item, field), settings));
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
}

/** A date or a time without an offset is the shop's own. */
function parseInstant(text: string, zone: string): number {
  if (/(Z|[+-]\d\d:?\d\d)$/.test(text) && text.includes('T')) return Date.parse(text);
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
  } catch (cause) {
    throw new Error(`Invalid timestamp "${text}" in the search query.`, { cause });
  }
}

function orderFields(order: SimOrder, field: string): ReturnType<FieldReader> {
  switch (field) {
    case 'id':
      return [order.id];
    case 'name':
      return [order.name, order.name.replace(/^#/, '')];
    case 'default':
      return [order.name, order.name.replace(/^#/, ''), order.email];
    case 'created_at':
      return [order.createdAt];
    case 'updated_at':
      return [order.updatedAt];
    case 'processed_at':
      return [order.processedAt];
    case 'email':
      return [order.email];
    case 'customer_id':
      return [order.customerId];
    case 'financial_status':
      return [order.financialStatus];
    case 'fulfillment_status':
      return [order.fulfillmentStatus];
    case 'status':
      return ['any', order.cancelledAt === null ? 'open' : 'cancelled', 'not_closed'];
    case 'test':
      return [order.test];
    case 'tag':
      return order.tags;
    case 'discount_code':
      return order.discounts.map((discount) => discount.code);
    case 'source_name':
      return [order.sourceName];
    default:
      return undefined;
  }
}

function customerFields(customer: SimCustomer, field: string): ReturnType<FieldReader> {
  switch (field) {
    case 'id':
      return [customer.id];
    case 'email':
      return [customer.email];
    case 'default':
      return [customer.email, customer.firstName, customer.lastName];
    case 'first_name':
      return [customer.firstName];
    case 'last_name':
      return [customer.lastName];
    case 'phone':
      return [customer.phone];
    case 'created_at':
    case 'customer_date':
      return [customer.createdAt];
    case 'updated_at':
      return [customer.updatedAt];
    case 'state':
      return [customer.state];
    case 'tag':
      return customer.tags;
    default:
      return undefined;
  }
}
