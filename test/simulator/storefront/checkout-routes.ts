import type { Context, Hono } from 'hono';

import { setPlaced } from './extension-placements.ts';
import { hostCartOf } from './host-data-of.ts';
import { blocksFor } from './page-blocks.ts';
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
    inStore(async (request, context) => {
      const { shop, view } = request;
      const cart = priceShopperCart(simulator, shop, view.shopper);
      if (cart.lines.length === 0) return context.redirect(`${view.root}/cart`, 303);
      return answerPage(context, checkoutPage(view, cart, undefined, await blocksAtCheckout(storefronts, request, context)));
    }),
  );
  routes.post(
    '/shop/:handle/checkout',
    inStore(async (request, context) => pay(storefronts, request, context)),
  );
  routes.post(
    '/shop/:handle/checkout/discount-codes',
    inStore(async (request, context) => changeDiscountCodes(storefronts, request, context)),
  );
  routes.get('/shop/:handle/thank-you/:order', inStore(showOrder(storefronts, 'thank-you')));
  routes.get('/shop/:handle/orders/:order', inStore(showOrder(storefronts, 'order-status')));
  routes.post('/shop/:handle/__settings', async (context) => {
    const memory = storefronts.memoryOf(context.req.param('handle'));
    return memory ? changeSettings(memory, context) : context.notFound();
  });
}

async function pay(storefronts: Storefronts, request: StoreRequest, context: Context): Promise<Response> {
  const { simulator } = storefronts;
  const { memory, shop, view } = request;
  const form = await readForm(context);
  takeForm(view.shopper, form, shop.shop.locales);
  view.say = wordsFor(view.shopper.locale);
  const cart = priceShopperCart(simulator, shop, view.shopper);
  if (cart.lines.length === 0) return context.redirect(`${view.root}/cart`, 303);
  const isMissingEmail = form.intent === 'pay' && !/^\S+@\S+$/.test(form.email ?? '');
  // A code that does not apply stops the purchase, so that nobody pays more than they expected.
  if (form.intent !== 'pay' || isMissingEmail || cart.refusal) {
    const blocks = await blocksAtCheckout(storefronts, request, context);
    return answerPage(context, checkoutPage(view, cart, isMissingEmail ? 'missing' : undefined, blocks));
  }
  const order = placeOrder(memory, {
    buyer: buyerOf(view.shopper, form),
    lines: cart.lines,
    priced: cart.priced,
    applied: cart.applied,
    automatic: cart.automatic,
    now: simulator.now(),
  });
  view.shopper.cart.clear();
  view.shopper.discountCode = null;
  return context.redirect(`${view.root}/thank-you/${orderTokenOf(simulator.app, shop, order.id)}`, 303);
}

function blocksAtCheckout(storefronts: Storefronts, { shop, view }: StoreRequest, context: Context) {
  return blocksFor(storefronts, shop, 'checkout', `${view.root}/checkout/blocks`, isInEditor(context));
}

function isInEditor(context: Context): boolean {
  return context.req.query('editor') !== undefined;
}

/**
 * What an extension's `applyDiscountCodeChange` asks for. As at Shopify, a code that does not apply is an error, and so
 * is any change in a checkout that a wallet has taken over; the local shop knows one code a cart.
 */
async function changeDiscountCodes(
  { simulator }: Storefronts,
  { memory, shop, view }: StoreRequest,
  context: Context,
): Promise<Response> {
  const change: unknown = await context.req.json();
  const [type, code] = [fieldOf(change, 'type'), String(fieldOf(change, 'code'))];
  const { shopper } = view;
  const before = shopper.discountCode;
  const { canUpdateDiscountCodes, isPaidByWallet } = memory.settings;
  let message = !canUpdateDiscountCodes || isPaidByWallet ? 'Discount codes cannot be changed in this checkout.' : '';
  if (message === '' && type === 'addDiscountCode') {
    shopper.discountCode = code;
    const { refusal } = priceShopperCart(simulator, shop, shopper);
    if (refusal) {
      message = `The code does not apply: ${refusal.refusal.reason}.`;
      shopper.discountCode = before;
    }
  } else if (message === '' && before?.toLowerCase() === code.toLowerCase()) {
    shopper.discountCode = null;
  }
  const result = message === '' ? { type: 'success' } : { type: 'error', message };
  return context.json({ result, cart: hostCartOf(shop, priceShopperCart(simulator, shop, shopper)) });
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
      blocks: await blocksFor(storefronts, shop, kind, `${view.root}/orders/${token}/blocks`, isInEditor(context)),
      timeZone: shop.shop.ianaTimezone,
    });
    return answerPage(context, page);
  };
}

/**
 * Takes any of `{orderDelayMs, checkoutToken, canUpdateDiscountCodes, isPaidByWallet, isDataApproved, isOrderLate, placed:
 * {extension, target, isPlaced}}`; answers with what now holds.
 */
async function changeSettings(memory: StorefrontMemory, context: Context): Promise<Response> {
  const body: unknown = await context.req.json();
  const { settings, shop } = memory;
  const orderDelayMs = fieldOf(body, 'orderDelayMs');
  if (typeof orderDelayMs === 'number' && orderDelayMs >= 0) settings.orderDelayMs = orderDelayMs;
  const mode = fieldOf(body, 'checkoutToken');
  if (mode === 'valid' || mode === 'expired' || mode === 'wrong-audience' || mode === 'unavailable') {
    settings.checkoutToken = mode;
  }
  for (const name of ['canUpdateDiscountCodes', 'isPaidByWallet', 'isDataApproved', 'isOrderLate'] as const) {
    const value = fieldOf(body, name);
    if (typeof value === 'boolean') settings[name] = value;
  }
  const placed = fieldOf(body, 'placed');
  if (placed !== undefined) {
    const isPlaced = fieldOf(placed, 'isPlaced') === true;
    setPlaced(shop, String(fieldOf(placed, 'extension')), String(fieldOf(placed, 'target')), isPlaced);
  }
  return context.json(settings);
}

function fieldOf(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
}
