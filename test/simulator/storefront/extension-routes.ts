import { readFile } from 'node:fs/promises';

import type { Context, Hono } from 'hono';

import { browserBundle } from '../admin-shell/browser-bundle.ts';
import type { SimShopState } from '../simulator.ts';
import { confirmationNumberOf, mintCheckoutToken, readOrderToken } from './checkout-token.ts';
import { buildExtension, readBuiltExtension } from './extension-bundle.ts';
import type { UiExtension } from './extension-catalogue.ts';
import { extensionFramePage } from './extension-frame.ts';
import { isPlaced } from './extension-placements.ts';
import { readExtensionTexts } from './extension-texts.ts';
import type { BlockFrame, OrderPage } from './pages/thank-you.ts';
import { ordersOfPerson } from './place-order.ts';
import { answerPage } from './storefront-request.ts';
import type { Storefronts, StoreRequest } from './storefront-request.ts';

const TARGETS_OF_PAGE: Record<OrderPage['kind'], RegExp> = {
  'thank-you': /^purchase\.thank-you\..*\.render(-after|-before)?$/,
  'order-status': /^customer-account\.order-status\..*\.render(-after|-before)?$/,
};

/** The app's extensions: their scripts, the frames that they run in, and their session tokens. */
export function addExtensionRoutes(routes: Hono, storefronts: Storefronts, usesBuiltExtensions: boolean): void {
  const { inStore, simulator } = storefronts;
  routes.get('/extensions/:file{.+\\.js}', async (context) => {
    const handle = context.req.param('file').replace(/\.js$/, '');
    const extension = (await storefronts.extensions()).find((one) => one.handle === handle);
    if (!extension) return context.notFound();
    const code = usesBuiltExtensions
      ? await readBuiltExtension(extension)
      : await buildExtension(extension, simulator.app.publicUrl);
    return answerScript(context, code);
  });
  routes.get('/storefront/:file{.+\\.js}', async (context) => {
    const name = context.req.param('file').replace(/\.js$/, '');
    if (name !== 'extension-host' && name !== 'block-frames') return context.notFound();
    return answerScript(context, await browserBundle(new URL(`./browser/${name}.ts`, import.meta.url)));
  });
  routes.get('/storefront/:file{.+\\.css}', async (context) => {
    const file = context.req.param('file');
    if (file !== 'storefront.css' && file !== 'extension-frame.css') return context.notFound();
    const css = await readFile(new URL(`./browser/${file}`, import.meta.url), 'utf8');
    return context.body(css, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'no-cache' });
  });
  routes.get('/shop/:handle/orders/:order/blocks/:extension/:target', inStore(showBlock(storefronts)));
  routes.post(
    '/shop/:handle/orders/:order/checkout-token',
    inStore(({ memory, shop, view }, context) => {
      const order = memory.order(readOrderToken(simulator.app, shop, context.req.param('order') ?? '') ?? -1);
      const mode = memory.settings.checkoutToken;
      if (!order) return context.notFound();
      if (mode === 'unavailable') return context.json({ error: 'unavailable' }, 503);
      const signedInCustomerId = view.shopper.signedInCustomerId ?? undefined;
      return context.json({ token: mintCheckoutToken(simulator.app, shop, signedInCustomerId, mode) });
    }),
  );
}

/** The blocks that a merchant has placed on a page; none while the app is not installed. */
export async function blocksFor(
  storefronts: Storefronts,
  shop: SimShopState,
  page: OrderPage['kind'],
  root: string,
): Promise<BlockFrame[]> {
  if (!shop.isInstalled()) return [];
  return (await storefronts.extensions()).flatMap((extension) =>
    extension.targets
      .filter(({ target }) => TARGETS_OF_PAGE[page].test(target) && isPlaced(shop, extension.handle, target))
      .map(({ target }) => ({ name: extension.handle, address: `${root}/${extension.handle}/${target}` })),
  );
}

function showBlock(storefronts: Storefronts) {
  return async ({ memory, shop, view }: StoreRequest, context: Context): Promise<Response> => {
    const { app, origin } = storefronts.simulator;
    const token = context.req.param('order') ?? '';
    const target = context.req.param('target') ?? '';
    const order = memory.order(readOrderToken(app, shop, token) ?? -1);
    const extension = await findExtension(storefronts, context.req.param('extension') ?? '', target);
    if (!order || !extension) return context.notFound();
    const orders = ordersOfPerson(shop, order.customerId, order.email);
    const page = extensionFramePage({
      extension,
      target,
      texts: await readExtensionTexts(extension, order.locale),
      shop,
      storefrontUrl: origin + view.root,
      order,
      confirmationNumber: confirmationNumberOf(app, shop, order.id),
      isFirstOrder: !orders.some((other) => other.id !== order.id && other.createdAt <= order.createdAt),
      customer: shop.customers.get(view.shopper.signedInCustomerId ?? -1),
      ordersCount: orders.length,
      tokenAddress: `${view.root}/orders/${token}/checkout-token`,
      scriptAddress: `/extensions/${extension.handle}.js`,
    });
    return answerPage(context, page);
  };
}

async function findExtension(
  storefronts: Storefronts,
  handle: string,
  target: string,
): Promise<UiExtension | undefined> {
  return (await storefronts.extensions()).find(
    (extension) => extension.handle === handle && extension.targets.some((one) => one.target === target),
  );
}

function answerScript(context: Context, code: string): Response {
  return context.body(code, 200, { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-cache' });
}
