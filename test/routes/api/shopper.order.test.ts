import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { OrderThanks } from '#app/contracts/order-thanks.ts';
import { changeCustomerAccounts } from '#test/simulator/shop-changes.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { daysAgo, DOMAIN, openShopperShop, OTHER_DOMAIN, type ShopperShop } from './shopper-shop.ts';

const ANNA = 4001;
const BEN = 4002;
const LINES = [{ lineId: 11, totalMinor: 4000 }];

let shop: ShopperShop;

beforeAll(async () => {
  process.env['LOYALTY_PAGE_ID'] = 'perennial-loyalty-page';
  shop = await openShopperShop();
});
beforeEach(async () => {
  await shop.reset();
  await shop.saveProgram(aProgram({ earning: { pendingDays: 14 } }));
});
afterAll(async () => {
  delete process.env['LOYALTY_PAGE_ID'];
  await shop.stop();
});

async function pointsOf(orderId: number, as: number | null): Promise<OrderThanks['points']> {
  const { status, body } = await shop.ask(`/api/shopper/order?orderId=${encodeURIComponent(`gid://shopify/OrderIdentity/${orderId}`)}`, { as });
  expect(status).toBe(200);
  return (body as OrderThanks).points;
}

const NONE = { state: 'none' };

describe('the points of an order', () => {
  it('are pending until the order is known, promised until the worker has come to it, and then those of the ledger', async () => {
    expect(await pointsOf(1, ANNA)).toEqual({ state: 'pending', retryAfterMs: 600 });
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    expect(await pointsOf(1, ANNA)).toEqual({ state: 'pending', retryAfterMs: expect.any(Number), isPromised: true });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toEqual({
      state: 'ready',
      points: 200,
      standing: 'pending',
      spendableFrom: expect.stringMatching(/^\d{4}-\d\d-\d\dT2[23]:00:00Z$/),
      balancePoints: 0,
    });
  });

  it('are asked for ever less often while nobody comes to them', async () => {
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    const waits: number[] = [];
    for (const secondsAgo of [0, 20, 60]) {
      await shop.owner.query("UPDATE orders SET created_at = now() - $1 * interval '1 second'", [secondsAgo]);
      const points = await pointsOf(1, ANNA);
      waits.push(points.state === 'pending' ? points.retryAfterMs : 0);
    }
    expect(waits[0]).toBeLessThan(10_000);
    expect(waits[1]).toBeGreaterThanOrEqual(10_000);
    expect(waits[2]).toBe(15_000);
  });

  it('are told to a buyer who is signed out as long as the page is open, without the balance', async () => {
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    await shop.award();
    expect(await pointsOf(1, null)).toMatchObject({ state: 'ready', points: 200, balancePoints: null });
    await shop.owner.query("UPDATE orders SET created_at = now() - interval '25 hours'");
    expect(await pointsOf(1, null)).toEqual(NONE);
    expect(await pointsOf(1, ANNA)).toMatchObject({ state: 'ready', points: 200 });
  });

  it('are spendable at once where nothing is waited for', async () => {
    await shop.saveProgram(aProgram({ earning: { pendingDays: 0 } }), 90);
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toEqual({ state: 'ready', points: 200, standing: 'spendable', spendableFrom: null, balancePoints: 200 });
  });

  it('are what is left after refunds, and none after the last of them', async () => {
    const order = { orderId: 1, customerId: ANNA, processedAt: daysAgo(0) };
    await shop.putOrder({ ...order, lines: [{ lineId: 11, totalMinor: 4000, quantity: 4 }] });
    await shop.award();
    await shop.putOrder({ ...order, lines: [{ lineId: 11, totalMinor: 4000, quantity: 4, currentQuantity: 1 }] });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toMatchObject({ state: 'ready', points: 50 });
    await shop.putOrder({ ...order, lines: [{ lineId: 11, totalMinor: 4000, quantity: 4, currentQuantity: 0 }] });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toEqual(NONE);
  });

  it('hold those for a first order', async () => {
    await shop.saveProgram(aProgram({ earning: { firstOrderPoints: 70 } }), 90);
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toMatchObject({ state: 'ready', points: 270 });
  });

  it('of a guest can be claimed, as many as they then are given', async () => {
    await shop.putOrder({ orderId: 1, customerId: null, lines: LINES });
    await shop.award();
    expect(await pointsOf(1, null)).toEqual({ state: 'ready', points: 200, standing: 'claimable', spendableFrom: null, balancePoints: null });
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toMatchObject({ state: 'ready', points: 200, standing: 'pending' });
  });

  it('are promised while the order waits for its payment or its shipping', async () => {
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES, financialStatus: 'PENDING' });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toEqual({ state: 'ready', points: 200, standing: 'pending', spendableFrom: null, balancePoints: 0 });
    await shop.saveProgram(aProgram({ earning: { occasion: 'fulfilled' } }), 90);
    await shop.putOrder({ orderId: 2, customerId: ANNA, lines: [{ lineId: 12, totalMinor: 1000 }] });
    await shop.award();
    expect(await pointsOf(2, ANNA)).toMatchObject({ state: 'ready', points: 50, standing: 'pending', spendableFrom: null });
    await shop.putOrder({ orderId: 2, customerId: ANNA, lines: [{ lineId: 12, totalMinor: 1000 }], fulfillmentStatus: 'FULFILLED' });
    await shop.award();
    expect(await pointsOf(2, ANNA)).toMatchObject({ state: 'ready', points: 50, spendableFrom: expect.any(String) });
    await shop.putOrder({ orderId: 3, customerId: ANNA, lines: [{ lineId: 13, totalMinor: 1000 }], financialStatus: 'VOIDED' });
    expect(await pointsOf(3, ANNA)).toEqual(NONE);
  });

  it.each([
    ['somebody else', BEN],
    ['a guest, to whoever is signed in', ANNA],
  ])('of %s look like those of an order without any', async (_name, asker) => {
    await shop.putOrder({ orderId: 1, customerId: asker === BEN ? ANNA : null, lines: LINES });
    await shop.award();
    expect(await pointsOf(1, asker)).toEqual(NONE);
  });

  it('are none for an order that earns nothing, at once', async () => {
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: [{ lineId: 11, totalMinor: 4000, isGiftCard: true }] });
    expect(await pointsOf(1, ANNA)).toEqual(NONE);
    await shop.putOrder({ orderId: 2, customerId: ANNA, lines: [{ lineId: 12, totalMinor: 4000 }], cancelledAt: new Date() });
    expect(await pointsOf(2, ANNA)).toEqual(NONE);
  });

  it('are none without a program, for whoever is left out, for whoever was forgotten, and in a shop that left', async () => {
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    await shop.award();
    await shop.owner.query('UPDATE loyalty_members SET is_excluded = true');
    expect(await pointsOf(1, ANNA)).toEqual(NONE);
    await shop.owner.query('UPDATE loyalty_members SET is_excluded = false');
    await shop.saveProgram(aProgram({ status: { kind: 'off' } }), 90);
    expect(await pointsOf(1, ANNA)).toEqual(NONE);
    expect(await pointsOf(9, ANNA)).toEqual(NONE);
    await shop.saveProgram(aProgram(), 80);
    await shop.owner.query('UPDATE orders SET customer_id = -5');
    expect(await pointsOf(1, null)).toEqual(NONE);
    await shop.owner.query('UPDATE shops SET uninstalled_at = now()');
    expect(await pointsOf(9, null)).toEqual(NONE);
  });

  it('of another shop look like those of an order that nobody knows', async () => {
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    await shop.award();
    const [known, unknown] = await Promise.all([1, 7].map((id) => shop.ask(`/api/shopper/order?orderId=${id}`, { as: ANNA, domain: OTHER_DOMAIN })));
    expect(known?.body).toEqual(unknown?.body);
  });
});

