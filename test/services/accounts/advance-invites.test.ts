import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { DEFAULT_ACCOUNT_SETTINGS } from '#app/domain/accounts/account-settings.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { installFaultyWire } from '#test/services/offers/faulty-wire.ts';
import type { Fault } from '#test/services/offers/faulty-wire.ts';
import { insertOrder } from '#test/services/offers/offer-orders.ts';
import { addCustomer, changeCustomer } from '#test/simulator/customer-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import type { SimCustomer } from '#test/simulator/state.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';

const STORE = syntheticStore(10);
const DAY_MS = 86_400_000;
const SEND = 'SendAccountInvite';

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let shopify: ShopStore;
let wire: ReturnType<typeof installFaultyWire>;
/** What the services take for now; Shopify keeps its own time. */
let clockMs: number;
let orderId = 70_000;

const services = {
  advance: async () => (await import('#app/services/accounts/advance-invites.server.ts')).advanceInvites(context),
  save: async (settings: object) =>
    (await import('#app/services/accounts/save-account-settings.server.ts')).saveAccountSettings(context, { ...DEFAULT_ACCOUNT_SETTINGS, isEnabled: true, ...settings }),
};

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE, env: { SCOPES: 'read_orders,write_customers' } });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = { ...(await app.install(STORE.shop.domain)), now: () => new Date(clockMs) };
  shopify = app.running.simulator.requireStore(STORE.shop.domain);
  wire = installFaultyWire();
});

afterAll(async () => {
  wire.remove();
  await owner.end();
  await app.stop();
});

beforeEach(async () => {
  clockMs = Date.now();
  await owner.query('DELETE FROM account_invites; DELETE FROM orders; DELETE FROM customers');
  setAccounts('CLASSIC');
  await services.save({});
});

afterEach(() => wire.reset());

function setAccounts(customerAccounts: 'CLASSIC' | 'NEW_CUSTOMER_ACCOUNTS'): void {
  shopify.save('shop', { ...shopify.shop, customerAccounts });
}

/** A customer with a fresh order, as our copy has them a moment later. */
async function buyer(): Promise<{ customer: SimCustomer; orderId: bigint }> {
  await owner.query("UPDATE shops SET customer_accounts = 'CLASSIC'");
  const customer = addCustomer(shopify, new Date(clockMs));
  await owner.query(
    "INSERT INTO customers (shop_id, customer_id, created_at, updated_at, number_of_orders, account_state) VALUES ($1, $2, now(), now(), 1, 'DISABLED') ON CONFLICT DO NOTHING",
    [context.shop.shopId, customer.id],
  );
  orderId += 1;
  await insertOrder(owner, context.shop.shopId, { orderId, customerId: customer.id, createdAt: new Date(clockMs) });
  return { customer, orderId: BigInt(orderId) };
}

async function wish(order: bigint, buyerCustomerId: bigint | null = null) {
  const { requestInvite } = await import('#app/services/accounts/request-invite.server.ts');
  return requestInvite(context, { orderId: order, buyerCustomerId });
}

const change = (customer: SimCustomer, to: Parameters<typeof changeCustomer>[2]): void =>
  void changeCustomer(shopify, shopify.customers.get(customer.id) ?? customer, to, new Date(clockMs + 60_000));
const emailsTo = ({ id }: SimCustomer): number => shopify.customers.get(id)?.accountInvites?.length ?? 0;

async function standing({ id }: SimCustomer) {
  const { rows } = await owner.query<{ state: string; end_reason: string | null; next_step: number; not_before: Date | null }>(
    'SELECT state, end_reason, next_step, not_before FROM account_invites WHERE customer_id = $1',
    [id],
  );
  return rows[0];
}

