import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { titleQueryOf } from '#app/adapters/shopify/catalog-choices.server.ts';
import type { CatalogQuestion } from '#app/services/loyalty/find-catalog-choices.server.ts';
import { findCatalogChoices } from '#app/services/loyalty/find-catalog-choices.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';

const PLAIN = syntheticStore(1);
const STORE = { ...PLAIN, products: PLAIN.products.map((product) => ({ ...product, collections: [{ id: 70, title: 'Hot drinks' }, { id: 71, title: 'Gifts' }] })) };

let app: AppUnderTest;
let context: ShopContext;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  context = await app.install(STORE.shop.domain);
});

afterAll(() => app.stop());

const find = (question: CatalogQuestion) => findCatalogChoices(context, question);

describe('the catalogue to choose from', () => {
  it('has products by the beginning of their title, and all where nothing is asked for', async () => {
    const tea = { choices: [{ id: 10, title: 'Tea' }], isSilent: false };
    expect(await find({ kind: 'product', text: 'te' })).toEqual(tea);
    expect(await find({ kind: 'product', text: ' ' })).toEqual(tea);
    expect(await find({ kind: 'product', text: 'coffee' })).toEqual({ choices: [], isSilent: false });
  });

  it('has variants with the name of their product', async () => {
    expect(await find({ kind: 'variant', text: 'te' })).toEqual({ choices: [{ id: 11, title: 'Tea - Small' }], isSilent: false });
  });

  it('has collections by the beginning of their title, and names those that were chosen', async () => {
    const hot = { choices: [{ id: 70, title: 'Hot drinks' }], isSilent: false };
    expect(await find({ kind: 'collection', text: 'ho' })).toEqual(hot);
    expect(await find({ kind: 'collection', text: '' })).toEqual({ choices: [...hot.choices, { id: 71, title: 'Gifts' }], isSilent: false });
    expect(await find({ kind: 'collection', ids: [70, 999] })).toEqual(hot);
  });

  it('names what was chosen before, and leaves out what is gone', async () => {
    expect(await find({ kind: 'product', ids: [10, 999] })).toEqual({ choices: [{ id: 10, title: 'Tea' }], isSilent: false });
  });

  it('takes what a merchant types for words, and never for a command of the search', () => {
    expect(titleQueryOf('tea OR vendor:x')).toBe('title:tea* title:or* title:vendorx*');
    expect(titleQueryOf(' "Tea" (green) -id:7 ')).toBe('title:tea* title:green* title:id7*');
    expect(titleQueryOf('抹茶')).toBe('title:抹茶*');
  });
});
