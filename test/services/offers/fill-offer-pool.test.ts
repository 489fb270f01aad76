import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { Fault } from './faulty-wire.ts';
import { insertOrder } from './offer-orders.ts';
import { aRule, offering } from './offering.ts';
import * as stage from './offering-stage.ts';
import { clock, codesInShopify, context, deleteInShopify, ours, owner, rows, save, shopify, wire } from './offering-stage.ts';

const CREATE = 'CreateCodeDiscount';
const ADD = 'AddRedeemCodes';
const FIND = 'DiscountByCode';
const LIST = 'RedeemCodesOf';
/** So that neither a day nor a flash slot is about to end. */
const AFTERNOON = '2026-11-22T13:00:00Z';
const HOUR_MS = 3_600_000;

beforeAll(() => stage.startOffering({ orders: 30 }));
afterAll(stage.stopOffering);
beforeEach(async () => {
  await stage.resetOffering(new Date(AFTERNOON));
  await owner.query("UPDATE shops SET iana_time_zone = 'UTC'");
  await save(offering());
});

/** Of an order of its own. */
const ask = async (customerId: number | null = null) => stage.ask(await stage.placeOrder(customerId));

async function look(of: ShopContext = context) {
  const { fillOfferPool } = await import('#app/services/offers/fill-offer-pool.server.ts');
  return fillOfferPool(of);
}

/** As the worker does: again as long as it is due. Returns what came of the last look. */
async function lookWhileDue() {
  for (let turn = 0; turn < 40; turn += 1) {
    const came = await look();
    const [row] = await rows<{ due: Date | null }>('SELECT pool_due_at AS due FROM offer_settings');
    if (row?.due && row.due.getTime() > clock.ms) return came;
  }
  throw new Error('due for ever');
}

async function stock(): Promise<Record<string, number>> {
  const found = await rows<{ state: string; count: number }>('SELECT state, count(*)::int AS count FROM offer_pool_codes GROUP BY state');
  return Object.fromEntries(found.map(({ state, count }) => [state, count]));
}

async function dueInMs(): Promise<number> {
  const [row] = await rows<{ due: Date }>('SELECT pool_due_at AS due FROM offer_settings');
  return (row?.due.getTime() ?? Number.NaN) - clock.ms;
}

