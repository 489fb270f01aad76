import { fileURLToPath } from 'node:url';

import { Hono } from 'hono';

import type { Simulator } from '../simulator.ts';
import { addCartRoutes } from './cart-routes.ts';
import { addCheckoutRoutes } from './checkout-routes.ts';
import { addExtensionRoutes } from './extension-routes.ts';
import { createStorefronts } from './storefront-request.ts';

export interface StorefrontOptions {
  /** The folder with `extensions/`; this checkout when left out. */
  projectFolder?: string;
  /** Serves `extensions/<handle>/dist/<handle>.js`, as `shopify app build` left it, in place of building here. */
  usesBuiltExtensions?: boolean;
}

/** The shops' own pages: catalogue, cart, checkout, thank-you and order status, with the app's blocks on these two. */
export function storefrontRoutes(simulator: Simulator, options: StorefrontOptions = {}): Hono {
  const projectFolder = options.projectFolder ?? fileURLToPath(new URL('../../../', import.meta.url));
  const storefronts = createStorefronts(simulator, `${projectFolder}/extensions`);
  const routes = new Hono();
  addExtensionRoutes(routes, storefronts, options.usesBuiltExtensions ?? false);
  addCartRoutes(routes, storefronts);
  addCheckoutRoutes(routes, storefronts);
  return routes;
}
