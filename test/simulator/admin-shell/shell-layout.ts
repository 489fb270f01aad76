import { html, raw } from 'hono/html';

import type { SimApp, SimShopState } from '../simulator.ts';
import { storeHandle } from './embedded-app-url.ts';
import { signedInStaff } from '../staff.ts';
import { LOCALE_NAMES, SHELL_WORDS } from './shell-words.ts';
import type { AdminLocale, ShellWords } from './shell-words.ts';

export type Html = ReturnType<typeof html>;

export interface ShellPage {
  app: SimApp;
  shop: SimShopState;
  locale: AdminLocale;
  section: 'home' | 'orders' | 'products' | 'customers' | 'app' | 'settings' | 'absent';
  title: string;
  content: Html;
}

/** Shapes drawn for this shell, 20 by 20, one path each. */
const ICON_PATHS = {
  home: 'M3 9.2 10 3.5l7 5.7V16a1 1 0 0 1-1 1h-3.5v-4.5h-5V17H4a1 1 0 0 1-1-1z',
  orders: 'M4 4h12l1 8h-4l-1.4 2H8.4L7 12H3zM3 12v4a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-4',
  products: 'M3.5 9.5V4.5a1 1 0 0 1 1-1h5L16.5 10.500 10.500 16.500zM7 7h.01',
  customers: 'M10 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.500c.6-3.300 2.900-5 6-5s5.400 1.700 6 5z',
  store:
    'M3.500 8 5 3.500h10L16.500 8M4.500 9.500v7h11v-7M8 16.500v-4h4v4M3.500 8a2 2 0 0 0 4.300 0 2.200 2.200 0 0 0 4.400 0 2 2 0 0 0 4.300 0z',
  control: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4',
  settings:
    'M10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM10 3v2M10 15v2M3 10h2M15 10h2M5 5l1.400 1.400M13.600 13.600 15 15M15 5l-1.400 1.400M6.400 13.600 5 15',
  menu: 'M3 5.500h14M3 10h14M3 14.500h14',
  search: 'M9 14a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM12.800 12.800 17 17',
};

/** The admin around one page: top bar, navigation and content. */
export function shellLayout(page: ShellPage): Html {
  const words = SHELL_WORDS[page.locale];
  return html`<!DOCTYPE html>
    <html lang="${page.locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${page.title} · ${page.shop.shop.name}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/admin-shell/shell.css" />
      </head>
      <body class="section-${page.section}">
        <input type="checkbox" id="menu-toggle" aria-label="${words.menu}" />
        ${topBar(page, words)} ${navigation(page, words)}
        <label class="scrim" for="menu-toggle"></label>
        <main>${page.content}</main>
      </body>
    </html>`;
}

function topBar(page: ShellPage, words: ShellWords): Html {
  const initials = page.shop.shop.name
    .split(/\s+/)
    .map((word) => word.slice(0, 1))
    .join('')
    .slice(0, 2)
    .toUpperCase();
  const signedIn = signedInStaff(page.shop.shop);
  return html`<header class="top-bar">
    <label class="menu-button" for="menu-toggle">${icon('menu')}</label>
    <a class="logo" href="/">local<b>shop</b></a>
    <div class="search" aria-hidden="true">${icon('search')}<span>${words.search}</span></div>
    <div id="save-bar" class="save-bar" role="region" aria-label="${words.unsavedChanges}" hidden>
      <span class="save-bar__text">${words.unsavedChanges}</span>
      <button type="button" class="save-bar__button" data-discard>${words.discard}</button>
      <button type="button" class="save-bar__button save-bar__button--primary" data-save>${words.save}</button>
    </div>
    <details class="menu language">
      <summary aria-label="${LOCALE_NAMES[page.locale]}">${page.locale === 'en' ? 'EN' : '中文'}</summary>
      <div class="menu__list">
        ${Object.entries(LOCALE_NAMES).map(
          ([locale, name]) =>
            html`<a
              href="?locale=${locale}"
              lang="${locale}"
              ${page.locale === locale ? raw('aria-current="true"') : ''}
              >${name}</a
            >`,
        )}
      </div>
    </details>
    <div class="store-name" title="${signedIn.firstName} ${signedIn.lastName}">
      <span>${page.shop.shop.name}</span><b class="store-initials" aria-hidden="true">${initials}</b>
    </div>
  </header>`;
}

function navigation(page: ShellPage, words: ShellWords): Html {
  const handle = storeHandle(page.shop.shop.domain);
  const root = `/store/${handle}`;
  const item = (section: ShellPage['section'], href: string, label: string, shape: keyof typeof ICON_PATHS): Html =>
    html`<li>
      <a href="${href}" ${page.section === section ? raw('aria-current="page"') : ''}>${icon(shape)}${label}</a>
    </li>`;
  return html`<nav class="side" aria-label="${words.menu}">
    <ul>
      ${item('home', `${root}/home`, words.home, 'home')} ${item('orders', `${root}/orders`, words.orders, 'orders')}
      ${item('products', `${root}/products`, words.products, 'products')}
      ${item('customers', `${root}/customers`, words.customers, 'customers')}
    </ul>
    <h2>${words.salesChannels}</h2>
    <ul>
      <li><a href="/shop/${handle}" target="_blank">${icon('store')}${words.onlineStore}</a></li>
    </ul>
    <h2>${words.apps}</h2>
    <ul>
      <li>
        <a
          id="app-home"
          class="app-link"
          href="${root}/apps/${page.app.handle}"
          ${page.section === 'app' ? raw('aria-current="page"') : ''}
          ><b class="app-icon" aria-hidden="true">${page.app.name.slice(0, 1)}</b>${page.app.name}</a
        >
        <ul id="app-nav"></ul>
      </li>
    </ul>
    <ul class="side__end">
      ${item('settings', `${root}/settings/checkout/editor`, words.checkoutEditor, 'settings')}
      <li><a href="/control">${icon('control')}${words.control}</a></li>
    </ul>
  </nav>`;
}

function icon(shape: keyof typeof ICON_PATHS): Html {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="${ICON_PATHS[shape]}" /></svg>`;
}
