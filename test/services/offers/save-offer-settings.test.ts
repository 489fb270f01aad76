import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { FIRST_RULE_ID, firstRule } from '#app/domain/offers/first-rule.ts';
import { ANYBODY } from '#app/domain/offers/offer-rule.ts';
import { DEFAULT_OFFER_SETTINGS } from '#app/domain/offers/offer-settings.ts';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';
import { writeOffersDraft } from '#app/domain/offers/offers-draft.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { BROWSER_AGENT, startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { insertOrder } from './offer-orders.ts';
import { aRule, offering } from './offering.ts';

const STORE = syntheticStore(3);
const OTHER = syntheticStore(3, { shop: { id: 2, domain: 'other.myshopify.com' } });
const RULES = [
  aRule({
    name: 'Gold',
    conditions: { ...ANYBODY, orders: 'returning', segments: ['vip'], tiers: ['gold'], countries: ['DE'], products: ['7'], leastSubtotalMinor: 1_000, mostSubtotalMinor: 9_000 },
    grant: { kind: 'amount', amountMinor: 500 },
    minimumSubtotalMinor: 1_999,
  }),
  aRule({ ruleId: '22222222-2222-4222-8222-222222222222', grant: { kind: 'free-shipping' }, validity: { kind: 'hours', hours: 48 } }),
  aRule({ ruleId: '33333333-3333-4333-8333-333333333333', isEnabled: false, grant: { kind: 'store-credit', amountMinor: 300 } }),
];
const VALID: OfferSettings = offering(RULES, { holdoutBasisPoints: 1_000, mostOpenCodes: 3, mostDepthBasisPoints: 5_000, grossMarginBasisPoints: 6_000 });

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let other: ShopContext;

async function save(input: unknown) {
  const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
  return saveOfferSettings(context, input);
}

async function saved(of: ShopContext = context) {
  const { getOffersPage } = await import('#app/services/offers/get-offers-page.server.ts');
  return (await getOffersPage(of)).settings;
}

/** Posts the page's form as a merchant's browser would. */
async function post(fields: Record<string, string>): Promise<{ status: number; body: unknown }> {
  const { action } = await import('#app/routes/app.offers.tsx');
  const token = new URL(app.openRequest(STORE.shop.domain, '/app/offers').url).searchParams.get('id_token') ?? '';
  const request = new Request(`${app.running.appFrontUrl}/app/offers`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { 'User-Agent': BROWSER_AGENT, Authorization: `Bearer ${token}` },
  });
  const response = await action({ request, params: {}, context: {} });
  return { status: response.status, body: await response.json() };
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, OTHER] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(STORE.shop.domain);
  other = await app.install(OTHER.shop.domain);
  await owner.query("UPDATE shops SET currency = 'EUR', iana_time_zone = 'Europe/Berlin'");
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

describe('offers', () => {
  it('are off and without rules before anybody has saved any', async () => {
    expect(await saved()).toEqual(DEFAULT_OFFER_SETTINGS);
  });

  it('are those that were saved, in their order, for this shop only', async () => {
    expect(await save(VALID)).toEqual({ ok: true, value: VALID });
    expect(await saved()).toEqual(VALID);
    await save({ ...VALID, rules: RULES.toReversed() });
    expect(await saved()).toEqual({ ...VALID, rules: RULES.toReversed() });
    expect(await saved(other)).toEqual(DEFAULT_OFFER_SETTINGS);
  });

  it('want codes made ahead as soon as they are saved', async () => {
    await owner.query("UPDATE offer_settings SET pool_due_at = now() + interval '1 hour'");
    await save(VALID);
    expect((await owner.query('SELECT pool_due_at FROM offer_settings')).rows).toEqual([{ pool_due_at: null }]);
  });

  it('name what is wrong with a field, and stay as they were', async () => {
    await save(VALID);
    const rules = [aRule({ grant: { kind: 'percent', basisPoints: 6_000 } })];
    expect(await save({ ...VALID, rules, holdoutBasisPoints: 5_001 })).toEqual({
      ok: false,
      reason: 'wrong-fields',
      problems: { holdout: 'out-of-range', 'rules[0].percent': 'too-deep' },
    });
    expect(await saved()).toEqual(VALID);
  });

  it.each<[string, object]>([
    ['a field that nobody knows', { shopId: 2 }],
    ['half a point', { holdoutBasisPoints: 0.5 }],
    ['a number that is a text', { mostOpenCodes: '3' }],
    ['a grant of another kind', { rules: [{ ...aRule(), grant: { kind: 'car' } }] }],
    ['a country that is a sentence', { rules: [aRule({ conditions: { ...ANYBODY, countries: ['Germany'] } })] }],
    ['a rule that is there twice', { rules: [aRule(), aRule()] }],
    ['an id that is none', { rules: [aRule({ ruleId: 'x' })] }],
  ])('take in no %s', async (_name, changes) => {
    await save(VALID);
    expect(await save({ ...VALID, ...changes })).toEqual({ ok: false, reason: 'unreadable' });
    expect(await saved()).toEqual(VALID);
  });

  it('that two people save at once are those of one of them, whole', async () => {
    const one = offering(RULES.slice(0, 2));
    const two = offering(RULES.slice(1));
    await Promise.all([save(one), save(two), save(one), save(two)]);
    expect([one, two]).toContainEqual(await saved());
  });

  it('hold no amount while the shop has another currency than they were saved in', async () => {
    await save(VALID);
    await owner.query("UPDATE shops SET currency = 'JPY'");
    const [gold, shipping, credit] = (await saved()).rules;
    await owner.query("UPDATE shops SET currency = 'EUR'");
    expect(gold).toMatchObject({ isEnabled: false, minimumSubtotalMinor: 0, conditions: { leastSubtotalMinor: null, mostSubtotalMinor: null } });
    expect(shipping).toEqual(RULES[1]);
    expect(credit).toMatchObject({ isEnabled: false });
    expect(await saved()).toEqual(VALID);
  });
});

