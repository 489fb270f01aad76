import type { ShopStore } from './shop-store.ts';
import type { SimCustomer } from './state.ts';

/** A customer who was made in the admin: nothing but an address to write to. */
export function addCustomer(store: ShopStore, now: Date): SimCustomer {
  const id = store.nextId();
  const at = now.toISOString();
  const customer: SimCustomer = {
    id,
    email: `customer-${id}@example.com`,
    phone: null,
    firstName: null,
    lastName: null,
    locale: 'en',
    state: 'DISABLED',
    createdAt: at,
    updatedAt: at,
    tags: [],
    marketingState: 'NOT_SUBSCRIBED',
    defaultAddress: null,
    mergedIntoId: null,
    deletedAt: null,
  };
  store.save('customer', customer);
  store.emit('customers/create', customer);
  return customer;
}

/** What the admin's form changes of a customer. */
export function changeCustomer(
  store: ShopStore,
  customer: SimCustomer,
  change: Partial<Pick<SimCustomer, 'state' | 'locale' | 'tags' | 'marketingState' | 'email'>>,
  now: Date,
): SimCustomer {
  const at = now.toISOString();
  const consent = change.marketingState === undefined ? {} : { marketingChangedAt: at };
  const changed = { ...customer, ...change, ...consent, updatedAt: at };
  store.save('customer', changed);
  store.emit('customers/update', changed);
  return changed;
}

/** As Shopify, only a customer without orders: false for one who has any. */
export function deleteCustomer(store: ShopStore, customer: SimCustomer, now: Date): boolean {
  if ([...store.orders.values()].some(({ customerId, deletedAt }) => customerId === customer.id && deletedAt === null)) return false;
  const deleted = { ...customer, deletedAt: now.toISOString(), updatedAt: now.toISOString() };
  store.save('customer', deleted);
  store.emit('customers/delete', deleted);
  return true;
}