/** As the worker does over a month, with the clock put forward to whatever is due next. */
async function aMonth(customer: SimCustomer): Promise<void> {
  const endMs = clockMs + 30 * DAY_MS;
  for (let turn = 0; turn < 60; turn += 1) {
    await services.advance();
    const due = (await standing(customer))?.not_before?.getTime();
    if (due === undefined || due > endMs) return;
    clockMs = Math.max(clockMs, due);
  }
  throw new Error('Still not settled after 60 turns');
}

describe('an invite that a buyer wished for', () => {
  it('goes out once, is followed by two reminders, and ends', async () => {
    const { customer, orderId: order } = await buyer();
    const start = clockMs;
    expect(await wish(order)).toBe('invited');
    await services.advance();
    expect(emailsTo(customer)).toBe(1);
    expect((await standing(customer))?.not_before?.getTime()).toBe(start + 3 * DAY_MS);
    await aMonth(customer);
    expect(emailsTo(customer)).toBe(3);
    expect(clockMs).toBe(start + 10 * DAY_MS);
    expect(await standing(customer)).toMatchObject({ state: 'ended', end_reason: 'all-sent' });
  });

  it('is one, however often it is wished for and from however many orders', async () => {
    const { customer, orderId: order } = await buyer();
    orderId += 1;
    await insertOrder(owner, context.shop.shopId, { orderId, customerId: customer.id, createdAt: new Date(clockMs) });
    const wishes = await Promise.all([wish(order), wish(order), wish(BigInt(orderId)), wish(order)]);
    expect(new Set(wishes)).toEqual(new Set(['invited']));
    await services.advance();
    await services.advance();
    expect(emailsTo(customer)).toBe(1);
    expect(await wish(BigInt(orderId))).toBe('invited');
    await services.advance();
    expect(emailsTo(customer)).toBe(1);
  });

  it('ends when the account is activated before a reminder', async () => {
    const { customer, orderId: order } = await buyer();
    await wish(order);
    await services.advance();
    change(customer, { state: 'ENABLED' });
    await aMonth(customer);
    expect(emailsTo(customer)).toBe(1);
    expect(await standing(customer)).toMatchObject({ state: 'ended', end_reason: 'activated' });
  });

  it.each([
    [{ hasFirstReminder: false }, 2],
    [{ hasSecondReminder: false }, 2],
    [{ hasFirstReminder: false, hasSecondReminder: false }, 1],
  ])('is followed by the reminders that are switched on: %j', async (settings, emails) => {
    const { customer, orderId: order } = await buyer();
    await services.save(settings);
    await wish(order);
    await aMonth(customer);
    expect(emailsTo(customer)).toBe(emails);
  });
});

describe('nobody is written to', () => {
  it.each<[string, (customer: SimCustomer) => void, string]>([
    ['whose shop changed to new accounts in mid-flight', () => setAccounts('NEW_CUSTOMER_ACCOUNTS'), 'new-accounts'],
    ['who made an account a moment before', (customer) => change(customer, { state: 'ENABLED' }), 'activated'],
    ['who declined', (customer) => change(customer, { state: 'DECLINED' }), 'declined'],
    ['whose address is gone', (customer) => change(customer, { email: null }), 'no-email'],
    ['who took their consent back', (customer) => change(customer, { marketingState: 'UNSUBSCRIBED' }), 'consent-withdrawn'],
    ['who is deleted', (customer) => shopify.save('customer', { ...(shopify.customers.get(customer.id) ?? customer), deletedAt: new Date(clockMs).toISOString() }), 'no-customer'],
  ])('%s', async (_who, happens, reason) => {
    const first = await buyer();
    await wish(first.orderId);
    happens(first.customer);
    await aMonth(first.customer);
    expect(emailsTo(first.customer)).toBe(0);
    expect(await standing(first.customer)).toMatchObject({ state: 'ended', end_reason: reason });
    setAccounts('CLASSIC');
    const second = await buyer();
    await wish(second.orderId);
    await services.advance();
    happens(second.customer);
    await aMonth(second.customer);
    expect(emailsTo(second.customer)).toBe(1);
    expect(await standing(second.customer)).toMatchObject({ state: 'ended', end_reason: reason });
  });

  it('when the merchant has not switched it on, the buyer is signed in, or the order is old or nobody’s', async () => {
    const { orderId: order } = await buyer();
    expect(await wish(order, 1n)).toBe('not-offered');
    expect(await wish(1n)).toBe('not-known');
    await services.save({ isEnabled: false });
    expect(await wish(order)).toBe('not-offered');
    await services.save({});
    clockMs += 25 * 3_600_000;
    expect(await wish(order)).toBe('not-offered');
    await insertOrder(owner, context.shop.shopId, { orderId: 9_000_001, customerId: null, createdAt: new Date(clockMs) });
    expect(await wish(9_000_001n)).toBe('not-offered');
    expect((await owner.query('SELECT 1 FROM account_invites')).rowCount).toBe(0);
  });

  it('a second time by us, where the merchant had invited them', async () => {
    const { customer, orderId: order } = await buyer();
    await wish(order);
    change(customer, { state: 'INVITED' });
    await services.advance();
    expect(emailsTo(customer)).toBe(0);
    expect(await standing(customer)).toMatchObject({ state: 'open', next_step: 1 });
  });
});