describe('what a rule added', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute));
  const saveAt = async (minute: number, rules: OfferRule[]) => {
    const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
    await saveOfferSettings({ ...context, now: () => at(minute) }, offering(rules, { holdoutBasisPoints: 5_000 }));
  };
  const rulesOf = async () => {
    const { getOfferLift } = await import('#app/services/offers/get-offer-lift.server.ts');
    await owner.query('UPDATE shops SET data_version = data_version + 1');
    const lift = await getOfferLift({ ...context, now: () => new Date(Date.UTC(2026, 5, 1)) }, null);
    return lift?.rules.map(({ ruleId, sinceMs, offered }) => [ruleId, sinceMs, offered.customers]);
  };

  it('is measured since it last asked or gave something else, whatever else was saved', async () => {
    const kept = aRule();
    const changed = aRule({ ruleId: '22222222-2222-4222-8222-222222222222', conditions: { ...ANYBODY, countries: ['DE', 'FR'] } });
    await saveAt(0, [kept, changed]);
    for (const [index, minute] of [1, 11].entries()) {
      for (const [side, { ruleId }] of [kept, changed].entries()) {
        const orderId = 9_000 + index * 2 + side;
        await insertOrder(owner, context.shop.shopId, { orderId, customerId: orderId, createdAt: at(minute) });
        await owner.query('INSERT INTO offer_decisions (shop_id, order_id, is_held_out, decided_at, holdout_basis_points, rule_id) VALUES ($1, $2, false, $3, 5000, $4)', [
          context.shop.shopId,
          orderId,
          at(minute),
          ruleId,
        ]);
      }
    }
    await saveAt(5, [{ ...changed, isEnabled: false }, { ...kept, name: 'Another name' }]);
    expect(await rulesOf()).toEqual([[kept.ruleId, null, 2], [changed.ruleId, null, 2]]);
    await saveAt(10, [kept, { ...changed, minimumSubtotalMinor: 2_000 }]);
    await saveAt(12, [kept, { ...changed, minimumSubtotalMinor: 2_000, name: 'As before' }]);
    expect(await rulesOf()).toEqual([[kept.ruleId, null, 2], [changed.ruleId, at(10).getTime(), 1]]);
  });
});

describe('terms of before there were rules', () => {
  const TERMS = { percentBasisPoints: 1_250, validDays: 14, minimumSubtotalMinor: 1_999 };

  it('are the only rule, and nobody counts a customer’s codes, until rules are saved', async () => {
    await owner.query('DELETE FROM offer_rules; DELETE FROM offer_settings');
    await owner.query(
      `INSERT INTO offer_settings (shop_id, is_enabled, percent_basis_points, valid_days, minimum_subtotal_minor, currency, audience, updated_at)
       VALUES ($1, true, 1250, 14, 1999, 'EUR', 'first-order', now())`,
      [context.shop.shopId],
    );
    const rule = firstRule({ ...TERMS, audience: 'first-order' });
    expect(rule).toMatchObject({ ruleId: FIRST_RULE_ID, conditions: { orders: 'first' }, minimumSubtotalMinor: 1_999 });
    const before = await saved();
    expect(before).toEqual({ ...DEFAULT_OFFER_SETTINGS, isEnabled: true, mostOpenCodes: 20, rules: [rule] });
    expect(await save({ ...before, rules: [...before.rules, aRule()] })).toMatchObject({ ok: true });
    expect((await saved()).rules).toEqual([rule, aRule()]);
  });

  it('ask for no minimum in another currency', async () => {
    await owner.query('DELETE FROM offer_rules; UPDATE offer_settings SET has_rules = false');
    await owner.query("UPDATE shops SET currency = 'JPY'");
    const [rule] = (await saved()).rules;
    await owner.query("UPDATE shops SET currency = 'EUR'");
    expect(rule).toEqual(firstRule({ ...TERMS, minimumSubtotalMinor: 0, audience: 'first-order' }));
  });
});

describe('the form of the page', () => {
  const DRAFT = writeOffersDraft(VALID, 'EUR');

  it('is saved', async () => {
    expect(await post({ offers: JSON.stringify(DRAFT) })).toEqual({ status: 200, body: { outcome: 'saved' } });
    expect(await saved()).toEqual(VALID);
  });

  it('names what is wrong with each field, and saves nothing', async () => {
    await save(VALID);
    const rules = DRAFT.rules.map((rule) => ({ ...rule, days: '0', minimum: '1.999' }));
    expect(await post({ offers: JSON.stringify({ ...DRAFT, rules: rules.slice(0, 1) }) })).toEqual({
      status: 422,
      body: { outcome: 'refused', problems: { 'rules[0].days': 'out-of-range', 'rules[0].minimum': 'too-many-digits' } },
    });
    expect(await saved()).toEqual(VALID);
  });

  it.each([
    ['nothing', {}],
    ['no JSON', { offers: '{' }],
    ['half of it', { offers: JSON.stringify({ isEnabled: true }) }],
    ['a word for the switch', { offers: JSON.stringify({ ...DRAFT, isEnabled: 'on' }) }],
    ['a novel for a number', { offers: JSON.stringify({ ...DRAFT, holdout: '1'.repeat(10_000) }) }],
    ['a rule of another shape', { offers: JSON.stringify({ ...DRAFT, rules: [{ name: 'x' }] }) }],
  ])('is refused with %s', async (_name, fields) => {
    await save(VALID);
    expect((await post(fields)).status).toBe(400);
    expect(await saved()).toEqual(VALID);
  });
});
