import { fileURLToPath } from 'node:url';

import { Hono } from 'hono';

import type { Simulator } from '../simulator.ts';
import { addAccountRoutes } from './account-routes.ts';
import { addCartRoutes } from './cart-routes.ts';
import { addCheckoutRoutes } from './checkout-routes.ts';
import { addExtensionFiles } from './extension-files.ts';
import { addExtensionRoutes } from './extension-routes.ts';
import { createStorefronts } from './storefront-request.ts';
import { addThemeRoutes } from './theme/theme-routes.ts';

export interface StorefrontOptions {
  /** The folder with `extensions/`; this checkout when left out. */
  projectFolder?: string;
  /** Serves `extensions/<handle>/dist/<handle>.js`, as `shopify app build` left it, in place of building here. */
  usesBuiltExtensions?: boolean;
}

/** The shops' own pages: catalogue, cart, checkout, thank-you, order status and account, with the app's extensions. */
export function storefrontRoutes(simulator: Simulator, options: StorefrontOptions = {}): Hono {
  const projectFolder = options.projectFolder ?? fileURLToPath(new URL('../../../', import.meta.url));
  const storefronts = createStorefronts(simulator, `${projectFolder}/extensions`);
  const routes = new Hono();
  addThemeRoutes(routes, storefronts, `${projectFolder}/extensions`);
  addExtensionFiles(routes, storefronts, options.usesBuiltExtensions ?? false);
  addExtensionRoutes(routes, storefronts);
  addCartRoutes(routes, storefronts);
  addAccountRoutes(routes, storefronts);
  addCheckoutRoutes(routes, storefronts);
  return routes;
}
