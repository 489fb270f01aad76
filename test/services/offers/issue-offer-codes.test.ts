import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { DEFAULT_OFFER_SETTINGS } from '#app/domain/offers/offer-settings.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { askingAtOnce } from '#test/support/asking-at-once.ts';
import type { Fault } from './faulty-wire.ts';
import { installFaultyWire } from './faulty-wire.ts';
import { insertOrder } from './offer-orders.ts';

const CUSTOMERS = 200;
const STORE = syntheticStore(CUSTOMERS * 3);
const CREATE = 'CreateCodeDiscount';
const ADD = 'AddRedeemCodes';
const FIND = 'DiscountByCode';

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let shopify: ShopStore;
let wire: ReturnType<typeof installFaultyWire>;
/** What the services take for now; the token and Shopify keep their own time. */
let clockMs: number;
let lastOrderId = 50_000;

async function rows<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  return (await owner.query<Row>(sql)).rows;
}

interface CodeRow extends pg.QueryResultRow {
  code: string;
  state: string;
  attempts: number;
  last_error: string | null;
  discount_gid: string | null;
  discount_key: string;
}

function codes(): Promise<CodeRow[]> {
  return rows<CodeRow>(
    `SELECT c.code, c.state, c.attempts, c.last_error, d.discount_gid, c.discount_key FROM offer_codes c
     JOIN offer_discounts d USING (shop_id, discount_key) ORDER BY c.order_id`,
  );
}

async function orders(count: number, customerOf: (index: number) => number | null): Promise<number[]> {
  const ids = Array.from({ length: count }, () => (lastOrderId += 1));
  for (const [index, orderId] of ids.entries()) {
    await insertOrder(owner, context.shop.shopId, { orderId, customerId: customerOf(index), createdAt: new Date(clockMs) });
  }
  return ids;
}

async function ask(orderId: number) {
  const { requestNextOrderOffer } = await import('#app/services/offers/request-next-order-offer.server.ts');
  const answer = await requestNextOrderOffer(context, { orderId: BigInt(orderId), customerId: null });
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

async function issueOnce(): Promise<void> {
  const { issueOfferCodes } = await import('#app/services/offers/issue-offer-codes.server.ts');
  await issueOfferCodes(context);
}

/** As the worker does, with the clock put forward to when the next attempt is due. Returns the number of rounds. */
async function issueUntilSettled(): Promise<number> {
  for (let round = 1; round <= 40; round += 1) {
    await issueOnce();
    const [next] = await rows<{ not_before: Date | null }>(
      "SELECT min(not_before) AS not_before FROM offer_codes WHERE state = 'intended'",
    );
    if (!next?.not_before) return round;
    clockMs = Math.max(clockMs, next.not_before.getTime());
  }
  throw new Error('Still not settled after 40 rounds');
}

/** Codes in Shopify that these tests made; each is worth something to somebody. */
function codesInShopify(): string[] {
  return [...shopify.discounts.values()]
    .filter((discount) => discount.title.startsWith('Perennial'))
    .flatMap((discount) => discount.codes.map(({ code }) => code));
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  clockMs = Date.now();
  context = { ...(await askingAtOnce(await app.install(STORE.shop.domain))), now: () => new Date(clockMs) };
  shopify = app.running.simulator.requireStore(STORE.shop.domain);
  wire = installFaultyWire();
});

afterAll(async () => {
  wire.remove();
  await owner.end();
  await app.stop();
});

let codesBefore: number;

beforeEach(async () => {
  const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
  wire.reset();
  await owner.query('DELETE FROM offer_discounts; DELETE FROM orders');
  await saveOfferSettings(context, { ...DEFAULT_OFFER_SETTINGS, isEnabled: true });
  codesBefore = codesInShopify().length;
});

describe('a code for a customer', () => {
  it('is a discount of its own, which Shopify restricts to that customer and one use', async () => {
    const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
    await saveOfferSettings(context, { ...DEFAULT_OFFER_SETTINGS, isEnabled: true, minimumSubtotalMinor: 1999 });
    const [orderId = 0] = await orders(1, () => 100);
    await ask(orderId);
    await issueOnce();
    const [row] = await codes();
    const found = shopify.findCode(row?.code ?? '');
    expect(row).toMatchObject({ state: 'issued', attempts: 1, discount_gid: `gid://shopify/DiscountCodeNode/${found?.discount.id}` });
    expect(found?.discount).toMatchObject({
      title: `Perennial: next order after #${orderId} (${orderId})`,
      status: 'ACTIVE',
      percentage: 0.15,
      minimumSubtotal: { amountMinor: 1999, currency: 'EUR' },
      customerIds: [100],
      usageLimit: 1,
      appliesOncePerCustomer: true,
      combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
    });
  });

  it('ends with a day of the shop', async () => {
    const [orderId = 0] = await orders(1, () => 100);
    await ask(orderId);
    await issueOnce();
    const [row] = await codes();
    const endsAt = shopify.findCode(row?.code ?? '')?.discount.endsAt ?? '';
    const [shop] = await rows<{ zone: string | null }>('SELECT iana_time_zone AS zone FROM shops');
    const inShop = new Intl.DateTimeFormat('en-GB', { timeZone: shop?.zone ?? 'UTC', timeStyle: 'medium' });
    expect(inShop.format(new Date(endsAt))).toBe('23:59:59');
  });

  it('is given up at once when Shopify refuses its terms', async () => {
    const [orderId = 0] = await orders(1, () => 999_999);
    await ask(orderId);
    await issueOnce();
    expect(await codes()).toMatchObject([{ state: 'failed', attempts: 1, last_error: 'refused INVALID' }]);
    expect(await ask(orderId)).toEqual({ state: 'none' });
  });
});

