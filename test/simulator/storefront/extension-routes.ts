import type { Context, Hono } from 'hono';

import type { SimOrder } from '../state.ts';
import { confirmationNumberOf, mintCheckoutToken, readOrderToken } from './checkout-token.ts';
import type { UiExtension } from './extension-catalogue.ts';
import { extensionFramePage } from './extension-frame.ts';
import { readExtensionTexts } from './extension-texts.ts';
import { hostDataOfCheckout, hostDataOfOrder, hostDataOfShopper } from './host-data-of.ts';
import type { FrameSurroundings } from './host-data-of.ts';
import { fullPagesOf } from './page-blocks.ts';
import { ordersOfPerson } from './place-order.ts';
import { priceShopperCart } from './shopper-cart.ts';
import { answerPage } from './storefront-request.ts';
import type { Storefronts, StoreRequest } from './storefront-request.ts';

/** The frames that the app's extensions run in, and their session tokens. */
export function addExtensionRoutes(routes: Hono, storefronts: Storefronts): void {
  const { inStore, simulator } = storefronts;
  routes.get('/shop/:handle/orders/:order/blocks/:extension/:target', inStore(showOrderBlock(storefronts)));
  routes.get('/shop/:handle/account/blocks/:extension/:target', inStore(showShopperBlock(storefronts, 'account')));
  routes.get('/shop/:handle/checkout/blocks/:extension/:target', inStore(showShopperBlock(storefronts, 'checkout')));
  const answerToken = ({ memory, shop, view }: StoreRequest, context: Context): Response => {
    const mode = memory.settings.checkoutToken;
    if (mode === 'unavailable') return context.json({ error: 'unavailable' }, 503);
    const signedInCustomerId = memory.settings.isDataApproved ? (view.shopper.signedInCustomerId ?? undefined) : undefined;
    return context.json({ token: mintCheckoutToken(simulator.app, shop, signedInCustomerId, mode) });
  };
  routes.post(
    '/shop/:handle/orders/:order/checkout-token',
    inStore(async (request, context) =>
      findOrder(storefronts, request, context) ? answerToken(request, context) : context.notFound(),
    ),
  );
  routes.post('/shop/:handle/session-token', inStore(answerToken));
}

function showOrderBlock(storefronts: Storefronts) {
  return async (request: StoreRequest, context: Context): Promise<Response> => {
    const { shop, view } = request;
    const order = findOrder(storefronts, request, context);
    const extension = await findExtension(storefronts, context);
    if (!order || !extension) return context.notFound();
    const orders = ordersOfPerson(shop, order.customerId, order.email);
    const token = context.req.param('order') ?? '';
    const around = await surroundings(storefronts, request, context, {
      extension,
      locale: order.locale,
      ordersCount: orders.length,
      tokenAddress: `${view.root}/orders/${token}/checkout-token`,
    });
    const data = hostDataOfOrder(around, {
      order,
      confirmationNumber: confirmationNumberOf(storefronts.simulator.app, shop, order.id),
      isFirstOrder: !orders.some((other) => other.id !== order.id && other.createdAt <= order.createdAt),
    });
    return answerPage(context, extensionFramePage(extension.name, data));
  };
}

function showShopperBlock(storefronts: Storefronts, page: 'account' | 'checkout') {
  return async (request: StoreRequest, context: Context): Promise<Response> => {
    const { memory, shop, view } = request;
    const { shopper } = view;
    const extension = await findExtension(storefronts, context);
    if (!extension) return context.notFound();
    const around = await surroundings(storefronts, request, context, {
      extension,
      locale: shopper.locale,
      ordersCount: ordersOfPerson(shop, shopper.signedInCustomerId, null).length,
      tokenAddress: `${view.root}/session-token`,
    });
    const data =
      page === 'account'
        ? hostDataOfShopper(around, shopper)
        : hostDataOfCheckout(around, {
            shopper,
            cart: priceShopperCart(storefronts.simulator, shop, shopper),
            discountAddress: `${view.root}/checkout/discount-codes`,
            canUpdateDiscountCodes: memory.settings.canUpdateDiscountCodes,
          });
    return answerPage(context, extensionFramePage(extension.name, data));
  };
}

async function surroundings(
  storefronts: Storefronts,
  { memory, shop, view }: StoreRequest,
  context: Context,
  of: Pick<FrameSurroundings, 'extension' | 'ordersCount' | 'tokenAddress'> & { locale: string },
): Promise<FrameSurroundings> {
  const pages = await fullPagesOf(storefronts, shop, view.root);
  return {
    ...of,
    target: context.req.param('target') ?? '',
    texts: await readExtensionTexts(of.extension, of.locale),
    shop,
    storefrontUrl: storefronts.simulator.origin + view.root,
    customer: memory.settings.isDataApproved ? shop.customers.get(view.shopper.signedInCustomerId ?? -1) : undefined,
    scriptAddress: `/extensions/${of.extension.handle}.js`,
    isInEditor: context.req.query('editor') !== undefined,
    isOrderLate: memory.settings.isOrderLate,
    addresses: {
      orders: `${view.root}/account`,
      profile: `${view.root}/account/profile`,
      pages: Object.fromEntries(pages.map(({ handle, address }) => [handle, address])),
    },
  };
}

function findOrder({ simulator }: Storefronts, { memory, shop }: StoreRequest, context: Context): SimOrder | undefined {
  return memory.order(readOrderToken(simulator.app, shop, context.req.param('order') ?? '') ?? -1);
}

async function findExtension(storefronts: Storefronts, context: Context): Promise<UiExtension | undefined> {
  const [handle, target] = [context.req.param('extension'), context.req.param('target')];
  return (await storefronts.extensions()).find(
    (extension) => extension.handle === handle && extension.targets.some((one) => one.target === target),
  );
}
