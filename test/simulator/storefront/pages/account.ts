import { html } from 'hono/html';

import type { SimCustomer, SimOrder } from '../../state.ts';
import { formatMoney } from '../currencies.ts';
import { ordersOfPerson } from '../place-order.ts';
import { blockFrames } from './block-frames.ts';
import type { BlockFrame } from './block-frames.ts';
import type { Html, ShopView } from './layout.ts';

const CUSTOMERS_OFFERED = 6;

export function signInContent(view: ShopView, failedEmail: string | undefined, returnTo: string): Html {
  const { root, say, shop } = view;
  const offered = [...shop.customers.values()]
    .filter((one) => one.email !== null && one.deletedAt === null && one.mergedIntoId === null)
    .sort((left, right) => (left.createdAt < right.createdAt ? 1 : -1))
    .slice(0, CUSTOMERS_OFFERED);
  return html`<div class="narrow">
    <h1>${say('signIn')}</h1>
    <p class="quiet">${say('signInLead')}</p>
    <form method="post" action="${root}/account/sign-in" class="fields">
      <input type="hidden" name="return_to" value="${returnTo}" />
      <label class="field"
        ><span>${say('email')}</span
        ><input
          type="email"
          name="email"
          value="${failedEmail ?? ''}"
          autocomplete="email"
          placeholder="${say('email')}"
      /></label>
      ${failedEmail === undefined ? '' : html`<p class="problem" role="alert">${say('noSuchCustomer')}</p>`}
      <button class="button button--primary button--wide">${say('signIn')}</button>
    </form>
    ${offered.length === 0
      ? ''
      : html`<h2>${say('signInAs')}</h2>
          <form method="post" action="${root}/account/sign-in" class="people">
            <input type="hidden" name="return_to" value="${returnTo}" />
            ${offered.map(
              (one) =>
                html`<button name="email" value="${one.email}">
                  <b><bdi>${nameOf(one)}</bdi></b
                  ><span>${one.email}</span>
                </button>`,
            )}
          </form>`}
  </div>`;
}

/** The account's own menu, with the pages of the app beside Shopify's, around one of them. */
export function accountFrame(
  { root, say }: ShopView,
  pages: readonly { name: string; address: string }[],
  path: string,
  content: Html,
): Html {
  const places = [
    { name: say('yourOrders'), address: `${root}/account` },
    { name: say('profile'), address: `${root}/account/profile` },
    ...pages,
  ];
  return html`<div class="account">
    <nav class="account__menu">
      ${places.map(({ name, address }) =>
        address === path
          ? html`<a href="${address}" aria-current="page"><bdi>${name}</bdi></a>`
          : html`<a href="${address}"><bdi>${name}</bdi></a>`,
      )}
    </nav>
    ${content}
  </div>`;
}

export function profileContent(view: ShopView, customer: SimCustomer, blocks: readonly BlockFrame[]): Html {
  const { say } = view;
  return html`<div class="profile">
    <h1>${say('profile')}</h1>
    <section class="panel">
      <dl class="details">
        <div>
          <dt>${say('firstName')}</dt>
          <dd><bdi>${nameOf(customer)}</bdi></dd>
        </div>
        <div>
          <dt>${say('email')}</dt>
          <dd>${customer.email ?? '—'}</dd>
        </div>
      </dl>
    </section>
    ${blockFrames(blocks)}
  </div>`;
}

export function ordersContent(view: ShopView, customer: SimCustomer, linkOf: (order: SimOrder) => string): Html {
  const { root, say, shop, shopper } = view;
  const orders = ordersOfPerson(shop, customer.id, null).sort((left, right) =>
    left.createdAt < right.createdAt ? 1 : -1,
  );
  const day = new Intl.DateTimeFormat(shopper.locale, { dateStyle: 'medium', timeZone: shop.shop.ianaTimezone });
  return html`<div class="narrow">
    <h1>${say('yourOrders')}</h1>
    <form method="post" action="${root}/account/sign-out" class="signed-in">
      <span class="quiet">${say('signedInAs', { name: nameOf(customer) })}</span>
      <button class="button button--quiet">${say('signOut')}</button>
    </form>
    <ul class="orders">
      ${orders.map(
        (order) =>
          html`<li>
            <a href="${linkOf(order)}"
              ><b>${order.name}</b><span>${day.format(new Date(order.createdAt))}</span
              ><span>${formatMoney(order.received.presentment, shopper.locale)}</span></a
            >
          </li>`,
      )}
    </ul>
  </div>`;
}

function nameOf(customer: SimCustomer): string {
  return [customer.firstName, customer.lastName].filter(Boolean).join(' ') || (customer.email ?? '—');
}
