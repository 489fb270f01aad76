import pg from 'pg';

import { DEFAULT_ACCOUNT_SETTINGS } from '#app/domain/accounts/account-settings.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { installFaultyWire } from '#test/services/offers/faulty-wire.ts';
import { insertOrder } from '#test/services/offers/offer-orders.ts';
import { addCustomer, changeCustomer } from '#test/simulator/customer-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import type { SimCustomer } from '#test/simulator/state.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';

const STORE = syntheticStore(10);
export const DAY_MS = 86_400_000;

/** What the services take for now; Shopify keeps its own time. */
export const clock = { ms: Date.now() };

let app: AppUnderTest;
export let owner: pg.Client;
export let context: ShopContext;
export let shopify: ShopStore;
export let wire: ReturnType<typeof installFaultyWire>;
let lastOrderId = 70_000;

export async function startInviting(): Promise<void> {
  app = await startAppUnderTest({ store: STORE, env: { SCOPES: 'read_orders,write_customers' } });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = { ...(await app.install(STORE.shop.domain)), now: () => new Date(clock.ms) };
  shopify = app.running.simulator.requireStore(STORE.shop.domain);
  wire = installFaultyWire();
}

export async function stopInviting(): Promise<void> {
  wire.remove();
  await owner.end();
  await app.stop();
}

/** Nobody was ever invited, and invites are on. */
export async function resetInviting(): Promise<void> {
  wire.reset();
  clock.ms = Date.now();
  await owner.query('DELETE FROM account_invites; DELETE FROM orders; DELETE FROM customers');
  setAccounts('CLASSIC');
  await save({});
}

export async function save(settings: object): Promise<void> {
  const { saveAccountSettings } = await import('#app/services/accounts/save-account-settings.server.ts');
  await saveAccountSettings(context, { ...DEFAULT_ACCOUNT_SETTINGS, isEnabled: true, ...settings });
}

/** The worker's turn, once. */
export async function advance(of = context): Promise<void> {
  const { advanceInvites } = await import('#app/services/accounts/advance-invites.server.ts');
  await advanceInvites(of);
}

/** As the worker does over a month, with the clock put forward to whatever is due next. */
export async function aMonth(customer: SimCustomer): Promise<void> {
  const endMs = clock.ms + 30 * DAY_MS;
  for (let turn = 0; turn < 60; turn += 1) {
    await advance();
    const due = (await standing(customer))?.not_before?.getTime();
    if (due === undefined || due > endMs) return;
    clock.ms = Math.max(clock.ms, due);
  }
  throw new Error('Still not settled after 60 turns');
}

/** A customer with a fresh order, as our copy has them a moment later. */
export async function buyer(): Promise<{ customer: SimCustomer; orderId: bigint }> {
  await owner.query("UPDATE shops SET customer_accounts = 'CLASSIC'");
  const customer = addCustomer(shopify, new Date(clock.ms));
  await owner.query(
    "INSERT INTO customers (shop_id, customer_id, created_at, updated_at, number_of_orders, account_state) VALUES ($1, $2, now(), now(), 1, 'DISABLED') ON CONFLICT DO NOTHING",
    [context.shop.shopId, customer.id],
  );
  return { customer, orderId: await placeOrder(customer.id) };
}

/** A guest's, with null. */
export async function placeOrder(customerId: number | null): Promise<bigint> {
  lastOrderId += 1;
  await insertOrder(owner, context.shop.shopId, { orderId: lastOrderId, customerId, createdAt: new Date(clock.ms) });
  return BigInt(lastOrderId);
}

export async function wish(orderId: bigint, buyerCustomerId: bigint | null = null) {
  const { requestInvite } = await import('#app/services/accounts/request-invite.server.ts');
  return requestInvite(context, { orderId, buyerCustomerId });
}

export function setAccounts(customerAccounts: 'CLASSIC' | 'NEW_CUSTOMER_ACCOUNTS'): void {
  shopify.save('shop', { ...shopify.shop, customerAccounts });
}

export const change = (customer: SimCustomer, to: Parameters<typeof changeCustomer>[2]): void =>
  void changeCustomer(shopify, shopify.customers.get(customer.id) ?? customer, to, new Date(clock.ms + 60_000));

export const emailsTo = ({ id }: SimCustomer): number => shopify.customers.get(id)?.accountInvites?.length ?? 0;

export async function standing({ id }: SimCustomer) {
  const { rows } = await owner.query<{ state: string; end_reason: string | null; next_step: number; not_before: Date | null }>(
    'SELECT state, end_reason, next_step, not_before FROM account_invites WHERE customer_id = $1',
    [id],
  );
  return rows[0];
}
