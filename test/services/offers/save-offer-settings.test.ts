import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DEFAULT_OFFER_SETTINGS } from '#app/domain/offers/offer-settings.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { BROWSER_AGENT, startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';

const STORE = syntheticStore(3);
const OTHER = syntheticStore(3, { shop: { id: 2, domain: 'other.myshopify.com' } });
const VALID = { isEnabled: true, percentBasisPoints: 2000, validDays: 14, minimumSubtotalMinor: 1999, audience: 'every-order', holdoutBasisPoints: 1000 };
const FORM = { isEnabled: 'true', percent: '20', validDays: '14', minimum: '19.99', audience: 'every-order', holdout: '10' };

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let other: ShopContext;

async function save(input: unknown) {
  const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
  return saveOfferSettings(context, input);
}

async function saved(of: ShopContext = context) {
  const { getOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
  return (await getOfferSettings(of)).settings;
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

describe('the settings of the offer', () => {
  it('are off, with the usual terms, before anybody has saved any', async () => {
    expect(await saved()).toEqual(DEFAULT_OFFER_SETTINGS);
  });

  it('are those that were saved, for this shop only', async () => {
    expect(await save(VALID)).toEqual({ ok: true, value: VALID });
    expect(await saved()).toEqual(VALID);
    expect(await saved(other)).toEqual(DEFAULT_OFFER_SETTINGS);
  });

  it.each([
    ['percentBasisPoints', 99], ['percentBasisPoints', 10_001], ['percentBasisPoints', 1500.5], ['percentBasisPoints', '1500'],
    ['validDays', 0], ['validDays', 366], ['validDays', Number.NaN],
    ['minimumSubtotalMinor', -1], ['minimumSubtotalMinor', 1e15],
    ['audience', 'nobody'], ['isEnabled', 'yes'], ['isEnabled', undefined],
  ])('name the field when %s is %s, and stay as they were', async (field, value) => {
    await save(VALID);
    expect(await save({ ...VALID, validDays: 7, [field]: value })).toEqual({ ok: false, reason: 'invalid', fields: [field] });
    expect(await saved()).toEqual(VALID);
  });

  it('lose their minimum while the shop has another currency than they were saved in', async () => {
    await save(VALID);
    await owner.query("UPDATE shops SET currency = 'JPY'");
    expect(await saved()).toEqual({ ...VALID, minimumSubtotalMinor: 0 });
    await owner.query("UPDATE shops SET currency = 'EUR'");
    expect(await saved()).toEqual(VALID);
  });

  it('take nothing in that they do not know', async () => {
    expect(await save({ ...VALID, shopId: 2 })).toMatchObject({ ok: false });
    expect(await saved(other)).toEqual(DEFAULT_OFFER_SETTINGS);
  });
});

describe('the form of the page', () => {
  it('is saved', async () => {
    expect(await post(FORM)).toEqual({ status: 200, body: { outcome: 'saved' } });
    expect(await saved()).toEqual(VALID);
  });

  it('names what is wrong with each field, and saves nothing', async () => {
    await save(VALID);
    expect(await post({ ...FORM, percent: '0', minimum: '1.999', validDays: '7' })).toEqual({
      status: 422,
      body: { outcome: 'refused', problems: { percent: 'out-of-range', minimum: 'too-many-digits' } },
    });
    expect(await saved()).toEqual(VALID);
  });

  it.each([
    ['nothing', {}],
    ['half of it', { isEnabled: 'true', percent: '20' }],
    ['a word for the switch', { ...FORM, isEnabled: 'on' }],
    ['a novel for a number', { ...FORM, percent: '1'.repeat(10_000) }],
  ])('is refused with %s', async (_name, fields) => {
    await save(VALID);
    expect((await post(fields)).status).toBe(400);
    expect(await saved()).toEqual(VALID);
  });
});
