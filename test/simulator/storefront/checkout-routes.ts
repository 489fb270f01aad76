import type { Context, Hono } from 'hono';

import { setPlaced } from './extension-placements.ts';
import { blocksFor } from './extension-routes.ts';
import { checkoutPage } from './pages/checkout.ts';
import { orderPage } from './pages/thank-you.ts';
import type { OrderPage } from './pages/thank-you.ts';
import { confirmationNumberOf, orderTokenOf, readOrderToken } from './checkout-token.ts';
import { COUNTRIES } from './countries.ts';
import { placeOrder } from './place-order.ts';
import { wordsFor } from './shop-words.ts';
import { priceShopperCart } from './shopper-cart.ts';
import type { Buyer, Shopper, StorefrontMemory } from './storefront-memory.ts';
import { answerPage, readForm } from './storefront-request.ts';
import type { Storefronts, StoreRequest } from './storefront-request.ts';

/** Checkout, the pages of a placed order, and what tests may set. */
export function addCheckoutRoutes(routes: Hono, storefronts: Storefronts): void {
  const { inStore, simulator } = storefronts;
  routes.get(
    '/shop/:handle/checkout',
    inStore(({ shop, view }, context) => {
      const cart = priceShopperCart(simulator, shop, view.shopper);
      if (cart.lines.length === 0) return context.redirect(`${view.root}/cart`, 303);
      return answerPage(context, checkoutPage(view, cart, undefined));
    }),
  );
  routes.post(
    '/shop/:handle/checkout',
    inStore(async (request, context) => pay(storefronts, request, context)),
  );
  routes.get('/shop/:handle/thank-you/:order', inStore(showOrder(storefronts, 'thank-you')));
  routes.get('/shop/:handle/orders/:order', inStore(showOrder(storefronts, 'order-status')));
  routes.post('/shop/:handle/__settings', async (context) => {
    const memory = storefronts.memoryOf(context.req.param('handle'));
    return memory ? changeSettings(memory, context) : context.notFound();
  });
}

async function pay({ simulator }: Storefronts, request: StoreRequest, context: Context): Promise<Response> {
  const { memory, shop, view } = request;
  const form = await readForm(context);
  takeForm(view.shopper, form, shop.shop.locales);
  view.say = wordsFor(view.shopper.locale);
  const cart = priceShopperCart(simulator, shop, view.shopper);
  if (cart.lines.length === 0) return context.redirect(`${view.root}/cart`, 303);
  const isMissingEmail = form.intent === 'pay' && !/^\S+@\S+$/.test(form.email ?? '');
  // A code that does not apply stops the purchase, so that nobody pays more than they expected.
  if (form.intent !== 'pay' || isMissingEmail || cart.refusal) {
    return answerPage(context, checkoutPage(view, cart, isMissingEmail ? 'missing' : undefined));
  }
  const order = placeOrder(memory, {
    buyer: buyerOf(view.shopper, form),
    lines: cart.lines,
    priced: cart.priced,
    applied: cart.applied,
    now: simulator.now(),
  });
  view.shopper.cart.clear();
  view.shopper.discountCode = null;
  return context.redirect(`${view.root}/thank-you/${orderTokenOf(simulator.app, shop, order.id)}`, 303);
}

function takeForm(shopper: Shopper, form: Record<string, string>, locales: string[]): void {
  shopper.form = form;
  shopper.discountCode = form.discount || null;
  if (form.locale && locales.includes(form.locale)) shopper.locale = form.locale;
  if (COUNTRIES.some(({ code }) => code === form.country)) shopper.countryCode = form.country ?? shopper.countryCode;
}

function buyerOf(shopper: Shopper, form: Record<string, string>): Buyer {
  return {
    email: form.email ?? '',
    firstName: form.firstName || null,
    lastName: form.lastName || null,
    address: {
      countryCode: shopper.countryCode,
      provinceCode: null,
      city: form.city || null,
      zip: form.zip || null,
    },
    locale: shopper.locale,
    currency: shopper.currency,
    acceptsMarketing: form.news === 'on',
    staysGuest: form.guest === 'on',
  };
}

function showOrder(storefronts: Storefronts, kind: OrderPage['kind']) {
  return async ({ memory, shop, view }: StoreRequest, context: Context): Promise<Response> => {
    const { app } = storefronts.simulator;
    const token = context.req.param('order') ?? '';
    const order = memory.order(readOrderToken(app, shop, token) ?? -1);
    if (!order) return context.notFound();
    const customer = order.customerId === null ? undefined : shop.customers.get(order.customerId);
    const page = orderPage({
      kind,
      shopName: shop.shop.name,
      root: view.root,
      order,
      customer,
      firstName: customer?.firstName ?? (view.shopper.form.firstName || null),
      confirmationNumber: confirmationNumberOf(app, shop, order.id),
      orderStatusAddress: `${view.root}/orders/${token}`,
      blocks: await blocksFor(storefronts, shop, kind, `${view.root}/orders/${token}/blocks`),
      timeZone: shop.shop.ianaTimezone,
    });
    return answerPage(context, page);
  };
}

/** Takes any of `{orderDelayMs, checkoutToken, placed: {extension, target, isPlaced}}`; answers with what now holds. */
async function changeSettings(memory: StorefrontMemory, context: Context): Promise<Response> {
  const body: unknown = await context.req.json();
  const field = (from: unknown, name: string): unknown =>
    typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
  const { settings, shop } = memory;
  const orderDelayMs = field(body, 'orderDelayMs');
  if (typeof orderDelayMs === 'number' && orderDelayMs >= 0) settings.orderDelayMs = orderDelayMs;
  const mode = field(body, 'checkoutToken');
  if (mode === 'valid' || mode === 'expired' || mode === 'wrong-audience' || mode === 'unavailable') {
    settings.checkoutToken = mode;
  }
  const placed = field(body, 'placed');
  if (placed !== undefined) {
    const isPlaced = field(placed, 'isPlaced') === true;
    setPlaced(shop, String(field(placed, 'extension')), String(field(placed, 'target')), isPlaced);
  }
  return context.json(settings);
}
