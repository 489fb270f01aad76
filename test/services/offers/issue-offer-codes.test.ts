import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { ANYBODY } from '#app/domain/offers/offer-rule.ts';
import type { Fault } from './faulty-wire.ts';
import { aRule, offering } from './offering.ts';
import * as stage from './offering-stage.ts';
import { ask, clock, codesInShopify, context, deleteInShopify, owner, rows, save, shopify, wire } from './offering-stage.ts';

const CREATE = 'CreateCodeDiscount';
const ADD = 'AddRedeemCodes';
const FIND = 'DiscountByCode';
const OTHER_RULE = '22222222-2222-4222-8222-222222222222';

let codesBefore: number;

beforeAll(() => stage.startOffering({ orders: 600 }));
afterAll(stage.stopOffering);
beforeEach(async () => {
  await stage.resetOffering();
  await save(offering());
  codesBefore = codesInShopify().length;
});

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
  const ids: number[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await stage.placeOrder(customerOf(index)));
  return ids;
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
    clock.ms = Math.max(clock.ms, next.not_before.getTime());
  }
  throw new Error('Still not settled after 40 rounds');
}

describe('a code that an order waits for', () => {
  it('hangs on one discount of its rule, for customers and guests alike, each code for one use', async () => {
    await save(offering([aRule({ minimumSubtotalMinor: 1999 })]));
    for (const orderId of await orders(3, (index) => (index === 0 ? 100 : null))) await ask(orderId);
    await issueOnce();
    for (const orderId of await orders(2, () => 101)) await ask(orderId);
    await issueOnce();
    const issued = await codes();
    expect(issued.map(({ state }) => state)).toEqual(Array(5).fill('issued'));
    const discount = shopify.findCode(issued[0]?.code ?? '')?.discount;
    expect(new Set(issued.map(({ discount_gid: gid }) => gid))).toEqual(new Set([`gid://shopify/DiscountCodeNode/${discount?.id}`]));
    expect(discount?.codes.slice(1).map(({ code }) => code).sort()).toEqual(issued.map(({ code }) => code).sort());
    expect(discount).toMatchObject({
      title: expect.stringMatching(/^Perennial: next order, 15 % from 19\.99 EUR, /),
      status: 'ACTIVE',
      percentage: 0.15,
      minimumSubtotal: { amountMinor: 1999, currency: 'EUR' },
      customerIds: [],
      usageLimit: 1,
      appliesOncePerCustomer: false,
      combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
    });
    expect([wire.arrivedOf(CREATE), wire.arrivedOf(ADD)]).toEqual([1, 2]);
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

  it('gives an amount, or the shipping, where its rule says so', async () => {
    const amount = aRule({ grant: { kind: 'amount', amountMinor: 750 }, conditions: { ...ANYBODY, orders: 'first' } });
    const shipping = aRule({ ruleId: OTHER_RULE, grant: { kind: 'free-shipping' } });
    await save(offering([amount, shipping]));
    const [first = 0, second = 0] = await orders(2, () => 102);
    for (const orderId of [first, second]) await ask(orderId);
    await issueUntilSettled();
    const [ofFirst, ofSecond] = (await codes()).map(({ code }) => shopify.findCode(code)?.discount);
    expect(ofFirst).toMatchObject({ amount: { amountMinor: 750, currency: 'EUR' }, percentage: null });
    expect(ofSecond).toMatchObject({ isFreeShipping: true, usageLimit: 1 });
    expect(await ask(first)).toMatchObject({ state: 'granted', gives: { kind: 'amount', amount: { amountMinor: 750 } }, countsDown: false });
    expect(await ask(second)).toMatchObject({ state: 'granted', gives: { kind: 'free-shipping' } });
  });

  it('goes into another discount when the terms are others', async () => {
    const [first = 0, second = 0] = await orders(2, () => null);
    await ask(first);
    await save(offering([aRule({ grant: { kind: 'percent', basisPoints: 2_000 } })]));
    await ask(second);
    await issueOnce();
    expect(new Set((await codes()).map(({ discount_gid: gid }) => gid)).size).toBe(2);
  });

  it('goes into a new discount when the merchant has deleted the one before', async () => {
    const [first = 0, second = 0] = await orders(2, () => null);
    await ask(first);
    await issueOnce();
    const deleted = shopify.findCode((await codes())[0]?.code ?? '')?.discount;
    if (deleted) deleteInShopify(deleted);
    await ask(second);
    await issueUntilSettled();
    const issued = await codes();
    expect(issued.map(({ state }) => state)).toEqual(['issued', 'issued']);
    expect(shopify.findCode(issued[1]?.code ?? '')?.discount.id).not.toBe(deleted?.id);
  });

  it('is given up when the merchant has ended its discount, and the buyer is told nothing', async () => {
    const [first = 0, second = 0] = await orders(2, () => null);
    await ask(first);
    await issueOnce();
    const ended = shopify.findCode((await codes())[0]?.code ?? '')?.discount;
    if (ended) shopify.save('discount', { ...ended, endsAt: new Date(clock.ms - 1_000).toISOString(), status: 'EXPIRED' });
    await ask(second);
    await issueOnce();
    expect((await codes())[1]).toMatchObject({ state: 'failed', last_error: 'over' });
    expect(await ask(second)).toEqual({ state: 'none' });
  });
});

describe('a code from before there were rules', () => {
  it('still comes, restricted to its customer, and is told as one that is for them', async () => {
    const [orderId = 0] = await orders(1, () => 107);
    const { shopId } = context.shop;
    await owner.query(
      `INSERT INTO offer_discounts (shop_id, discount_key, title, customer_id, percent_basis_points, minimum_subtotal_minor, currency, starts_at, ends_at, created_at)
       VALUES ($1, 'order:1', 'Perennial: next order after #1 (1)', 107, 1500, 0, 'EUR', $2, $3, $2)`,
      [shopId, new Date(clock.ms), new Date(clock.ms + 86_400_000)],
    );
    await owner.query(
      `INSERT INTO offer_codes (shop_id, order_id, discount_key, code, state, not_before, intended_at) VALUES ($1, $2, 'order:1', 'BACK-BEFORE22', 'intended', $3, $3)`,
      [shopId, orderId, new Date(clock.ms)],
    );
    await issueOnce();
    expect(shopify.findCode('BACK-BEFORE22')?.discount).toMatchObject({ customerIds: [107], appliesOncePerCustomer: true });
    expect(await ask(orderId)).toMatchObject({ state: 'ready', code: 'BACK-BEFORE22', isPersonal: true });
  });
});

describe('a code whose answer is lost', () => {
  const faults: Fault[] = ['request-lost', 'answer-lost', 'error-before', 'error-after'];

  it.each(faults)('is looked up and never sent blindly again: %s', async (fault) => {
    const [orderId = 0] = await orders(1, () => 101);
    await ask(orderId);
    wire.plan(ADD, [fault]);
    await issueOnce();
    expect(await codes()).toMatchObject([{ state: 'intended', last_error: 'unavailable' }]);
    expect(await ask(orderId)).toMatchObject({ state: 'pending' });
    await issueUntilSettled();
    expect(await codes()).toMatchObject([{ state: 'issued', last_error: null }]);
    expect(codesInShopify().length).toBe(codesBefore + 1);
    // What arrived was never sent twice.
    expect(wire.arrivedOf(ADD)).toBe(1);
  });

  it.each(faults)('of the discount leaves one discount: %s', async (fault) => {
    const [orderId = 0] = await orders(1, () => 101);
    await ask(orderId);
    wire.plan(CREATE, [fault]);
    await issueUntilSettled();
    expect(await codes()).toMatchObject([{ state: 'issued' }]);
    expect([codesInShopify().length, wire.arrivedOf(CREATE)]).toEqual([codesBefore + 1, 1]);
  });

  it('waits while even the question finds no answer, and is sent once', async () => {
    const [orderId = 0] = await orders(1, () => 102);
    await ask(orderId);
    wire.plan(ADD, ['answer-lost']);
    wire.plan(FIND, [null, 'error-before', 'answer-lost']);
    await issueUntilSettled();
    expect(await codes()).toMatchObject([{ state: 'issued', attempts: 1 }]);
    expect(wire.arrivedOf(ADD)).toBe(1);
  });

  it('is found when the process died before it heard', async () => {
    const [orderId = 0] = await orders(1, () => 103);
    await ask(orderId);
    await issueOnce();
    // As if the commits after the answers had never happened.
    await owner.query("UPDATE offer_codes SET state = 'intended', issued_at = NULL, not_before = now() - interval '1 hour'");
    await owner.query('UPDATE offer_discounts SET discount_gid = NULL');
    await issueOnce();
    expect(await codes()).toMatchObject([{ state: 'issued' }]);
    expect([wire.arrivedOf(CREATE), wire.arrivedOf(ADD)]).toEqual([1, 1]);
  });

  it('is given up when the merchant has ended its discount by the time it is found, and the buyer is told nothing', async () => {
    const [orderId = 0] = await orders(1, () => 108);
    await ask(orderId);
    wire.plan(ADD, ['answer-lost']);
    await issueOnce();
    const ended = shopify.findCode((await codes())[0]?.code ?? '')?.discount;
    if (ended === undefined) throw new Error('Shopify has no such code');
    shopify.save('discount', { ...ended, endsAt: new Date(clock.ms - 1_000).toISOString(), status: 'EXPIRED' });
    await issueUntilSettled();
    expect(await codes()).toMatchObject([{ state: 'failed', last_error: 'over' }]);
    expect(await ask(orderId)).toEqual({ state: 'none' });
  });

  it('outlives an outage of an hour, in which nothing is sent twice', async () => {
    const [orderId = 0] = await orders(1, () => 106);
    await ask(orderId);
    const startMs = clock.ms;
    wire.plan(FIND, [null, ...Array<Fault>(100).fill('request-lost')]);
    wire.plan(ADD, ['request-lost']);
    let rounds = 0;
    while (clock.ms - startMs < 3_600_000) {
      await issueOnce();
      rounds += 1;
      const [next] = await rows<{ not_before: Date }>("SELECT not_before FROM offer_codes WHERE state = 'intended'");
      clock.ms = next?.not_before.getTime() ?? Infinity;
    }
    expect(rounds).toBeLessThan(30);
    wire.reset();
    await issueUntilSettled();
    expect(await codes()).toMatchObject([{ state: 'issued', attempts: 2 }]);
    expect(wire.arrivedOf(ADD)).toBe(1);
  });

  it('is given up when Shopify has not taken it eight times, and the buyer is told nothing', async () => {
    const [orderId = 0] = await orders(1, () => 104);
    await ask(orderId);
    wire.plan(ADD, Array<Fault>(20).fill('error-before'));
    await issueUntilSettled();
    expect(await codes()).toMatchObject([{ state: 'failed', attempts: 8, last_error: 'attempts' }]);
    expect(await ask(orderId)).toEqual({ state: 'none' });
  });

  it('costs each order exactly one code in a hundred orders with a third of all calls lost', async () => {
    const ids = await orders(100, (index) => (index % 3 === 0 ? null : 100 + index));
    const cycle: (Fault | null)[] = ['answer-lost', null, null, 'request-lost', null, null, 'error-after', null, null, 'error-before', null, null, null];
    const plan = Array.from({ length: 400 }, (_, index) => cycle[index % cycle.length] ?? null);
    wire.plan(CREATE, plan);
    wire.plan(ADD, plan);
    wire.plan(FIND, plan.toReversed());
    for (const [index, orderId] of ids.entries()) {
      await ask(orderId);
      if (index % 10 === 0) await issueOnce();
    }
    await issueUntilSettled();
    const issued = await codes();
    expect(issued.filter(({ state }) => state !== 'issued')).toEqual([]);
    const ours = new Set(issued.map(({ code }) => code));
    expect(codesInShopify().length).toBe(codesBefore + ids.length);
    expect(codesInShopify().filter((code) => ours.has(code)).length).toBe(ids.length);
  });
});

describe('two workers at once, because a lock was lost', () => {
  it('make one discount', async () => {
    const ids = await orders(12, (index) => (index % 2 === 0 ? null : 110 + index));
    for (const orderId of ids) await ask(orderId);
    await Promise.all([issueOnce(), issueOnce(), issueOnce()]);
    await issueUntilSettled();
    const issued = await codes();
    expect(issued.map(({ state }) => state)).toEqual(Array(12).fill('issued'));
    expect(codesInShopify().length).toBe(codesBefore + 12);
    expect(new Set(issued.map(({ discount_gid: gid }) => gid)).size).toBe(1);
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
      createdAt: new Date(clock.ms).toISOString(),
      startsAt: new Date(clock.ms).toISOString(),
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
    expect(await ask(orderId)).toMatchObject({ state: 'ready', code: after?.code, isPersonal: false });
    expect(shopify.findCode(before?.code ?? '')?.discount.title).toBe('Of the merchant');
  });
});