describe('the pool of codes', () => {
  it('has fifty of each rule’s discount in Shopify, all of them known there', async () => {
    const amount = aRule({ ruleId: '22222222-2222-4222-8222-222222222222', grant: { kind: 'amount', amountMinor: 500 } });
    const shipping = aRule({ ruleId: '33333333-3333-4333-8333-333333333333', grant: { kind: 'free-shipping' }, validity: { kind: 'hours', hours: 48 } });
    const off = aRule({ ruleId: '44444444-4444-4444-8444-444444444444', isEnabled: false });
    const credit = aRule({ ruleId: '55555555-5555-4555-8555-555555555555', grant: { kind: 'store-credit', amountMinor: 500 } });
    await save(offering([aRule(), amount, shipping, off, credit]));
    expect(await lookWhileDue()).toBe('full');
    expect(await stock()).toEqual({ added: 150 });
    const kept = await rows<{ code: string }>("SELECT code FROM offer_pool_codes WHERE state = 'added' ORDER BY 1");
    expect(codesInShopify().sort()).toEqual(kept.map(({ code }) => code));
    expect(ours().map(({ percentage, amount: off_, isFreeShipping }) => percentage ?? off_?.amountMinor ?? isFreeShipping)).toEqual([0.15, 500, true]);
    expect(ours().map(({ codes }) => codes.length)).toEqual([51, 51, 51]);
    expect(await dueInMs()).toBe(HOUR_MS);
  });

  it('is looked at again soon when codes were taken while the worker was at it', async () => {
    await lookWhileDue();
    clock.ms += HOUR_MS;
    let asked = 0;
    const admin: ShopContext['admin'] = async (document, variables) => {
      if ((asked += 1) === 1) {
        clock.ms += 1;
        expect(await ask()).toMatchObject({ state: 'ready' });
      }
      return context.admin(document, variables);
    };
    expect(await look({ ...context, admin })).toBe('full');
    expect(asked).toBeGreaterThan(0);
    expect(await dueInMs()).toBe(5_000);
    clock.ms += 5_000;
    await look();
    expect(await dueInMs()).toBe(HOUR_MS);
  });

  it('answers the first question with a code that works, and says so at once', async () => {
    await lookWhileDue();
    const offer = await ask(100);
    expect(offer).toMatchObject({ state: 'ready', percentBasisPoints: 1_500, isPersonal: false });
    expect(await stock()).toEqual({ added: 49, taken: 1 });
    if (offer.state !== 'ready') throw new Error(offer.state);
    expect(shopify.findCode(offer.code)?.discount.endsAt).toBe(new Date(offer.endsAt).toISOString());
    // Whether enough are left is looked at soon, and not in an hour.
    expect(await dueInMs()).toBe(5_000);
  });

  it('gives each of its codes to one order, to the last, wherever an order begins to look', async () => {
    await lookWhileDue();
    const free = codesInShopify().sort();
    const given: string[] = [];
    for (const _ of free) {
      const offer = await ask();
      if (offer.state !== 'ready') throw new Error(`${offer.state} after ${given.length} of ${free.length}`);
      given.push(offer.code);
    }
    // Not in the order in which anybody would read them, so that those who ask at once do not meet at the first one.
    expect(given).not.toEqual(free);
    expect([given.sort(), await stock(), (await ask()).state]).toEqual([free, { taken: 50 }, 'pending']);
  });

  it('gives nobody a code that an order has already, and writes nothing where no other is to be had', async () => {
    await lookWhileDue();
    const earlier = await ask();
    await owner.query("DELETE FROM offer_pool_codes WHERE state = 'added'; UPDATE offer_pool_codes SET state = 'added'");
    const promised = await stage.placeOrder(null);
    expect([earlier.state, await stage.ask(promised), await stock()]).toEqual(['ready', { state: 'pending', retryAfterMs: 400, isPromised: true }, { taken: 1 }]);
    // As if chance had given the derived codes of this order to others.
    const unlucky = await stage.placeOrder(null);
    const { deriveOfferCode } = await import('#app/services/offers/derive-offer-code.server.ts');
    const choices = Array.from({ length: 8 }, (_, choice) => deriveOfferCode(context, BigInt(unlucky), choice));
    const takeAll = (codes: string[]) =>
      owner.query(
        `INSERT INTO offer_codes (shop_id, order_id, discount_key, code, state, not_before, intended_at)
         SELECT shop_id, 70000 + n, discount_key, code, 'intended', now(), now() FROM offer_discounts, unnest($1::text[]) WITH ORDINALITY u (code, n)`,
        [codes],
      );
    await takeAll(choices);
    await expect(stage.ask(unlucky)).rejects.toMatchObject({ code: '23502' });
    expect(await rows(`SELECT FROM offer_decisions WHERE order_id = ${unlucky}`)).toEqual([]);
    await owner.query('DELETE FROM offer_codes WHERE order_id = 70003');
    expect(await stage.ask(unlucky)).toMatchObject({ isPromised: true });
    expect(await rows(`SELECT code FROM offer_codes WHERE order_id = ${unlucky}`)).toEqual([{ code: choices[2] }]);
  });

  it('gives a code of the rule that fits, and none of another while that has none', async () => {
    await lookWhileDue();
    await save(offering([aRule({ ruleId: '22222222-2222-4222-8222-222222222222', grant: { kind: 'percent', basisPoints: 2_000 } }), aRule()]));
    expect([(await ask()).state, await stock()]).toEqual(['pending', { added: 50 }]);
    await lookWhileDue();
    const offer = await ask();
    if (offer.state !== 'ready') throw new Error(offer.state);
    expect([offer.percentBasisPoints, shopify.findCode(offer.code)?.discount.percentage]).toEqual([2_000, 0.2]);
  });

  it('is filled again when half is gone, and not before', async () => {
    await lookWhileDue();
    for (let taken = 0; taken < 25; taken += 1) await ask();
    await lookWhileDue();
    expect(await stock()).toEqual({ added: 25, taken: 25 });
    await ask();
    await lookWhileDue();
    expect(await stock()).toEqual({ added: 50, taken: 26 });
  });

  it('has the next day’s codes from two hours before it begins', async () => {
    clock.ms = Date.parse('2026-11-22T21:59:00Z');
    await lookWhileDue();
    expect(ours().length).toBe(1);
    clock.ms += HOUR_MS;
    await lookWhileDue();
    expect(ours().map(({ codes }) => codes.length)).toEqual([51, 51]);
    clock.ms = Date.parse('2026-11-23T00:00:30Z');
    expect(await ask()).toMatchObject({ state: 'ready', endsAt: '2026-12-23T23:59:59Z' });
  });

  it('is twice the orders of the busiest hour of four weeks', async () => {
    for (let index = 0; index < 40; index += 1) {
      await insertOrder(owner, context.shop.shopId, { orderId: 90_000 + index, createdAt: new Date(clock.ms - 20 * 24 * HOUR_MS + index * 1_000) });
    }
    await lookWhileDue();
    expect(await stock()).toEqual({ added: 80 });
  });

  it('holds no code that an order has already, however chance has it', async () => {
    const always = { ...context, randomBytes: (length: number) => new Uint8Array(length).fill(7) };
    await look(always);
    expect(await stock()).toEqual({ added: 1 });
    const first = await ask();
    await owner.query('DELETE FROM offer_pool_codes');
    await look(always);
    await look(always);
    expect(await stock()).toEqual({});
    expect(first).toMatchObject({ state: 'ready' });
  });

  it('is not filled while offers are off, and not due', async () => {
    await save(offering([aRule()], { isEnabled: false }));
    const isDue = () => stage.isDue('offer-pool');
    expect([await look(), await isDue(), ours().length]).toEqual(['full', false, 0]);
    await save(offering());
    expect(await isDue()).toBe(true);
    await lookWhileDue();
    expect(await isDue()).toBe(false);
  });

  it('waits for the first sync, which says in which currency and whose day', async () => {
    await owner.query('UPDATE shops SET currency = NULL');
    expect([await look(), await dueInMs(), ours().length]).toEqual(['unavailable', 15_000, 0]);
  });

  it('is filled for the other rules when Shopify does not understand one, which is asked for hours later', async () => {
    const freeShipping = aRule({ ruleId: '22222222-2222-4222-8222-222222222222', grant: { kind: 'free-shipping' } });
    await save(offering([aRule(), freeShipping]));
    wire.plan(CREATE, Array.from({ length: 40 }, () => 'not-understood' as const));
    expect([await lookWhileDue(), await stock(), await dueInMs()]).toEqual(['refused', { added: 50 }, 6 * HOUR_MS]);
  });

  it('looks at rules that were saved meanwhile at once', async () => {
    const saving = { ...context, wait: async () => save(offering([aRule({ minimumSubtotalMinor: 2_500 })])) };
    clock.ms += 1_000;
    await look({ ...saving, now: () => new Date(clock.ms + 5) });
    const [row] = await rows('SELECT pool_due_at FROM offer_settings');
    expect(row).toEqual({ pool_due_at: null });
  });
});

