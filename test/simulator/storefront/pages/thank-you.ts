import { html } from 'hono/html';

import type { SimCustomer, SimOrder } from '../../state.ts';
import { formatMoney } from '../currencies.ts';
import { wordsFor } from '../shop-words.ts';
import { blockFrames } from './block-frames.ts';
import type { BlockFrame } from './block-frames.ts';
import { collapsing } from './checkout.ts';
import { shopDocument } from './layout.ts';
import type { Html } from './layout.ts';
import { summaryContent, summaryOfOrder } from './order-summary.ts';

export interface OrderPage {
  kind: 'thank-you' | 'order-status';
  shopName: string;
  /** `/shop/perennial-demo` */
  root: string;
  order: SimOrder;
  customer: SimCustomer | undefined;
  firstName: string | null;
  confirmationNumber: string;
  orderStatusAddress: string;
  blocks: BlockFrame[];
  timeZone: string;
}

/** The page after paying, and the order status page, in the language and currency of the order. */
export function orderPage(page: OrderPage): Html {
  const { order, root } = page;
  const { locale } = order;
  const say = wordsFor(locale);
  const summary = summaryOfOrder(order);
  const thanks = page.firstName ? say('thankYou', { name: page.firstName }) : say('thankYouNoName');
  const heading = page.kind === 'thank-you' ? thanks : say('orderStatus', { name: order.name });
  const content = html`<div class="checkout">
      <header class="checkout__head"><a class="shop-name" href="${root}">${page.shopName}</a></header>
      <aside class="checkout__side">
        ${collapsing(say('orderSummary'), formatMoney(summary.total, locale))}
        <div class="checkout__summary">${summaryContent(summary, locale, say)}</div>
      </aside>
      <main class="checkout__main">
        <div class="thanks">
          <svg class="thanks__tick" viewBox="0 0 50 50" aria-hidden="true">
            <circle cx="25" cy="25" r="23" />
            <path d="m15 26 7 7 14-15" />
          </svg>
          <div>
            <p>${say('confirmation', { number: page.confirmationNumber })}</p>
            <h1><bdi>${heading}</bdi></h1>
          </div>
        </div>
        <section class="panel">
          <h2>${say('confirmed')}</h2>
          <p>
            ${page.kind === 'thank-you'
              ? say('confirmedText')
              : new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: page.timeZone }).format(
                  new Date(order.createdAt),
                )}
          </p>
        </section>
        ${blockFrames(page.blocks)}
        <section class="panel">
          <h2>${say('orderDetails')}</h2>
          ${details(page)}
        </section>
        <div class="thanks__buttons">
          ${page.kind === 'thank-you' ? html`<a href="${page.orderStatusAddress}">${say('viewOrder')}</a>` : ''}
          <a class="button button--primary" href="${root}">${say('keepShopping')}</a>
        </div>
      </main>
    </div>`;
  return shopDocument(locale, `${heading} · ${page.shopName}`, content);
}

function details({ order, customer }: OrderPage): Html {
  const say = wordsFor(order.locale);
  const address = order.shippingAddress;
  const countryCode = address?.countryCode ?? '';
  const country = countryCode && new Intl.DisplayNames([order.locale], { type: 'region' }).of(countryCode);
  const name = [customer?.firstName, customer?.lastName].filter(Boolean).join(' ');
  const parts = [name, [address?.zip, address?.city].filter(Boolean).join(' '), country].filter(Boolean);
  return html`<dl class="details">
    <div>
      <dt>${say('contactInformation')}</dt>
      <dd>${order.email ?? '—'}</dd>
    </div>
    <div>
      <dt>${say('paymentMethod')}</dt>
      <dd>${say('card')}</dd>
    </div>
    <div>
      <dt>${say('shippingAddress')}</dt>
      <dd>${parts.map((part) => html`<span><bdi>${part}</bdi></span>`)}</dd>
    </div>
  </dl>`;
}
