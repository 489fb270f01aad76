import { html } from 'hono/html';

import { COUNTRIES } from '../countries.ts';
import { formatMoney } from '../currencies.ts';
import type { PricedShopperCart } from '../shopper-cart.ts';
import type { Say, ShopWord } from '../shop-words.ts';
import type { DiscountRefusal } from '../check-discount.ts';
import { blockFrames } from './block-frames.ts';
import type { BlockFrame } from './block-frames.ts';
import { option, shopDocument } from './layout.ts';
import type { Html, ShopView } from './layout.ts';
import { summaryContent, summaryOfCart } from './order-summary.ts';
import { productPicture } from './product-picture.ts';

export function cartContent(view: ShopView, cart: PricedShopperCart): Html {
  const { root, say, shopper } = view;
  if (cart.lines.length === 0) {
    return html`<div class="empty">
      <h1>${say('emptyCart')}</h1>
      <a class="button button--primary" href="${root}">${say('keepShopping')}</a>
    </div>`;
  }
  const summary = summaryOfCart(cart.lines, cart.priced, cart.applied?.code ?? null, view.shop.shop.taxesIncluded);
  return html`<h1>${say('cart')}</h1>
    <div class="cart">
      <form method="post" action="${root}/cart/update" class="cart__lines">
        ${cart.lines.map(
          (line, index) =>
            html`<div class="cart__line">
              ${productPicture(line.product.id, '')}
              <a href="${root}/products/${line.product.handle}"
                ><bdi>${line.product.title}</bdi>${line.variant.title === 'Default Title'
                  ? ''
                  : html`<small><bdi>${line.variant.title}</bdi></small>`}</a
              >
              <label
                ><span class="quiet">${say('quantity')}</span>
                <input
                  type="number"
                  name="quantity-${line.variant.id}"
                  value="${line.quantity}"
                  min="0"
                  max="999"
                  inputmode="numeric"
              /></label>
              <b>${summary.lines[index] ? formatMoney(summary.lines[index].discounted, shopper.locale) : ''}</b>
            </div>`,
        )}
        <button class="button button--quiet">${say('update')}</button>
      </form>
      <aside class="cart__side">
        ${discountForm(view, cart, `${root}/cart/discount`)} ${summaryContent(summary, shopper.locale, say)}
        <a class="button button--primary button--wide" href="${root}/checkout">${say('checkout')}</a>
      </aside>
    </div>`;
}

export function checkoutPage(
  view: ShopView,
  cart: PricedShopperCart,
  problem: ShopWord | undefined,
  blocks: readonly BlockFrame[],
): Html {
  const { shop, shopper, root, say } = view;
  const summary = summaryOfCart(cart.lines, cart.priced, cart.applied?.code ?? null, shop.shop.taxesIncluded);
  const regionNames = new Intl.DisplayNames([shopper.locale], { type: 'region' });
  const languageNames = new Intl.DisplayNames([shopper.locale], { type: 'language' });
  const value = (name: string): string => shopper.form[name] ?? '';
  const content = html`<div class="checkout">
    <header class="checkout__head"><a class="shop-name" href="${root}/cart">${shop.shop.name}</a></header>
    <aside class="checkout__side">
      ${collapsing(say('orderSummary'), formatMoney(summary.total, shopper.locale))}
      <div class="checkout__summary">${summaryContent(summary, shopper.locale, say)}</div>
    </aside>
    <main class="checkout__main">
      <form method="post" class="fields">
        <h2>${say('contact')}</h2>
        ${field('email', say('email'), value('email'), 'email', 'email')}
        ${problem ? html`<p class="problem" role="alert">${say(problem)}</p>` : ''}
        ${check('news', say('news'), value('news') === 'on')}
        ${check('guest', say('stayGuest'), value('guest') === 'on')}
        <h2>${say('delivery')}</h2>
        <label class="field"
          ><span>${say('country')}</span>
          <select name="country" autocomplete="country">
            ${COUNTRIES.map(({ code }) => option(code, regionNames.of(code) ?? code, code === shopper.countryCode))}
          </select>
        </label>
        <div class="field-row">
          ${field('firstName', say('firstName'), value('firstName'), 'text', 'given-name')}
          ${field('lastName', say('lastName'), value('lastName'), 'text', 'family-name')}
        </div>
        <div class="field-row">
          ${field('zip', say('zip'), value('zip'), 'text', 'postal-code')}
          ${field('city', say('city'), value('city'), 'text', 'address-level2')}
        </div>
        <label class="field"
          ><span>${say('language')}</span>
          <select name="locale">
            ${shop.shop.locales.map((locale) =>
              option(locale, languageNames.of(locale) ?? locale, locale === shopper.locale),
            )}
          </select>
        </label>
        ${blockFrames(blocks)}
        <h2>${say('discountCode')}</h2>
        <div class="field-row field-row--code">
          ${field('discount', say('discountCode'), shopper.discountCode ?? '', 'text', 'off')}
          <button class="button" name="intent" value="apply">${say('apply')}</button>
        </div>
        ${discountNotice(view, cart)}
        <button class="button button--primary button--wide" name="intent" value="pay">${say('pay')}</button>
      </form>
    </main>
  </div>`;
  return shopDocument(shopper.locale, `${say('checkout')} · ${shop.shop.name}`, content);
}

/** The switch that a narrow window shows in place of the summary. */
export function collapsing(label: string, total: string): Html {
  return html`<label class="collapse"><input type="checkbox" /><span>${label}</span><b>${total}</b></label>`;
}

function discountForm(view: ShopView, cart: PricedShopperCart, action: string): Html {
  const { say, shopper } = view;
  return html`<form method="post" action="${action}" class="discount-form">
      <div class="field-row field-row--code">
        ${field('discount', say('discountCode'), shopper.discountCode ?? '', 'text', 'off')}
        <button class="button">${say('apply')}</button>
      </div>
    </form>
    ${discountNotice(view, cart)}`;
}

function discountNotice(view: ShopView, cart: PricedShopperCart): Html | string {
  if (!cart.refusal) return '';
  const { code, refusal } = cart.refusal;
  return html`<p class="problem" role="alert">${explainRefusal(refusal, code, view.shopper.locale, view.say)}</p>`;
}

function explainRefusal(refusal: DiscountRefusal, code: string, locale: string, say: Say): string {
  switch (refusal.reason) {
    case 'not-found':
      return say('refuseNotFound', { code });
    case 'not-started': {
      const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(refusal.startsAt));
      return say('refuseNotStarted', { code, date });
    }
    case 'expired':
      return say('refuseExpired', { code });
    case 'used-up':
      return say('refuseUsedUp', { code });
    case 'once-per-customer':
      return say('refuseOnce', { code });
    case 'minimum-not-reached':
      return say('refuseMinimum', { code, amount: formatMoney(refusal.minimum, locale) });
    case 'other-customer':
      return say('refuseOther', { code });
  }
}

function field(name: string, label: string, value: string, type: string, autocomplete: string): Html {
  return html`<label class="field"
    ><span>${label}</span
    ><input type="${type}" name="${name}" value="${value}" autocomplete="${autocomplete}" placeholder="${label}"
  /></label>`;
}

function check(name: string, label: string, isChecked: boolean): Html {
  return html`<label class="check"
    >${isChecked
      ? html`<input type="checkbox" name="${name}" checked />`
      : html`<input type="checkbox" name="${name}" />`}<span>${label}</span></label
  >`;
}
