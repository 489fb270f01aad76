import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { Hono } from 'hono';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { parse } from 'smol-toml';

import type { SimShopState, Simulator } from '../simulator.ts';
import { readExtensions } from '../storefront/extension-catalogue.ts';
import { signedInStaff } from '../staff.ts';
import { isPlaced, setPlaced } from '../storefront/extension-placements.ts';
import { appPage } from './app-page.ts';
import { browserBundle } from './browser-bundle.ts';
import { addAdminExtensionFrames, customerPage, segmentPage, segmentsPage } from './extension-pages.ts';
import { embeddedAppUrl, mintAdminSessionToken, storeHandle } from './embedded-app-url.ts';
import { shellLayout } from './shell-layout.ts';
import type { Html, ShellPage } from './shell-layout.ts';
import { isAdminLocale, SHELL_WORDS } from './shell-words.ts';
import type { AdminLocale } from './shell-words.ts';
import { absentPage, checkoutEditorPage, customersPage, homePage, ordersPage, productsPage } from './store-pages.ts';

const LOCALE_COOKIE = 'admin_locale';
const SESSION_COOKIE = 'admin_session';

export interface AdminShellOptions {
  /** The folder with `shopify.app.toml` and `extensions/`; this checkout when left out. */
  projectFolder?: string;
}

interface StoreRequest {
  shop: SimShopState;
  locale: AdminLocale;
  sessionId: string;
  storeRoot: string;
}

/** The browser side of the admin: the shell around the app, and the App Bridge stand-in for inside it. */
export function adminShellRoutes(simulator: Simulator, options: AdminShellOptions = {}): Hono {
  const projectFolder = options.projectFolder ?? fileURLToPath(new URL('../../../', import.meta.url));
  const routes = new Hono();
  addBrowserFiles(routes);
  addBridgeAnswers(routes, simulator, projectFolder);
  addStorePages(routes, simulator, projectFolder);
  return routes;
}

function addBrowserFiles(routes: Hono): void {
  const script = (entry: string) => async (context: Context) =>
    context.body(await browserBundle(new URL(`./browser/${entry}`, import.meta.url)), 200, {
      'Content-Type': 'text/javascript; charset=utf-8',
      // The app's frame has another origin, and may ask for the script with credentials or without.
      'Access-Control-Allow-Origin': '*',
      'Cache-Control': 'no-cache',
    });
  routes.get('/app-bridge.js', script('app-bridge.ts'));
  routes.get('/admin-shell/shell.js', script('shell.ts'));
  routes.get('/admin-shell/segment-actions.js', script('segment-actions.ts'));
  routes.get('/admin-shell/shell.css', async (context) =>
    context.body(await readFile(new URL('./browser/shell.css', import.meta.url), 'utf8'), 200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': 'no-cache',
    }),
  );
}

/** What the shell asks for on behalf of the framed app. */
function addBridgeAnswers(routes: Hono, simulator: Simulator, projectFolder: string): void {
  routes.post('/store/:handle/session-token', (context) => {
    const request = readStoreRequest(context, simulator);
    if (!request) return context.notFound();
    return context.json({ token: mintAdminSessionToken(simulator.app, request.shop, request.sessionId) });
  });
  routes.post('/store/:handle/bridge/user', (context) => {
    const shop = findShop(simulator, context.req.param('handle'));
    if (!shop) return context.notFound();
    const { id, firstName, lastName, email } = signedInStaff(shop.shop);
    return context.json({ id, name: `${firstName} ${lastName}`, email, accountAccess: 'FULL' });
  });
  routes.post('/store/:handle/bridge/scopes', async (context) => {
    const shop = findShop(simulator, context.req.param('handle'));
    const required = await readRequiredScopes(projectFolder);
    return context.json({ granted: shop?.isInstalled() ? required : [], required, optional: [] });
  });
  routes.post('/store/:handle/bridge/extensions', async (context) => {
    const shop = findShop(simulator, context.req.param('handle'));
    if (!shop) return context.notFound();
    const extensions = await readExtensions(`${projectFolder}/extensions`);
    return context.json(
      extensions.map(({ handle, targets }) => ({
        handle,
        type: 'ui_extension',
        activations: targets.filter(({ target }) => isPlaced(shop, handle, target)).map(({ target }) => ({ target })),
      })),
    );
  });
}

