import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { Fault } from '#test/services/offers/faulty-wire.ts';
import type { changeCustomer } from '#test/simulator/customer-changes.ts';
import type { SimCustomer } from '#test/simulator/state.ts';
import { aMonth, advance, buyer, change, clock, context, DAY_MS, emailsTo, owner, placeOrder, save, setAccounts, shopify, standing, wire, wish } from './inviting-stage.ts';
import { resetInviting, startInviting, stopInviting } from './inviting-stage.ts';

const SEND = 'SendAccountInvite';

beforeAll(startInviting);
afterAll(stopInviting);
beforeEach(resetInviting);

describe('an invite that a buyer wished for', () => {
  it('goes out once, is followed by two reminders, and ends', async () => {
    const { customer, orderId } = await buyer();
    const start = clock.ms;
    expect(await wish(orderId)).toBe('invited');
    await advance();
    expect(emailsTo(customer)).toBe(1);
    expect((await standing(customer))?.not_before?.getTime()).toBe(start + 3 * DAY_MS);
    await aMonth(customer);
    expect(emailsTo(customer)).toBe(3);
    expect(clock.ms).toBe(start + 10 * DAY_MS);
    expect(await standing(customer)).toMatchObject({ state: 'ended', end_reason: 'all-sent' });
  });

  it('is one, however often it is wished for and from however many orders', async () => {
    const { customer, orderId } = await buyer();
    const another = await placeOrder(customer.id);
    const wishes = await Promise.all([wish(orderId), wish(orderId), wish(another), wish(orderId)]);
    expect(new Set(wishes)).toEqual(new Set(['invited']));
    await advance();
    await advance();
    expect(emailsTo(customer)).toBe(1);
    expect(await wish(another)).toBe('invited');
    await advance();
    expect(emailsTo(customer)).toBe(1);
  });

  it('ends when the account is activated before a reminder', async () => {
    const { customer, orderId } = await buyer();
    await wish(orderId);
    await advance();
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
    const { customer, orderId } = await buyer();
    await save(settings);
    await wish(orderId);
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
    ['who is deleted', (customer) => shopify.save('customer', { ...(shopify.customers.get(customer.id) ?? customer), deletedAt: new Date(clock.ms).toISOString() }), 'no-customer'],
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
    await advance();
    happens(second.customer);
    await aMonth(second.customer);
    expect(emailsTo(second.customer)).toBe(1);
    expect(await standing(second.customer)).toMatchObject({ state: 'ended', end_reason: reason });
  });

  it('when the merchant has not switched it on, the buyer is signed in, or the order is old or nobody’s', async () => {
    const { orderId } = await buyer();
    expect(await wish(orderId, 1n)).toBe('not-offered');
    expect(await wish(1n)).toBe('not-known');
    await save({ isEnabled: false });
    expect(await wish(orderId)).toBe('not-offered');
    await save({});
    clock.ms += 25 * 3_600_000;
    expect(await wish(orderId)).toBe('not-offered');
    expect(await wish(await placeOrder(null))).toBe('not-offered');
    expect((await owner.query('SELECT 1 FROM account_invites')).rowCount).toBe(0);
  });

  it('a second time by us, where the merchant had invited them', async () => {
    const { customer, orderId } = await buyer();
    await wish(orderId);
    change(customer, { state: 'INVITED' });
    await advance();
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
    const { customer, orderId } = await buyer();
    await save({ hasFirstReminder: false, hasSecondReminder: false });
    await wish(orderId);
    wire.plan(SEND, faults);
    await aMonth(customer);
    expect(emailsTo(customer)).toBe(emails);
  });

  it('leaves a reminder sent at most once', async () => {
    const { customer, orderId } = await buyer();
    await wish(orderId);
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
  /** Whatever is asked, or what `isDenied` says. */
  async function denying(isDenied: (document: string) => boolean = () => true): Promise<ShopContext> {
    const { ShopifyAccessError } = await import('#app/adapters/shopify/admin-api.server.ts');
    const { admin } = context;
    return { ...context, admin: (document, ...rest) => (isDenied(String(document)) ? Promise.reject(new ShopifyAccessError('no')) : admin(document, ...rest)) };
  }

  /** As the worker looks every hour, for so many days. */
  async function days(count: number, of = context): Promise<void> {
    for (let hour = 0; hour < count * 24; hour += 1) {
      clock.ms += 3_600_000;
      await advance(of);
    }
  }

  it('is asked for two days and no longer, which the page says', async () => {
    const { customer, orderId } = await buyer();
    await wish(orderId);
    await days(3, await denying());
    expect(await standing(customer)).toMatchObject({ state: 'ended', end_reason: 'no-access', not_before: null });
    expect(emailsTo(customer)).toBe(0);
    const { getAccountsPage } = await import('#app/services/accounts/save-account-settings.server.ts');
    expect((await getAccountsPage(context)).unsent).toEqual([{ reason: 'no-access', count: 1 }]);
  });

  it('has its invites sent once it lets us again, each once, unless the wish is a fortnight old', async () => {
    const [young, old] = [await buyer(), await buyer()];
    await wish(young.orderId);
    await wish(old.orderId);
    await days(3, await denying());
    await owner.query("UPDATE account_invites SET wished_at = wished_at - interval '14 days' WHERE customer_id = $1", [old.customer.id]);
    await days(1);
    expect(emailsTo(young.customer)).toBe(0);
    const { refreshShopFacts } = await import('#app/services/sync/refresh-shop-facts.server.ts');
    await refreshShopFacts(context);
    await advance();
    await refreshShopFacts(context);
    await advance();
    expect([emailsTo(young.customer), emailsTo(old.customer)]).toEqual([1, 0]);
    expect(await standing(young.customer)).toMatchObject({ state: 'open', next_step: 1 });
    expect(await standing(old.customer)).toMatchObject({ state: 'ended', end_reason: 'no-access' });
  });

  it('sends a reminder after it when it was refused in between, and not twice', async () => {
    const { customer, orderId } = await buyer();
    await wish(orderId);
    await advance();
    clock.ms += 3 * DAY_MS;
    const closed = await denying((document) => document.includes(SEND));
    await advance(closed);
    await advance(closed);
    clock.ms += 3_600_000;
    await advance();
    await advance();
    expect(emailsTo(customer)).toBe(2);
    expect((await owner.query('SELECT step, state FROM account_invite_emails ORDER BY step')).rows).toEqual([{ step: 0, state: 'sent' }, { step: 1, state: 'sent' }]);
  });
});

describe('an invite that never went out', () => {
  it.each<[string, () => void, () => void]>([
    ['since the shop had new accounts for a while', () => setAccounts('NEW_CUSTOMER_ACCOUNTS'), () => setAccounts('CLASSIC')],
    ['since Shopify was away for days', () => void (clock.ms += 3 * DAY_MS), () => {}],
  ])('can be wished for anew, and goes out once: %s', async (_why, happens, passes) => {
    const { customer, orderId } = await buyer();
    await wish(orderId);
    happens();
    await advance();
    expect(await standing(customer)).toMatchObject({ state: 'ended' });
    passes();
    const another = await placeOrder(customer.id);
    expect(await Promise.all([wish(another), wish(another)])).toEqual(['invited', 'invited']);
    await advance();
    await advance();
    expect(emailsTo(customer)).toBe(1);
    await aMonth(customer);
    expect(emailsTo(customer)).toBe(3);
    expect(await wish(another)).not.toBe('not-known');
    await advance();
    expect(emailsTo(customer)).toBe(3);
  });

  it.each<[string, Parameters<typeof changeCustomer>[2]]>([
    ['declined', { state: 'DECLINED' }],
    ['took their consent back', { marketingState: 'UNSUBSCRIBED' }],
  ])('is not begun anew for who %s', async (_why, to) => {
    const { customer, orderId } = await buyer();
    await wish(orderId);
    change(customer, to);
    await advance();
    clock.ms += 3_600_000;
    expect(await wish(orderId)).toBe('not-offered');
    await advance();
    expect(await standing(customer)).toMatchObject({ state: 'ended' });
    expect(emailsTo(customer)).toBe(0);
  });

  it('is not promised to who has no address, unless Shopify cannot say so', async () => {
    const { customer, orderId } = await buyer();
    change(customer, { email: null });
    expect(await wish(orderId)).toBe('not-offered');
    expect(await standing(customer)).toBeUndefined();
    wire.plan('AccountToInvite', ['not-understood']);
    expect(await wish(orderId)).toBe('invited');
  });
});

it('a customer whom a webhook brings again and again has one invite', async () => {
  const { customer, orderId } = await buyer();
  await wish(orderId);
  const { refreshCustomer } = await import('#app/services/sync/refresh-customer.server.ts');
  for (let replay = 0; replay < 3; replay += 1) {
    await refreshCustomer(context, BigInt(customer.id));
    await wish(orderId);
    await advance();
  }
  expect(emailsTo(customer)).toBe(1);
});
