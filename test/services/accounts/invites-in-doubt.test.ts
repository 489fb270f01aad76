import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import type { AccountsPage } from '#app/services/accounts/save-account-settings.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { mergeCustomers } from '#test/simulator/order-changes.ts';
import { advance, aMonth, buyer, change, clock, context, DAY_MS, emailsTo, owner, placeOrder, setAccounts, shopify, standing, wire, wish } from './inviting-stage.ts';
import { resetInviting, startInviting, stopInviting } from './inviting-stage.ts';

const SEND = 'SendAccountInvite';
const TEN_MINUTES_MS = 600_000;

beforeAll(startInviting);
afterAll(stopInviting);
beforeEach(resetInviting);

/** A shop in which the app may not send, or not even ask. */
async function denied(isDenied: (document: string) => boolean = () => true): Promise<ShopContext> {
  const { ShopifyAccessError } = await import('#app/adapters/shopify/admin-api.server.ts');
  const { admin } = context;
  return { ...context, admin: (document, ...rest) => (isDenied(String(document)) ? Promise.reject(new ShopifyAccessError('no')) : admin(document, ...rest)) };
}

async function emails() {
  return (await owner.query('SELECT step, state FROM account_invite_emails ORDER BY customer_id, step')).rows;
}

async function page(): Promise<AccountsPage> {
  const { getAccountsPage } = await import('#app/services/accounts/save-account-settings.server.ts');
  return getAccountsPage(context);
}

it('an invite that may have gone out once stays on record as such, and is not taken up again when Shopify lets us', async () => {
  const { customer, orderId } = await buyer();
  await wish(orderId);
  wire.plan(SEND, ['request-lost']);
  await advance();
  clock.ms += TEN_MINUTES_MS;
  // It is believed by now that nothing came of it.
  await advance(await denied((document) => document.includes(SEND)));
  expect(await emails()).toEqual([{ step: 0, state: 'intended' }]);
  const closed = await denied();
  for (let hour = 0; hour < 3 * 24; hour += 1) {
    clock.ms += DAY_MS / 24;
    await advance(closed);
  }
  expect(await standing(customer)).toMatchObject({ state: 'ended', end_reason: 'no-access' });
  const { refreshShopFacts } = await import('#app/services/sync/refresh-shop-facts.server.ts');
  await refreshShopFacts(context);
  await advance();
  expect(await wish(await placeOrder(customer.id))).toBe('not-offered');
  await advance();
  expect([emailsTo(customer), await emails()]).toEqual([0, [{ step: 0, state: 'unknown' }]]);
});

it('an invite that Shopify refuses is over: it is not sent again, and nothing reminds of it', async () => {
  const { customer, orderId } = await buyer();
  await wish(orderId);
  // New accounts since a moment: what is asked still says otherwise, what is sent is refused.
  const { admin } = context;
  const changing: ShopContext = {
    ...context,
    admin: (document, ...rest) => {
      if (String(document).includes(SEND)) setAccounts('NEW_CUSTOMER_ACCOUNTS');
      return admin(document, ...rest);
    },
  };
  await advance(changing);
  setAccounts('CLASSIC');
  await aMonth(customer);
  expect(await standing(customer)).toMatchObject({ state: 'ended', end_reason: 'refused', not_before: null });
  expect([emailsTo(customer), await emails()]).toEqual([0, [{ step: 0, state: 'refused' }]]);
});

it('the page counts as unsent what never went out, and nothing that ended later', async () => {
  const [reminded, activated, declined] = [await buyer(), await buyer(), await buyer()];
  for (const { orderId } of [reminded, activated, declined]) await wish(orderId);
  change(declined.customer, { state: 'DECLINED' });
  await advance();
  change(activated.customer, { state: 'ENABLED' });
  clock.ms += 3 * DAY_MS;
  await advance();
  expect(await standing(activated.customer)).toMatchObject({ state: 'ended', end_reason: 'activated' });
  expect(await page()).toMatchObject({ counts: { wished: 3, activated: 1, open: 1 }, unsent: [{ reason: 'declined', count: 1 }] });
});

it('who goes up in a customer with an invite of their own leaves none behind, and is not reminded by it', async () => {
  const [kept, gone] = [await buyer(), await buyer()];
  for (const { orderId } of [kept, gone]) await wish(orderId);
  await advance();
  mergeCustomers(shopify, kept.customer.id, gone.customer.id, new Date(clock.ms));
  const { mergeCustomers: merge } = await import('#app/services/sync/refresh-customer.server.ts');
  const gidOf = (id: number) => `gid://shopify/Customer/${id}`;
  expect(await merge(context, { keptGid: gidOf(kept.customer.id), deletedGid: gidOf(gone.customer.id) })).toBe('merged');
  expect((await owner.query('SELECT customer_id::int AS id FROM account_invites')).rows).toEqual([{ id: kept.customer.id }]);
  expect(await emails()).toEqual([{ step: 0, state: 'sent' }]);
});

it('no two reminders come together where the worker was away from the first until after the second', async () => {
  const { customer, orderId } = await buyer();
  await wish(orderId);
  await advance();
  clock.ms += 11 * DAY_MS;
  await advance();
  await advance();
  expect(emailsTo(customer)).toBe(2);
  expect(await emails()).toEqual([{ step: 0, state: 'sent' }, { step: 2, state: 'sent' }]);
  expect(await standing(customer)).toMatchObject({ state: 'ended', end_reason: 'all-sent' });
});