describe('codes for guests', () => {
  it('share one discount of many codes', async () => {
    for (const orderId of await orders(3, () => null)) await ask(orderId);
    await issueOnce();
    for (const orderId of await orders(2, () => null)) await ask(orderId);
    await issueOnce();
    const issued = await codes();
    expect(issued.map(({ state }) => state)).toEqual(Array(5).fill('issued'));
    expect(new Set(issued.map(({ discount_gid: gid }) => gid)).size).toBe(1);
    const discount = shopify.findCode(issued[0]?.code ?? '')?.discount;
    expect(discount?.codes.map(({ code }) => code).sort()).toEqual(issued.map(({ code }) => code).sort());
    expect(discount).toMatchObject({ customerIds: [], usageLimit: 1, appliesOncePerCustomer: false });
    expect([wire.arrivedOf(CREATE), wire.arrivedOf(ADD)]).toEqual([1, 2]);
  });

  it('go into another discount when the terms are others', async () => {
    const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
    const [first = 0, second = 0] = await orders(2, () => null);
    await ask(first);
    await saveOfferSettings(context, { ...DEFAULT_OFFER_SETTINGS, isEnabled: true, percentBasisPoints: 2000 });
    await ask(second);
    await issueOnce();
    const issued = await codes();
    expect(new Set(issued.map(({ discount_gid: gid }) => gid)).size).toBe(2);
  });

  it('get a new discount when the merchant has deleted the one they share', async () => {
    const [first = 0, second = 0] = await orders(2, () => null);
    await ask(first);
    await issueOnce();
    await owner.query("UPDATE offer_discounts SET discount_gid = 'gid://shopify/DiscountCodeNode/1'");
    await ask(second);
    await issueUntilSettled();
    const issued = await codes();
    expect(issued.map(({ state }) => state)).toEqual(['issued', 'issued']);
    expect(shopify.findCode(issued[1]?.code ?? '')).toBeDefined();
  });
});

