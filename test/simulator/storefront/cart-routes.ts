import type { Hono } from 'hono';
import { html } from 'hono/html';

import { homeContent, productContent } from './pages/catalogue.ts';
import { cartContent } from './pages/checkout.ts';
import { shopLayout } from './pages/layout.ts';
import { likelyCountry } from './countries.ts';
import { priceShopperCart } from './shopper-cart.ts';
import { answerPage, readForm } from './storefront-request.ts';
import type { Storefronts } from './storefront-request.ts';

const MOST_OF_ONE_VARIANT = 999;

/** Catalogue, cart and the choice of language and currency. */
export function addCartRoutes(routes: Hono, storefronts: Storefronts): void {
  addCatalogue(routes, storefronts);
  addCart(routes, storefronts);
}

function addCatalogue(routes: Hono, { inStore }: Storefronts): void {
  routes.get(
    '/shop/:handle',
    inStore(({ view }, context) =>
      answerPage(context, shopLayout(view, { title: view.say('all'), path: view.root, content: homeContent(view) })),
    ),
  );
  routes.get(
    '/shop/:handle/products/:product',
    inStore(({ shop, view }, context) => {
      const product = [...shop.products.values()].find((one) => one.handle === context.req.param('product'));
      if (!product) return context.notFound();
      const content = productContent(view, product);
      return answerPage(context, shopLayout(view, { title: product.title, path: context.req.path, content }));
    }),
  );
  routes.post(
    '/shop/:handle/preferences',
    inStore(async ({ shop, view }, context) => {
      const form = await readForm(context);
      if (form.locale && form.locale !== view.shopper.locale && shop.shop.locales.includes(form.locale)) {
        view.shopper.locale = form.locale;
        view.shopper.countryCode = likelyCountry(form.locale);
      }
      if (form.currency && view.currencies.includes(form.currency)) view.shopper.currency = form.currency;
      return context.redirect(form.back?.startsWith(`${view.root}/`) ? form.back : view.root, 303);
    }),
  );
}

function addCart(routes: Hono, { inStore, simulator, themeBlocks }: Storefronts): void {
  routes.get(
    '/shop/:handle/cart',
    inStore(async ({ shop, view }, context) => {
      const content = html`${cartContent(view, priceShopperCart(simulator, shop, view.shopper))}${await themeBlocks(view)}`;
      return answerPage(context, shopLayout(view, { title: view.say('cart'), path: context.req.path, content }));
    }),
  );
  routes.post(
    '/shop/:handle/cart/add',
    inStore(async ({ view }, context) => {
      const form = await readForm(context);
      const variantId = Number(form.variant);
      const { cart } = view.shopper;
      const quantity = clampQuantity((cart.get(variantId) ?? 0) + Number(form.quantity ?? 1));
      if (Number.isSafeInteger(variantId)) cart.set(variantId, quantity);
      return context.redirect(`${view.root}/cart`, 303);
    }),
  );
  routes.post(
    '/shop/:handle/cart/update',
    inStore(async ({ view }, context) => {
      const { cart } = view.shopper;
      for (const [name, value] of Object.entries(await readForm(context))) {
        const variantId = Number(/^quantity-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
        const quantity = clampQuantity(Number(value));
        if (!cart.has(variantId)) continue;
        if (quantity === 0) cart.delete(variantId);
        else cart.set(variantId, quantity);
      }
      return context.redirect(`${view.root}/cart`, 303);
    }),
  );
  routes.post(
    '/shop/:handle/cart/discount',
    inStore(async ({ view }, context) => {
      view.shopper.discountCode = (await readForm(context)).discount || null;
      return context.redirect(`${view.root}/cart`, 303);
    }),
  );
  // Shopify's own form of a link that brings a code along.
  routes.get(
    '/shop/:handle/discount/:code',
    inStore(({ view }, context) => {
      view.shopper.discountCode = context.req.param('code') ?? null;
      return context.redirect(view.root, 303);
    }),
  );
}

function clampQuantity(quantity: number): number {
  return Number.isFinite(quantity) ? Math.min(MOST_OF_ONE_VARIANT, Math.max(0, Math.trunc(quantity))) : 0;
}
