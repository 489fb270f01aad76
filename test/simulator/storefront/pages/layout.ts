import { html } from 'hono/html';

import type { SimShopState } from '../../simulator.ts';
import { directionOf } from '../shop-words.ts';
import type { Say } from '../shop-words.ts';
import type { Shopper } from '../storefront-memory.ts';

export type Html = ReturnType<typeof html>;

/** What every page of a storefront is drawn with. */
export interface ShopView {
  shop: SimShopState;
  shopper: Shopper;
  /** `/shop/perennial-demo` */
  root: string;
  currencies: string[];
  say: Say;
  /** What the app's embeds put into the page. */
  embeds: Html | string;
}

export interface LayoutPage {
  title: string;
  /** Where a change of language or currency comes back to. */
  path: string;
  content: Html;
}

export function shopLayout(view: ShopView, page: LayoutPage): Html {
  const { shop, shopper, root, say } = view;
  const count = [...shopper.cart.values()].reduce((sum, quantity) => sum + quantity, 0);
  return shopDocument(
    shopper.locale,
    `${page.title} · ${shop.shop.name}`,
    html`<header class="shop-head">
        <a class="shop-name" href="${root}">${shop.shop.name}</a>
        <nav>
          <a href="${root}/account">${say('account')}</a>
          <a href="${root}/cart" class="cart-link">${say('cart')}${count > 0 ? html` <b>${count}</b>` : ''}</a>
        </nav>
      </header>
      <main class="shop-main">${page.content}</main>
      <footer class="shop-foot">${preferences(view, page.path)}</footer>
      ${view.embeds}`,
  );
}

/** The page that holds a whole document; the checkout's pages use it without the shop's head and foot. */
export function shopDocument(locale: string, title: string, body: Html): Html {
  return html`<!DOCTYPE html>
    <html lang="${locale}" dir="${directionOf(locale)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/storefront/storefront.css" />
      </head>
      <body>
        ${body}
      </body>
    </html>`;
}

function preferences(view: ShopView, path: string): Html {
  const { shop, shopper, root, currencies, say } = view;
  const names = (locale: string): string => new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale;
  return html`<form method="post" action="${root}/preferences" class="preferences">
    <input type="hidden" name="back" value="${path}" />
    <label>
      <span>${say('language')}</span>
      <select name="locale">
        ${shop.shop.locales.map((locale) => option(locale, names(locale), locale === shopper.locale))}
      </select>
    </label>
    <label>
      <span>${say('currency')}</span>
      <select name="currency">
        ${currencies.map((currency) => option(currency, currency, currency === shopper.currency))}
      </select>
    </label>
    <button class="button button--quiet">${say('update')}</button>
  </form>`;
}

export function option(value: string, label: string, isSelected: boolean): Html {
  return isSelected
    ? html`<option value="${value}" selected>${label}</option>`
    : html`<option value="${value}">${label}</option>`;
}