describe('a code whose answer is lost', () => {
  const faults: Fault[] = ['request-lost', 'answer-lost', 'error-before', 'error-after'];

  it.each(faults)('is looked up and never sent blindly again: %s', async (fault) => {
    const [orderId = 0] = await orders(1, () => 101);
    await ask(orderId);
    wire.plan(CREATE, [fault]);
    await issueOnce();
    expect(await codes()).toMatchObject([{ state: 'intended', last_error: 'unavailable' }]);
    expect(await ask(orderId)).toMatchObject({ state: 'pending' });
    await issueUntilSettled();
    const [row] = await codes();
    expect(row).toMatchObject({ state: 'issued', last_error: null });
    expect(codesInShopify().length).toBe(codesBefore + 1);
    expect(wire.arrivedOf(FIND)).toBe(1);
    // What arrived was never sent twice.
    expect(wire.arrivedOf(CREATE)).toBe(1);
  });

  it('waits while even the question finds no answer, and is sent once', async () => {
    const [orderId = 0] = await orders(1, () => 102);
    await ask(orderId);
    wire.plan(CREATE, ['answer-lost']);
    wire.plan(FIND, ['error-before', 'answer-lost']);
    await issueUntilSettled();
    expect(await codes()).toMatchObject([{ state: 'issued', attempts: 1 }]);
    expect(wire.arrivedOf(CREATE)).toBe(1);
  });

  it('is found when the process died before it heard', async () => {
    const [orderId = 0] = await orders(1, () => 103);
    await ask(orderId);
    await issueOnce();
    // As if the commit after the answer had never happened.
    await owner.query("UPDATE offer_codes SET state = 'intended', issued_at = NULL, not_before = now() - interval '1 hour'");
    await owner.query('UPDATE offer_discounts SET discount_gid = NULL');
    await issueOnce();
    expect(await codes()).toMatchObject([{ state: 'issued' }]);
    expect(wire.arrivedOf(CREATE)).toBe(1);
  });

  it('of a guest is found among the codes of the shared discount', async () => {
    const ids = await orders(4, () => null);
    for (const orderId of ids) await ask(orderId);
    wire.plan(CREATE, ['answer-lost']);
    wire.plan(ADD, ['answer-lost']);
    await issueUntilSettled();
    const issued = await codes();
    expect(issued.map(({ state }) => state)).toEqual(Array(4).fill('issued'));
    expect(new Set(issued.map(({ discount_gid: gid }) => gid)).size).toBe(1);
    expect(codesInShopify().length).toBe(codesBefore + 4);
    expect(wire.arrivedOf(CREATE)).toBe(1);
  });

  it('outlives an outage of an hour, in which nothing is sent twice', async () => {
    const [orderId = 0] = await orders(1, () => 106);
    await ask(orderId);
    const startMs = clockMs;
    wire.plan(CREATE, ['request-lost']);
    wire.plan(FIND, Array<Fault>(100).fill('request-lost'));
    let rounds = 0;
    while (clockMs - startMs < 3_600_000) {
      await issueOnce();
      rounds += 1;
      const [next] = await rows<{ not_before: Date }>("SELECT not_before FROM offer_codes WHERE state = 'intended'");
      clockMs = next?.not_before.getTime() ?? Infinity;
    }
    expect(rounds).toBeLessThan(30);
    wire.reset();
    await issueUntilSettled();
    expect(await codes()).toMatchObject([{ state: 'issued', attempts: 2 }]);
    expect(wire.arrivedOf(CREATE)).toBe(1);
  });

  it('is given up when Shopify has not taken it eight times, and the buyer is told nothing', async () => {
    const [orderId = 0] = await orders(1, () => 104);
    await ask(orderId);
    wire.plan(CREATE, Array<Fault>(20).fill('error-before'));
    await issueUntilSettled();
    expect(await codes()).toMatchObject([{ state: 'failed', attempts: 8, last_error: 'attempts' }]);
    expect(await ask(orderId)).toEqual({ state: 'none' });
  });

  it('costs each order exactly one code in a hundred orders with a third of all calls lost', async () => {
    const ids = await orders(100, (index) => (index % 3 === 0 ? null : 100 + index));
    for (const orderId of ids) await ask(orderId);
    const cycle: (Fault | null)[] = ['answer-lost', null, null, 'request-lost', null, null, 'error-after', null, null, 'error-before', null, null, null];
    const plan = Array.from({ length: 400 }, (_, index) => cycle[index % cycle.length] ?? null);
    wire.plan(CREATE, plan);
    wire.plan(ADD, plan);
    wire.plan(FIND, plan.toReversed());
    await issueUntilSettled();
    const issued = await codes();
    expect(issued.filter(({ state }) => state !== 'issued')).toEqual([]);
    const ours = new Set(issued.map(({ code }) => code));
    expect(codesInShopify().length).toBe(codesBefore + ids.length);
    expect(codesInShopify().filter((code) => ours.has(code)).length).toBe(ids.length);
  });
});

describe('two workers at once, because a lock was lost', () => {
  it('make one discount a customer and one for all guests', async () => {
    const ids = await orders(12, (index) => (index % 2 === 0 ? null : 110 + index));
    for (const orderId of ids) await ask(orderId);
    await Promise.all([issueOnce(), issueOnce(), issueOnce()]);
    await issueUntilSettled();
    const issued = await codes();
    expect(issued.map(({ state }) => state)).toEqual(Array(12).fill('issued'));
    expect(codesInShopify().length).toBe(codesBefore + 12);
    expect(new Set(issued.map(({ discount_gid: gid }) => gid)).size).toBe(7);
  });
});

describe('a code that somebody else has', () => {
  it('makes way for the next one, which is on record before it is sent', async () => {
    const [orderId = 0] = await orders(1, () => 105);
    await ask(orderId);
    const [before] = await codes();
    shopify.save('discount', {
      id: shopify.nextId(),
      title: 'Of the merchant',
      createdAt: new Date(clockMs).toISOString(),
      startsAt: new Date(clockMs).toISOString(),
      endsAt: null,
      usageLimit: null,
      appliesOncePerCustomer: false,
      percentage: 0.5,
      amount: null,
      minimumSubtotal: null,
      customerIds: [],
      combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
      codes: [{ id: shopify.nextId(), code: before?.code ?? '', asyncUsageCount: 0 }],
      status: 'ACTIVE',
    });
    await issueUntilSettled();
    const [after] = await codes();
    expect(after).toMatchObject({ state: 'issued' });
    expect(after?.code).not.toBe(before?.code);
    expect(await ask(orderId)).toMatchObject({ state: 'ready', code: after?.code, isPersonal: true });
    expect(shopify.findCode(before?.code ?? '')?.discount.title).toBe('Of the merchant');
  });
});
