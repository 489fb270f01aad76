import { html } from 'hono/html';

import type { SimProduct, SimVariant } from '../../state.ts';
import { exchange, formatMoney } from '../currencies.ts';
import { option } from './layout.ts';
import type { Html, ShopView } from './layout.ts';
import { productPicture } from './product-picture.ts';

const PRODUCTS_ON_HOME = 48;

export function homeContent(view: ShopView): Html {
  const products = [...view.shop.products.values()].filter((product) => product.variants.length > 0);
  return html`<h1>${view.say('all')}</h1>
    <ul class="grid">
      ${products.slice(0, PRODUCTS_ON_HOME).map((product) => {
        const [cheapest] = [...product.variants].sort((left, right) => left.priceMinor - right.priceMinor);
        return html`<li>
          <a href="${view.root}/products/${product.handle}">
            ${productPicture(product.id, '')}
            <bdi class="grid__title">${product.title}</bdi>
            <span class="grid__price">${cheapest ? priceOf(view, cheapest) : ''}</span>
          </a>
        </li>`;
      })}
    </ul>`;
}

export function productContent(view: ShopView, product: SimProduct): Html {
  const { say } = view;
  const [first] = product.variants;
  const isSingle = product.variants.length === 1;
  return html`<article class="product">
    ${productPicture(product.id, product.title)}
    <form method="post" action="${view.root}/cart/add" class="product__form">
      <p class="product__vendor">${product.vendor}</p>
      <h1><bdi>${product.title}</bdi></h1>
      ${isSingle && first
        ? html`<p class="product__price">${priceOf(view, first)}</p>
            <input type="hidden" name="variant" value="${first.id}" />`
        : html`<label>
            <span>${say('variant')}</span>
            <select name="variant">
              ${product.variants.map((variant) =>
                option(String(variant.id), `${variant.title} — ${priceOf(view, variant)}`, variant === first),
              )}
            </select>
          </label>`}
      <label>
        <span>${say('quantity')}</span>
        <input type="number" name="quantity" value="1" min="1" max="999" inputmode="numeric" />
      </label>
      <button class="button button--primary button--wide">${say('addToCart')}</button>
    </form>
  </article>`;
}

export function priceOf(view: ShopView, variant: SimVariant): string {
  const price = { amountMinor: variant.priceMinor, currency: view.shop.shop.currency };
  return formatMoney(exchange(price, view.shopper.currency), view.shopper.locale);
}