describe('codes made ahead whose answer is lost', () => {
  const faults: Fault[] = ['request-lost', 'answer-lost', 'error-before', 'error-after'];

  it.each(faults)('are given to nobody before they are found, nor made twice: %s', async (fault) => {
    wire.plan(ADD, [fault]);
    expect(await look()).toBe('unavailable');
    expect(await stock()).toEqual({ intended: 50 });
    expect([await dueInMs(), (await ask()).state]).toEqual([15_000, 'pending']);
    expect(await lookWhileDue()).toBe('full');
    expect(await stock()).toEqual({ added: 50 });
    expect([wire.arrivedOf(CREATE), wire.arrivedOf(ADD)]).toEqual([1, 1]);
    expect(wire.arrivedOf(LIST)).toBe(1);
  });

  it('are found when the process died before it heard', async () => {
    await lookWhileDue();
    await owner.query("UPDATE offer_pool_codes SET state = 'intended'; UPDATE offer_discounts SET discount_gid = NULL");
    await lookWhileDue();
    expect(await stock()).toEqual({ added: 50 });
    expect([ours().length, wire.arrivedOf(ADD)]).toEqual([1, 1]);
  });

  it('are given up when somebody else has them', async () => {
    await look();
    await owner.query("UPDATE offer_pool_codes SET state = 'failed'");
    const [discount] = ours();
    if (!discount) throw new Error('no discount');
    const foreign = { ...discount, id: shopify.nextId(), title: 'Of the merchant', codes: [{ id: shopify.nextId(), code: 'BACK-TAKEN222', asyncUsageCount: 0 }] };
    shopify.save('discount', foreign);
    await owner.query(
      `INSERT INTO offer_pool_codes (shop_id, code, discount_key, state, intended_at) SELECT shop_id, 'BACK-TAKEN222', discount_key, 'intended', now() FROM offer_discounts`,
    );
    clock.ms += HOUR_MS;
    await lookWhileDue();
    expect(await rows("SELECT state, last_error FROM offer_pool_codes WHERE code = 'BACK-TAKEN222'")).toEqual([{ state: 'failed', last_error: 'not-added' }]);
    expect((await stock())['added']).toBe(49);
  });

  it('are as many as they should be when two workers fill at once, because a lock was lost', async () => {
    await Promise.all([look(), look(), look()]);
    await lookWhileDue();
    const { added = 0 } = await stock();
    expect(added).toBeGreaterThanOrEqual(50);
    expect([ours().length, codesInShopify().length]).toEqual([1, added]);
  });
});

