import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { getTexts } from '#app/services/texts/get-texts.server.ts';
import { saveTexts } from '#app/services/texts/save-texts.server.ts';
import { signProxyParameters } from '#test/simulator/app-proxy.ts';
import { TEST_APP } from '#test/support/app-under-test.ts';
import { HOSTILE_NAMES } from '#test/support/hostile-names.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { DOMAIN, openShopperShop, OTHER_DOMAIN, type ShopperShop } from './shopper-shop.ts';

const ANNA = 4001;

let shop: ShopperShop;

beforeAll(async () => {
  shop = await openShopperShop();
});
beforeEach(async () => {
  await shop.reset();
  await shop.owner.query('DELETE FROM shopper_texts');
  await shop.saveProgram(aProgram({ earning: { pendingDays: 0 } }));
});
afterAll(() => shop.stop());

const save = (surface: string, locale: string, changed: unknown, context = shop.context) => saveTexts(context, { surface, locale, changed });
const rows = async () => (await shop.owner.query('SELECT surface, locale, text_key, words, updated_at FROM shopper_texts ORDER BY 1, 2, 3')).rows;

async function textsOf(path: string, domain = DOMAIN): Promise<unknown> {
  const { status, body } = await shop.ask(path, { as: ANNA, domain });
  expect(status).toBe(200);
  return Reflect.get(Object(body), 'texts');
}

/** As Shopify's proxy brings a storefront's request. */
function proxied(path: string): string {
  const url = new URL(path, 'http://storefront');
  const added = { shop: DOMAIN, path_prefix: '/apps/perennial', timestamp: String(Math.floor(Date.now() / 1000)), logged_in_customer_id: '' };
  for (const [name, value] of Object.entries(added)) url.searchParams.set(name, value);
  url.searchParams.set('signature', signProxyParameters(url.searchParams, TEST_APP.clientSecret));
  return `/proxy${url.pathname}${url.search}`;
}