describe('a lost answer', () => {
  it.each<[Fault[], number]>([
    [['answer-lost'], 1],
    [['error-after'], 1],
    [['request-lost'], 1],
    [['error-before', 'request-lost'], 1],
    [['request-lost', 'answer-lost'], 1],
  ])('%j leaves the invite sent exactly once', async (faults, emails) => {
    const { customer, orderId: order } = await buyer();
    await services.save({ hasFirstReminder: false, hasSecondReminder: false });
    await wish(order);
    wire.plan(SEND, faults);
    await aMonth(customer);
    expect(emailsTo(customer)).toBe(emails);
  });

  it('leaves a reminder sent at most once', async () => {
    const { customer, orderId: order } = await buyer();
    await wish(order);
    wire.plan(SEND, [null, 'answer-lost', 'request-lost']);
    await aMonth(customer);
    expect(emailsTo(customer)).toBe(2);
    const { rows } = await owner.query('SELECT step, state FROM account_invite_emails ORDER BY step');
    expect(rows).toEqual([
      { step: 0, state: 'sent' },
      { step: 1, state: 'unknown' },
      { step: 2, state: 'unknown' },
    ]);
  });
});

describe('a shop that does not let us', () => {
  let whole: ShopContext;

  beforeEach(() => {
    whole = context;
  });
  afterEach(() => {
    context = whole;
  });

  /** Whatever is asked, or sending alone. */
  async function deny(isDenied: (document: string) => boolean = () => true): Promise<void> {
    const { ShopifyAccessError } = await import('#app/adapters/shopify/admin-api.server.ts');
    const { admin } = whole;
    context = { ...whole, admin: (document, ...rest) => (isDenied(String(document)) ? Promise.reject(new ShopifyAccessError('no')) : admin(document, ...rest)) };
  }

  /** As the worker looks every hour, for so many days. */
  async function days(count: number): Promise<void> {
    for (let hour = 0; hour < count * 24; hour += 1) {
      clockMs += 3_600_000;
      await services.advance();
    }
  }

  it('is asked for two days and no longer, which the page says', async () => {
    const { customer, orderId: order } = await buyer();
    await wish(order);
    await deny();
    await days(3);
    expect(await standing(customer)).toMatchObject({ state: 'ended', end_reason: 'no-access', not_before: null });
    expect(emailsTo(customer)).toBe(0);
    const { getAccountsPage } = await import('#app/services/accounts/save-account-settings.server.ts');
    expect((await getAccountsPage(context)).unsent).toEqual([{ reason: 'no-access', count: 1 }]);
  });

  it('has its invites sent once it lets us again, each once, unless the wish is a fortnight old', async () => {
    const [young, old] = [await buyer(), await buyer()];
    await wish(young.orderId);
    await wish(old.orderId);
    await deny();
    await days(3);
    await owner.query("UPDATE account_invites SET wished_at = wished_at - interval '14 days' WHERE customer_id = $1", [old.customer.id]);
    context = whole;
    await days(1);
    expect(emailsTo(young.customer)).toBe(0);
    const { refreshShopFacts } = await import('#app/services/sync/refresh-shop-facts.server.ts');
    await refreshShopFacts(context);
    await services.advance();
    await refreshShopFacts(context);
    await services.advance();
    expect([emailsTo(young.customer), emailsTo(old.customer)]).toEqual([1, 0]);
    expect(await standing(young.customer)).toMatchObject({ state: 'open', next_step: 1 });
    expect(await standing(old.customer)).toMatchObject({ state: 'ended', end_reason: 'no-access' });
  });

  it('sends a reminder after it when it was refused in between, and not twice', async () => {
    const { customer, orderId: order } = await buyer();
    await wish(order);
    await services.advance();
    clockMs += 3 * DAY_MS;
    await deny((document) => document.includes(SEND));
    await services.advance();
    await services.advance();
    context = whole;
    clockMs += 3_600_000;
    await services.advance();
    await services.advance();
    expect(emailsTo(customer)).toBe(2);
    expect((await owner.query('SELECT step, state FROM account_invite_emails ORDER BY step')).rows).toEqual([{ step: 0, state: 'sent' }, { step: 1, state: 'sent' }]);
  });
});