function addStorePages(routes: Hono, simulator: Simulator, projectFolder: string): void {
  const { app } = simulator;
  const page =
    (section: ShellPage['section'], draw: (request: StoreRequest, context: Context) => Html | Promise<Html>) =>
    async (context: Context) => {
      const request = readStoreRequest(context, simulator);
      if (!request) return context.notFound();
      if (context.req.query('locale') !== undefined) return context.redirect(withoutLocale(context.req.url));
      const { shop, locale } = request;
      const title = section === 'app' || section === 'absent' ? app.name : SHELL_WORDS[locale][section];
      const content = await draw(request, context);
      context.header('Cache-Control', 'no-store');
      return context.html(shellLayout({ app, shop, locale, section, title, content }));
    };

  routes.get('/store/:handle', (context) =>
    context.redirect(`/store/${context.req.param('handle')}/apps/${app.handle}`),
  );
  routes.get(
    '/store/:handle/home',
    page('home', ({ shop, locale, storeRoot }) => homePage(shop, app.name, `${storeRoot}/apps/${app.handle}`, locale)),
  );
  routes.get(
    '/store/:handle/orders',
    page('orders', ({ shop, locale }) => ordersPage(shop, locale)),
  );
  routes.get(
    '/store/:handle/products',
    page('products', ({ shop, locale }) => productsPage(shop, locale)),
  );
  routes.get(
    '/store/:handle/customers',
    page('customers', ({ shop, locale, storeRoot }) => customersPage(shop, locale, storeRoot)),
  );
  const extensionsFolder = `${projectFolder}/extensions`;
  const absent = ({ locale, storeRoot }: StoreRequest, context: Context): Html => {
    context.status(404);
    return absentPage(`${storeRoot}/apps/${app.handle}`, context.req.path, locale);
  };
  const numberIn = (context: Context): number => Number(context.req.param('id'));
  routes.get('/store/:handle/customers/segments', page('customers', segmentsPage));
  routes.get(
    '/store/:handle/customers/segments/:id',
    page('customers', async (request, context) => (await segmentPage(request, extensionsFolder, numberIn(context))) ?? absent(request, context)),
  );
  routes.get(
    '/store/:handle/customers/:id',
    page('customers', async (request, context) => (await customerPage(request, extensionsFolder, numberIn(context))) ?? absent(request, context)),
  );
  addAdminExtensionFrames(routes, simulator, extensionsFolder, (context) => readStoreRequest(context, simulator));
  routes.get(
    '/store/:handle/settings/checkout/editor',
    page('settings', async ({ shop, locale }) =>
      checkoutEditorPage(shop, await readExtensions(`${projectFolder}/extensions`), locale),
    ),
  );
  routes.post('/store/:handle/settings/checkout/editor', async (context) => {
    const shop = findShop(simulator, context.req.param('handle'));
    if (!shop) return context.notFound();
    const form = await context.req.formData();
    setPlaced(shop, String(form.get('extension')), String(form.get('target')), form.get('placed') === 'yes');
    return context.redirect(context.req.path, 303);
  });
  const framed = page('app', ({ shop, locale, sessionId, storeRoot }, context) => {
    const url = new URL(context.req.url);
    const root = `${storeRoot}/apps/${context.req.param('app') ?? ''}`;
    const path = url.pathname.slice(root.length) || '/';
    const frameAddress = embeddedAppUrl(app, shop, { path, query: url.searchParams, locale, sessionId });
    return appPage({ appName: app.name, appRoot: `${storeRoot}/apps/${app.handle}`, storeRoot, frameAddress, locale });
  });
  routes.get('/store/:handle/apps/:app', framed);
  routes.get('/store/:handle/apps/:app/*', framed);
  routes.get(
    '/store/:handle/*',
    page('absent', absent),
  );
}

/** Reads who asks and in which language, and remembers both in cookies. Undefined for a store that does not exist. */
function readStoreRequest(context: Context, simulator: Simulator): StoreRequest | undefined {
  const shop = findShop(simulator, context.req.param('handle'));
  if (!shop) return undefined;
  const wanted = context.req.query('locale');
  const remembered = getCookie(context, LOCALE_COOKIE);
  const locale = isAdminLocale(wanted) ? wanted : isAdminLocale(remembered) ? remembered : 'en';
  if (locale !== remembered) setCookie(context, LOCALE_COOKIE, locale, { path: '/store', sameSite: 'Lax' });
  const known = getCookie(context, SESSION_COOKIE);
  const sessionId = known ?? randomBytes(32).toString('hex');
  if (known === undefined) setCookie(context, SESSION_COOKIE, sessionId, { path: '/store', httpOnly: true });
  return { shop, locale, sessionId, storeRoot: `/store/${storeHandle(shop.shop.domain)}` };
}

export function findShop(simulator: Simulator, handle: string | undefined): SimShopState | undefined {
  return simulator.shops.get(`${handle ?? ''}.myshopify.com`);
}

function withoutLocale(address: string): string {
  const url = new URL(address);
  url.searchParams.delete('locale');
  return url.pathname + url.search;
}

async function readRequiredScopes(projectFolder: string): Promise<string[]> {
  const toml = await readFile(`${projectFolder}/shopify.app.toml`, 'utf8').catch(() => '');
  const { access_scopes: access } = parse(toml);
  const scopes = typeof access === 'object' && 'scopes' in access ? access.scopes : '';
  return typeof scopes === 'string'
    ? scopes
        .split(',')
        .map((scope) => scope.trim())
        .filter(Boolean)
    : [];
}