describe('a merchant’s own texts', () => {
  it('come with each answer, for the surface and the language that ask', async () => {
    await save('loyalty-page', 'de', { title: 'Blätter' });
    await save('profile', 'de', { heading: 'Deine Blätter' });
    await save('checkout', 'en', { remove: 'Take it off' });
    await save('thank-you', 'de', { heading: 'Danke dir' });
    await save('storefront', 'de', { 'panel.rewards': 'Belohnungen' });
    expect(await textsOf('/api/shopper/loyalty?surface=loyalty-page&locale=de')).toEqual({ title: 'Blätter' });
    expect(await textsOf('/api/shopper/loyalty?surface=loyalty-page&locale=de-CH')).toEqual({ title: 'Blätter' });
    expect(await textsOf('/api/shopper/loyalty?surface=profile&locale=de')).toEqual({ heading: 'Deine Blätter' });
    expect(await textsOf('/api/shopper/loyalty?surface=checkout&locale=en')).toEqual({ remove: 'Take it off' });
    expect(await textsOf('/api/shopper/order?orderId=7&locale=de')).toEqual({ heading: 'Danke dir' });
    expect(await textsOf(proxied('/loyalty?locale=de'))).toEqual({ 'panel.rewards': 'Belohnungen' });
    await shop.saveProgram(aProgram({ status: { kind: 'off' } }));
    await save('loyalty-page', 'de', { off: 'Bald mehr' });
    expect((await shop.ask('/api/shopper/loyalty?surface=loyalty-page&locale=de', { as: ANNA })).body).toEqual({ state: 'off', texts: { title: 'Blätter', off: 'Bald mehr' } });
  });

  it('come with the offer too, while its code is being made', async () => {
    await save('thank-you', 'de', { waiting: 'Gleich da.' });
    await shop.owner.query(
      `INSERT INTO offer_settings (shop_id, is_enabled, percent_basis_points, valid_days, minimum_subtotal_minor, currency, audience, updated_at)
       VALUES ($1, true, 1500, 30, 0, 'EUR', 'every-order', now()) ON CONFLICT (shop_id) DO UPDATE SET is_enabled = true`,
      [shop.context.shop.shopId],
    );
    expect(await textsOf('/api/checkout/next-order-offer?orderId=gid://shopify/OrderIdentity/7&locale=de')).toEqual({ waiting: 'Gleich da.' });
    expect(await textsOf('/api/checkout/next-order-offer?orderId=gid://shopify/OrderIdentity/7&locale=fr')).toBeUndefined();
  });

  it.each(['', '?surface=loyalty-page', '?locale=de', '?surface=moon&locale=de', '?surface=loyalty-page&locale=sv', '?surface=loyalty-page&locale=__proto__'])(
    'stay away where nobody says whose words are meant: %j',
    async (query) => {
      await save('loyalty-page', 'de', { title: 'Blätter' });
      expect(await textsOf(`/api/shopper/loyalty${query}`)).toEqual({});
    },
  );

  it('are each shop’s own', async () => {
    await save('thank-you', 'en', { heading: 'Ours' });
    await save('thank-you', 'en', { heading: 'Theirs' }, shop.other);
    expect(await textsOf('/api/shopper/order?orderId=7&locale=en')).toEqual({ heading: 'Ours' });
    expect(await textsOf('/api/shopper/order?orderId=7&locale=en', OTHER_DOMAIN)).toEqual({ heading: 'Theirs' });
    const asked = { surface: 'thank-you', locale: 'en', adminLocale: 'zh-CN' } as const;
    expect((await getTexts(shop.other, asked)).saved).toEqual({ heading: 'Theirs' });
    expect(await getTexts(shop.context, asked)).toMatchObject({ saved: { heading: 'Ours' }, written: [{ surface: 'thank-you', locale: 'en', texts: 1 }] });
  });

  it('are changed one by one, and an empty one is ours again', async () => {
    await save('profile', 'en', { heading: 'Leaves', seeAll: 'See all' });
    await save('profile', 'en', { seeAll: '   ', 'points.one': '{{points}} leaf', 'points.other': '{{points}} leaves' });
    expect(await getTexts(shop.context, { surface: 'profile', locale: 'en', adminLocale: 'en' })).toMatchObject({
      saved: { heading: 'Leaves', 'points.one': '{{points}} leaf', 'points.other': '{{points}} leaves' },
    });
    expect((await rows()).every((row) => row.updated_at instanceof Date)).toBe(true);
  });

  it('are saved all together or not at all, and each that is wrong is named', async () => {
    expect(await save('profile', 'ar', { heading: 'نقاطي', seeAll: '<b>x</b>', 'points.one': 'ورقة' })).toMatchObject({
      ok: false,
      reason: 'wrong-texts',
      problems: { seeAll: { reason: 'markup' }, 'points.few': { reason: 'forms' }, 'points.zero': { reason: 'forms' } },
    });
    expect(await rows()).toEqual([]);
    // The other form was saved before: what counts is what there is then.
    await save('profile', 'en', { 'points.one': '{{points}} leaf', 'points.other': '{{points}} leaves' });
    expect(await save('profile', 'en', { 'points.one': '' })).toMatchObject({ ok: false, problems: { 'points.one': { reason: 'forms' } } });
  });

  it.each([
    null,
    { surface: 'moon', locale: 'en', changed: {} },
    { surface: 'profile', locale: 'sv', changed: {} },
    { surface: 'profile', locale: 'en', changed: { heading: 7 } },
    { surface: 'profile', locale: 'en', changed: Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`k${index}`, ''])) },
    { surface: 'profile', locale: 'en', changed: { heading: 'x'.repeat(20_001) } },
  ])('are not read from what no page sends: %#', async (input) => {
    expect(await saveTexts(shop.context, input)).toEqual({ ok: false, reason: 'unreadable' });
  });

  it('that are hostile reach nobody unless they are plain', async () => {
    for (const text of HOSTILE_NAMES) await save('profile', 'en', { heading: text });
    const told = Reflect.get(Object(await textsOf('/api/shopper/loyalty?surface=profile&locale=en')), 'heading');
    expect(String(told)).not.toMatch(/<[a-z!/]|\p{Cc}|[\u202a-\u202e\u2066-\u2069]/iu);
    for (const changed of [{ constructor: 'x' }, JSON.parse('{"__proto__": "x"}')]) await save('profile', 'en', changed);
    expect((await rows()).map((row) => row.text_key)).toEqual(['heading']);
  });
});
