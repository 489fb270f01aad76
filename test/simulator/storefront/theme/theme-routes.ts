import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Hono } from 'hono';

import { forwardToApp, proxyPrefixOf } from '../../app-proxy.ts';
import type { Storefronts } from '../storefront-request.ts';
import { readThemeExtensions } from './theme-extension.ts';

const TYPES: Record<string, string> = { js: 'text/javascript', css: 'text/css' };

/** The assets of theme extensions, and the way that their scripts take to the app. */
export function addThemeRoutes(routes: Hono, { simulator, inStore }: Storefronts, extensionsFolder: string): void {
  routes.get('/storefront/theme/:extension/:file{[\\w-]+\\.(?:js|css)}', async (context) => {
    const extension = (await readThemeExtensions(extensionsFolder)).find(({ handle }) => handle === context.req.param('extension'));
    const file = context.req.param('file');
    const content = extension && (await readFile(join(extension.folder, 'assets', file), 'utf8').catch(() => undefined));
    if (content === undefined) return context.notFound();
    return context.body(content, 200, { 'Content-Type': `${TYPES[file.split('.').at(-1) ?? ''] ?? 'text/plain'}; charset=utf-8` });
  });
  const prefix = proxyPrefixOf(simulator);
  if (prefix === null) return;
  routes.all(
    `/shop/:handle${prefix}/*`,
    inStore(({ shop, view }, context) => {
      const path = new URL(context.req.url).pathname.slice(`${view.root}${prefix}`.length);
      return forwardToApp(simulator, context, { shop: shop.shop.domain, path, customerId: view.shopper.signedInCustomerId });
    }),
  );
}
