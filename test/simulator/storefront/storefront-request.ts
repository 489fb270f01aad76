import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { html, raw } from 'hono/html';

import type { SimShopState, Simulator } from '../simulator.ts';
import { COUNTRIES } from './countries.ts';
import { readExtensions } from './extension-catalogue.ts';
import type { UiExtension } from './extension-catalogue.ts';
import type { Html, ShopView } from './pages/layout.ts';
import { wordsFor } from './shop-words.ts';
import { StorefrontMemory } from './storefront-memory.ts';
import { readThemeExtensions, renderBlocks } from './theme/theme-extension.ts';
import { themeObjects } from './theme/theme-objects.ts';

const SHOPPER_COOKIE = 'shopper';

export interface StoreRequest {
  memory: StorefrontMemory;
  shop: SimShopState;
  view: ShopView;
}

export interface Storefronts {
  simulator: Simulator;
  extensions(): Promise<UiExtension[]>;
  /** Undefined for a store that does not exist. */
  memoryOf(handle: string | undefined): StorefrontMemory | undefined;
  /** Wraps a handler of one store's page; answers 404 for a store that does not exist. */
  inStore(
    handle: (request: StoreRequest, context: Context) => Promise<Response> | Response,
  ): (context: Context) => Promise<Response>;
  /** What a merchant who put every block of a theme extension into a page has there; nothing while the app is not installed. */
  themeBlocks(view: ThemedPage): Promise<ShopView['embeds']>;
}

type ThemedPage = Pick<ShopView, 'shop' | 'shopper' | 'root'>;

export function createStorefronts(simulator: Simulator, extensionsFolder: string): Storefronts {
  const memories = new WeakMap<SimShopState, StorefrontMemory>();
  const memoryOf = (handle: string | undefined): StorefrontMemory | undefined => {
    const shop = simulator.shops.get(`${handle ?? ''}.myshopify.com`);
    if (!shop) return undefined;
    const memory = memories.get(shop) ?? new StorefrontMemory(shop);
    memories.set(shop, memory);
    return memory;
  };
  const renderTheme = async (target: 'body' | 'section', page: ThemedPage): Promise<ShopView['embeds']> => {
    if (!page.shop.isInstalled()) return '';
    const objects = themeObjects(simulator, page);
    const extensions = await readThemeExtensions(extensionsFolder);
    const rendered = await Promise.all(extensions.map((extension) => renderBlocks(extension, target, { locale: page.shopper.locale, objects })));
    return html`${raw(rendered.join('\n'))}`;
  };
  return {
    simulator,
    extensions: () => readExtensions(extensionsFolder),
    memoryOf,
    inStore: (handle) => async (context) => {
      const memory = memoryOf(context.req.param('handle'));
      if (!memory) return context.notFound();
      const root = `/shop/${context.req.param('handle') ?? ''}`;
      const known = getCookie(context, SHOPPER_COOKIE);
      const shopper = memory.shopper(known);
      if (shopper.id !== known) setCookie(context, SHOPPER_COOKIE, shopper.id, { path: root, httpOnly: true });
      const { shop } = memory;
      const embeds = await renderTheme('body', { shop, shopper, root });
      const view = { shop, shopper, root, currencies: currenciesOf(shop), say: wordsFor(shopper.locale), embeds };
      return handle({ memory, shop, view }, context);
    },
    themeBlocks: (view) => renderTheme('section', view),
  };
}

/** A page that no cache may keep: it shows the cart. */
export function answerPage(context: Context, page: Html): Response | Promise<Response> {
  context.header('Cache-Control', 'no-store');
  return context.html(page);
}

export async function readForm(context: Context): Promise<Record<string, string>> {
  const form = await context.req.formData();
  const texts = [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value.trim()]] : []));
  return Object.fromEntries(texts);
}

/** The shop's own currency first, then those that its buyers have paid in and those of the countries it sends to. */
function currenciesOf(shop: SimShopState): string[] {
  const own = shop.shop.currency;
  const others = new Set(COUNTRIES.map((country) => country.currency));
  others.delete(own);
  return [own, ...[...others].sort()];
}
