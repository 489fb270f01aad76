import { html, raw } from 'hono/html';

import { isPlaced } from '../storefront/extension-placements.ts';
import type { UiExtension } from '../storefront/extension-catalogue.ts';
import type { SimShopState } from '../simulator.ts';
import type { SimCustomer, SimOrder, SimProduct } from '../state.ts';
import { storeHandle } from './embedded-app-url.ts';
import type { Html } from './shell-layout.ts';
import { SHELL_WORDS } from './shell-words.ts';
import type { AdminLocale } from './shell-words.ts';

const ROWS_SHOWN = 50;

export function homePage(shop: SimShopState, appName: string, appRoot: string, locale: AdminLocale): Html {
  const words = SHELL_WORDS[locale];
  const counts: [string, number][] = [
    [words.orders, shop.orders.size],
    [words.customers, shop.customers.size],
    [words.products, shop.products.size],
  ];
  return html`<div class="page">
    <h1>${shop.shop.name}</h1>
    <div class="card tiles">
      ${counts.map(
        ([label, count]) => html`<div><span>${label}</span><b>${new Intl.NumberFormat(locale).format(count)}</b></div>`,
      )}
    </div>
    <div class="card card--row">
      <b class="app-icon" aria-hidden="true">${appName.slice(0, 1)}</b><span>${appName}</span>
      <a class="button button--primary" href="${appRoot}">${words.openApp}</a>
      <a class="button" href="/shop/${storeHandle(shop.shop.domain)}" target="_blank">${words.preview}</a>
    </div>
  </div>`;
}

export function ordersPage(shop: SimShopState, locale: AdminLocale): Html {
  const rows = latest(shop.orders.values(), (order) => order.createdAt).map((order) => [
    html`<b>${order.name}</b>`,
    instant(order.createdAt, shop, locale),
    customerName(order.customerId === null ? undefined : shop.customers.get(order.customerId)) || (order.email ?? '—'),
    html`<span class="tag">${words(order.cancelledAt === null ? order.financialStatus : 'CANCELLED')}</span>`,
    html`<span class="number">${orderTotal(order, locale)}</span>`,
  ]);
  return listPage(SHELL_WORDS[locale].orders, rows, locale);
}

export function productsPage(shop: SimShopState, locale: AdminLocale): Html {
  const rows = latest(shop.products.values(), (product: SimProduct) => product.createdAt).map((product) => [
    html`<b>${product.title}</b>`,
    product.productType,
    product.vendor,
    html`<span class="number">${product.variants.length}</span>`,
  ]);
  return listPage(SHELL_WORDS[locale].products, rows, locale);
}

export function customersPage(shop: SimShopState, locale: AdminLocale, storeRoot: string): Html {
  const present = [...shop.customers.values()].filter((one) => one.deletedAt === null && one.mergedIntoId === null);
  const rows = latest(present, (customer) => customer.createdAt).map((customer) => [
    html`<a href="${storeRoot}/customers/${customer.id}"><b>${customerName(customer) || '—'}</b></a>`,
    customer.email ?? '—',
    customer.defaultAddress?.countryCode ?? '—',
    customer.locale,
  ]);
  return html`${listPage(SHELL_WORDS[locale].customers, rows, locale)}
    <div class="page"><a href="${storeRoot}/customers/segments">${SHELL_WORDS[locale].segments}</a></div>`;
}

/** Where a merchant puts the app's blocks on the checkout pages; here only whether each is there. */
export function checkoutEditorPage(shop: SimShopState, extensions: UiExtension[], locale: AdminLocale): Html {
  const text = SHELL_WORDS[locale];
  // What stands in the admin itself needs no place.
  const blocks = extensions.flatMap((extension) =>
    extension.targets.filter(({ target }) => !target.startsWith('admin.')).map(({ target }) => ({ extension, target })),
  );
  return html`<div class="page page--narrow">
    <h1>${text.checkoutEditor}</h1>
    <p class="lead">${text.editorLead}</p>
    ${blocks.length === 0 ? html`<div class="card"><p class="empty">${text.noExtensions}</p></div>` : ''}
    ${blocks.map(({ extension, target }) => {
      const placed = isPlaced(shop, extension.handle, target);
      return html`<form method="post" class="card card--row">
        <div class="grow">
          <b>${extension.name}</b>
          <code>${target}</code>
          <span class="tag ${placed ? 'tag--good' : ''}">${placed ? text.placed : text.notPlaced}</span>
        </div>
        <input type="hidden" name="extension" value="${extension.handle}" />
        <input type="hidden" name="target" value="${target}" />
        <button class="button ${placed ? '' : 'button--primary'}" name="placed" value="${placed ? 'no' : 'yes'}">
          ${placed ? text.remove : text.place}
        </button>
      </form>`;
    })}
  </div>`;
}

/** For the many pages that only the real admin has, since links of the app may well lead to them. */
export function absentPage(appRoot: string, path: string, locale: AdminLocale): Html {
  const text = SHELL_WORDS[locale];
  return html`<div class="page page--narrow">
    <div class="card card--row">
      <div class="grow">
        <b>${text.notImitated}</b>
        <code>${path}</code>
      </div>
      <a class="button" href="${appRoot}">${text.openApp}</a>
    </div>
  </div>`;
}

function listPage(title: string, rows: (Html | string)[][], locale: AdminLocale): Html {
  const text = SHELL_WORDS[locale];
  const body =
    rows.length === 0
      ? html`<p class="empty">${text.nothingYet}</p>`
      : html`<div class="table" ${raw('tabindex="0"')}>
          <table>
            <caption>
              ${text.latest}
            </caption>
            <tbody>
              ${rows.map(
                (cells) =>
                  html`<tr>
                    ${cells.map((cell) => html`<td>${cell}</td>`)}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`;
  return html`<div class="page">
    <h1>${title}</h1>
    <div class="card card--flush">${body}</div>
  </div>`;
}

function latest<Row>(rows: Iterable<Row>, createdAt: (row: Row) => string): Row[] {
  return [...rows].sort((left, right) => (createdAt(left) < createdAt(right) ? 1 : -1)).slice(0, ROWS_SHOWN);
}

export function customerName(customer: SimCustomer | undefined): string {
  return [customer?.firstName, customer?.lastName].filter(Boolean).join(' ');
}

function instant(iso: string, shop: SimShopState, locale: AdminLocale): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: shop.shop.ianaTimezone,
  }).format(new Date(iso));
}

function orderTotal(order: SimOrder, locale: AdminLocale): string {
  const { amountMinor, currency } = order.received.shop;
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  return format.format(amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** `Partially refunded` of `PARTIALLY_REFUNDED`. */
function words(constant: string): string {
  const lower = constant.toLowerCase().replaceAll('_', ' ');
  return lower.slice(0, 1).toUpperCase() + lower.slice(1);
}