describe('a discount that the merchant', () => {
  it('deleted is made again, and the codes that went with it are given to nobody', async () => {
    await lookWhileDue();
    for (const discount of ours()) deleteInShopify(discount);
    clock.ms += HOUR_MS;
    await lookWhileDue();
    expect(await stock()).toEqual({ failed: 50, added: 50 });
    const offer = await ask();
    expect(offer.state === 'ready' && shopify.findCode(offer.code) !== undefined).toBe(true);
  });

  it.each([
    ['the question found no answer', 'unavailable', () => wire.plan(FIND, ['error-before', 'error-before', 'error-before'])],
    ['the next discount could not be made', 'unavailable', () => wire.plan(CREATE, ['request-lost'])],
  ])('deleted is found out by the next look when one broke off: %s', async (_name, came, breakOff) => {
    await lookWhileDue();
    for (const discount of ours()) deleteInShopify(discount);
    clock.ms += HOUR_MS;
    breakOff();
    expect(await look()).toBe(came);
    wire.reset();
    clock.ms += 15_000;
    expect(await lookWhileDue()).toBe('full');
    expect(await stock()).toEqual({ failed: 50, added: 50 });
  });

  it('deleted is found out by the look that gets through, when there is more to send than a turn does', async () => {
    await lookWhileDue();
    for (const discount of ours()) deleteInShopify(discount);
    clock.ms += HOUR_MS;
    const others = [2, 3, 4, 5, 6].map((digit) => aRule({ ruleId: `${digit}1111111-1111-4111-8111-111111111111`, minimumSubtotalMinor: digit * 1_000 }));
    await save(offering([aRule(), ...others]));
    expect(await look()).toBe('more');
    expect(await lookWhileDue()).toBe('full');
    expect(await stock()).toEqual({ failed: 50, added: 300 });
  });

  it('ended stays ended: nobody gets its codes, and there are no others', async () => {
    await lookWhileDue();
    for (const discount of ours()) shopify.save('discount', { ...discount, endsAt: new Date(clock.ms).toISOString(), status: 'EXPIRED' });
    clock.ms += HOUR_MS;
    await lookWhileDue();
    expect([await stock(), ours().length]).toEqual([{ failed: 50 }, 1]);
    expect(await ask()).toMatchObject({ state: 'pending' });
  });

  it('gave another title is still ours', async () => {
    await lookWhileDue();
    for (const discount of ours()) shopify.save('discount', { ...discount, title: 'Thank you' });
    clock.ms += HOUR_MS;
    await lookWhileDue();
    expect([await stock(), shopify.discounts.size]).toEqual([{ added: 50 }, 1]);
  });
});

describe('codes of the pool that nobody will ask for', () => {
  it('are forgotten two days later, and what orders took with the discount', async () => {
    const { forgetPoolCodes } = await import('#app/adapters/db/offers/pool-stock.repository.server.ts');
    const forget = () => context.inShop((db) => forgetPoolCodes(db, context.shop, new Date(clock.ms)));
    await lookWhileDue();
    await ask();
    clock.ms += 36 * HOUR_MS;
    await forget();
    expect(await stock()).toEqual({ added: 49, taken: 1 });
    clock.ms += 24 * HOUR_MS;
    await forget();
    expect(await stock()).toEqual({ taken: 1 });
    clock.ms += 31 * 24 * HOUR_MS;
    await forget();
    expect([await stock(), await rows('SELECT 1 FROM offer_codes')]).toEqual([{}, [{ '?column?': 1 }]]);
  });

  it.each(['recorded', 'answer lost'])('leave the merchant’s list a month after their end, unless one was used: %s', async (known) => {
    const { tidyDiscounts } = await import('#app/services/operations/tidy-discounts.server.ts');
    const { forgetPoolCodes } = await import('#app/adapters/db/offers/pool-stock.repository.server.ts');
    await lookWhileDue();
    clock.ms += 24 * HOUR_MS;
    await lookWhileDue();
    const [unused, used] = ours();
    if (used === undefined) throw new Error('one discount a day');
    shopify.save('discount', { ...used, codes: used.codes.map((one, index) => ({ ...one, asyncUsageCount: index === 1 ? 1 : 0 })) });
    if (known === 'answer lost') await owner.query('UPDATE offer_discounts SET discount_gid = NULL');
    const night = async (hours: number) => {
      clock.ms += hours * HOUR_MS;
      await context.inShop((db) => forgetPoolCodes(db, context.shop, new Date(clock.ms)));
      return [await tidyDiscounts(context), ours().length];
    };
    expect(await night(59 * 24)).toEqual(['done', 2]);
    expect(await night(3 * 24)).toEqual(['done', 1]);
    expect(ours().map(({ id }) => id)).toEqual([used.id]);
    expect(unused?.id).not.toBe(used.id);
    expect(await night(24)).toEqual(['done', 1]);
    expect(await rows('SELECT 1 FROM offer_discounts')).toEqual([]);
    expect(wire.arrivedOf('DeleteCodeDiscount')).toBe(1);
  });
});