describe('an invite that never went out', () => {
  it.each<[string, () => void, () => void]>([
    ['since the shop had new accounts for a while', () => setAccounts('NEW_CUSTOMER_ACCOUNTS'), () => setAccounts('CLASSIC')],
    ['since Shopify was away for days', () => void (clockMs += 3 * DAY_MS), () => {}],
  ])('can be wished for anew, and goes out once: %s', async (_why, happens, passes) => {
    const { customer, orderId: order } = await buyer();
    await wish(order);
    happens();
    await services.advance();
    expect(await standing(customer)).toMatchObject({ state: 'ended' });
    passes();
    orderId += 1;
    await insertOrder(owner, context.shop.shopId, { orderId, customerId: customer.id, createdAt: new Date(clockMs) });
    expect(await Promise.all([wish(BigInt(orderId)), wish(BigInt(orderId))])).toEqual(['invited', 'invited']);
    await services.advance();
    await services.advance();
    expect(emailsTo(customer)).toBe(1);
    await aMonth(customer);
    expect(emailsTo(customer)).toBe(3);
    expect(await wish(BigInt(orderId))).not.toBe('not-known');
    await services.advance();
    expect(emailsTo(customer)).toBe(3);
  });

  it.each<[string, Parameters<typeof changeCustomer>[2]]>([
    ['declined', { state: 'DECLINED' }],
    ['took their consent back', { marketingState: 'UNSUBSCRIBED' }],
  ])('is not begun anew for who %s', async (_why, to) => {
    const { customer, orderId: order } = await buyer();
    await wish(order);
    change(customer, to);
    await services.advance();
    clockMs += 3_600_000;
    expect(await wish(order)).toBe('invited');
    await services.advance();
    expect(await standing(customer)).toMatchObject({ state: 'ended' });
    expect(emailsTo(customer)).toBe(0);
  });
});

it('a customer whom a webhook brings again and again has one invite', async () => {
  const { customer, orderId: order } = await buyer();
  await wish(order);
  const { refreshCustomer } = await import('#app/services/sync/refresh-customer.server.ts');
  for (let replay = 0; replay < 3; replay += 1) {
    await refreshCustomer(context, BigInt(customer.id));
    await wish(order);
    await services.advance();
  }
  expect(emailsTo(customer)).toBe(1);
});