describe('the step towards an account', () => {
  const ACCOUNTS = 'https://shopify.com/7/account';
  const WELCOMING = { pendingDays: 14, welcomePoints: 100 };

  beforeEach(async () => {
    await shop.saveProgram(aProgram({ earning: WELCOMING }), 90);
    await shop.owner.query('DELETE FROM account_invites; DELETE FROM customers; DELETE FROM account_settings');
    await shop.owner.query("UPDATE shops SET customer_accounts = 'CLASSIC', customer_accounts_url = $1", [ACCOUNTS]);
    await shop.owner.query('INSERT INTO account_settings SELECT shop_id, true, true, true, now() FROM shops');
  });

  const setMode = (mode: string) => shop.owner.query('UPDATE shops SET customer_accounts = $1', [mode]);
  const putCustomer = (customerId: number, state: string) =>
    shop.owner.query(
      `INSERT INTO customers (shop_id, customer_id, created_at, updated_at, number_of_orders, account_state) VALUES ($1, $2, now(), now(), 1, $3)
       ON CONFLICT (shop_id, customer_id) DO UPDATE SET account_state = excluded.account_state`,
      [shop.context.shop.shopId, customerId, state],
    );
  async function accountOf(orderId: number, as: number | null = null): Promise<OrderThanks['account']> {
    const { body } = await shop.ask(`/api/shopper/order?orderId=${orderId}`, { as });
    return (body as OrderThanks).account;
  }

  it('of a legacy account says what activating it gives, before and after the order is awarded', async () => {
    await putCustomer(ANNA, 'DISABLED');
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    expect(await accountOf(1)).toEqual({ state: 'invite', welcomePoints: 100 });
    await shop.award();
    expect(await pointsOf(1, null)).toMatchObject({ state: 'ready', points: 200 });
    expect(await accountOf(1)).toEqual({ state: 'invite', welcomePoints: 100 });
  });

  it('speaks of an inbox while an e-mail is on its way or has just come, and of nothing where none comes', async () => {
    await putCustomer(ANNA, 'INVITED');
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    expect(await accountOf(1)).toEqual({ state: 'none' });
    const putInvite = async (invite: { state: string; endReason?: string; nextStep: number }, sentHoursAgo: number | null) => {
      await shop.owner.query('DELETE FROM account_invites');
      const { state, endReason = null, nextStep } = invite;
      await shop.owner.query(
        'INSERT INTO account_invites (shop_id, customer_id, order_id, state, end_reason, wished_at, next_step, not_before) SELECT shop_id, $1, 1, $2, $3, $4, $5, $6 FROM shops WHERE shop_id = $7',
        [ANNA, state, endReason, daysAgo(0), nextStep, state === 'open' ? daysAgo(0) : null, shop.context.shop.shopId],
      );
      if (sentHoursAgo === null) return;
      const sentAt = daysAgo(sentHoursAgo / 24);
      await shop.owner.query("INSERT INTO account_invite_emails (shop_id, customer_id, step, state, intended_at, settled_at) VALUES ($1, $2, 0, 'sent', $3, $3)", [shop.context.shop.shopId, ANNA, sentAt]);
    };
    await putInvite({ state: 'open', nextStep: 1 }, 1);
    expect(await accountOf(1)).toEqual({ state: 'invited' });
    await putInvite({ state: 'open', nextStep: 1 }, 25);
    expect(await accountOf(1)).toEqual({ state: 'none' });
    await putCustomer(ANNA, 'DISABLED');
    for (const endReason of ['consent-withdrawn', 'refused']) {
      await putInvite({ state: 'ended', endReason, nextStep: 0 }, null);
      expect(await accountOf(1), endReason).toEqual({ state: 'none' });
    }
    await putInvite({ state: 'open', nextStep: 0 }, null);
    expect(await accountOf(1)).toEqual({ state: 'invited' });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['was welcomed before', () => shop.owner.query("UPDATE shops SET customer_accounts = NULL")],
    ['is left out', async () => {
      await shop.award();
      await shop.owner.query('UPDATE loyalty_members SET is_excluded = true');
    }],
    ['shops where the program welcomes nobody', () => shop.saveProgram(aProgram({ earning: { ...WELCOMING, welcomePoints: null } }), 80)],
    ['shops where the program is paused', () => shop.saveProgram(aProgram({ status: { kind: 'paused' }, earning: WELCOMING }), 80)],
    ['shops where there is none', () => shop.saveProgram(aProgram({ status: { kind: 'off' }, earning: WELCOMING }), 80)],
  ])('promises nothing to who %s', async (_who, happens) => {
    await putCustomer(ANNA, 'DISABLED');
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    await happens();
    await shop.award();
    await setMode('CLASSIC');
    expect(await accountOf(1)).toEqual({ state: 'invite', welcomePoints: null });
  });

  it('of a new account leads to the points, and promises only what the order does not give itself', async () => {
    await setMode('NEW_CUSTOMER_ACCOUNTS');
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    const url = `${ACCOUNTS}/pages/perennial-loyalty-page`;
    expect(await accountOf(1)).toEqual({ state: 'sign-in', url, welcomePoints: null });
    await shop.award();
    expect(await accountOf(1)).toEqual({ state: 'sign-in', url, welcomePoints: null });
    await shop.putOrder({ orderId: 2, customerId: BEN, lines: [{ lineId: 12, totalMinor: 4000, isGiftCard: true }] });
    await shop.award();
    expect(await accountOf(2)).toEqual({ state: 'sign-in', url, welcomePoints: 100 });
    await shop.putOrder({ orderId: 3, customerId: null, lines: [{ lineId: 13, totalMinor: 4000, isGiftCard: true }] });
    expect(await accountOf(3)).toEqual({ state: 'sign-in', url, welcomePoints: null });
    expect(await accountOf(2, BEN)).toEqual({ state: 'none' });
  });

  it('leads to where accounts begin while shoppers are shown no program', async () => {
    await setMode('NEW_CUSTOMER_ACCOUNTS');
    await shop.saveProgram(aProgram({ status: { kind: 'off' } }), 80);
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    expect(await accountOf(1)).toEqual({ state: 'sign-in', url: ACCOUNTS, welcomePoints: null });
  });

  it('follows the shop from one kind of accounts to the other, as soon as the merchant changes it', async () => {
    const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
    await putCustomer(ANNA, 'DISABLED');
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    const shopify = shop.app.running.simulator.requireStore(DOMAIN);
    for (const [accounts, state] of [['NEW_CUSTOMER_ACCOUNTS', 'sign-in'], ['CLASSIC', 'invite']] as const) {
      changeCustomerAccounts(shopify, accounts);
      await waitFor(`${state} under ${accounts}`, async () => {
        await handleWebhooks(shop.context);
        return (await accountOf(1)).state === state || undefined;
      });
    }
    await setMode('NEXT_ACCOUNTS');
    expect(await accountOf(1)).toEqual({ state: 'none' });
  });
});

it('promises no points where only Shopify knows whether there are any', async () => {
  const collection = (factorBasisPoints: number) => ({ id: 'c', name: 'c', factorBasisPoints, startsAtMs: null, endsAtMs: null, scope: { kind: 'collections' as const, collectionIds: [7] } });
  await shop.putOrder({ orderId: 1, customerId: ANNA, lines: [{ lineId: 11, productId: 5, totalMinor: 4000 }] });
  await shop.saveProgram(aProgram({ earning: { multipliers: [collection(0)] } }), 90);
  expect(await pointsOf(1, ANNA)).toMatchObject({ state: 'pending', isPromised: false });
  await shop.saveProgram(aProgram({ earning: { multipliers: [collection(30_000)] } }), 80);
  expect(await pointsOf(1, ANNA)).toMatchObject({ state: 'pending', isPromised: true });
});

it.each(['', '?orderId=', '?orderId=-7', '?orderId=gid://shopify/Customer/7', '?orderId=1&orderId=2', '?orderId=9223372036854775808'])(
  'refuses %s as the order id',
  async (query) => {
    const { status, body } = await shop.ask(`/api/shopper/order${query}`, { as: ANNA });
    expect([status, body]).toEqual([400, { error: 'order-id' }]);
  },
);
