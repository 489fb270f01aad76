import type { Context, Hono } from 'hono';
import { html } from 'hono/html';

import { orderTokenOf } from './checkout-token.ts';
import { blocksFor, fullPagesOf, FULL_PAGE } from './page-blocks.ts';
import { accountFrame, ordersContent, profileContent, signInContent } from './pages/account.ts';
import { blockFrames } from './pages/block-frames.ts';
import type { Html } from './pages/layout.ts';
import { shopLayout } from './pages/layout.ts';
import { findCustomerByEmail } from './place-order.ts';
import { answerPage, readForm } from './storefront-request.ts';
import type { Storefronts, StoreRequest } from './storefront-request.ts';

/** The customer account: orders, profile and the pages of the app's extensions, for who is signed in. */
export function addAccountRoutes(routes: Hono, storefronts: Storefronts): void {
  const { inStore } = storefronts;
  routes.get('/shop/:handle/account', inStore(showOrders(storefronts)));
  routes.get('/shop/:handle/account/profile', inStore(showProfile(storefronts)));
  routes.get('/shop/:handle/account/pages/:extension', inStore(showFullPage(storefronts)));
  routes.post('/shop/:handle/account/sign-in', inStore(signIn));
  routes.post(
    '/shop/:handle/account/sign-out',
    inStore(({ view }, context) => {
      view.shopper.signedInCustomerId = null;
      view.shopper.form = {};
      return context.redirect(`${view.root}/account`, 303);
    }),
  );
}

function showOrders(storefronts: Storefronts) {
  return async (request: StoreRequest, context: Context): Promise<Response> => {
    const { shop, view } = request;
    const customer = customerOf(request);
    if (!customer) return answerSignIn(request, context, undefined, context.req.query('return_to') ?? '');
    const { app } = storefronts.simulator;
    const content = ordersContent(view, customer, (order) => `${view.root}/orders/${orderTokenOf(app, shop, order.id)}`);
    return answerAccount(storefronts, request, context, content);
  };
}

function showProfile(storefronts: Storefronts) {
  return async (request: StoreRequest, context: Context): Promise<Response> => {
    const { shop, view } = request;
    const customer = customerOf(request);
    if (!customer) return askToSignIn(request, context);
    const isInEditor = context.req.query('editor') !== undefined;
    const blocks = await blocksFor(storefronts, shop, 'profile', `${view.root}/account/blocks`, isInEditor);
    return answerAccount(storefronts, request, context, profileContent(view, customer, blocks));
  };
}

function showFullPage(storefronts: Storefronts) {
  return async (request: StoreRequest, context: Context): Promise<Response> => {
    const { shop, view } = request;
    const handle = context.req.param('extension') ?? '';
    const page = (await fullPagesOf(storefronts, shop, view.root)).find((one) => one.handle === handle);
    if (!page) return context.notFound();
    if (!customerOf(request)) return askToSignIn(request, context);
    const query = context.req.query('editor') === undefined ? '' : '?editor=1';
    const address = `${view.root}/account/blocks/${handle}/${FULL_PAGE}${query}`;
    return answerAccount(storefronts, request, context, blockFrames([{ name: handle, address }]));
  };
}

async function signIn(request: StoreRequest, context: Context): Promise<Response> {
  const { shop, view } = request;
  const { email = '', return_to: returnTo = '' } = await readForm(context);
  const customer = findCustomerByEmail(shop, email);
  if (!customer) return answerSignIn(request, context, email, returnTo);
  view.shopper.signedInCustomerId = customer.id;
  view.shopper.form = { email, firstName: customer.firstName ?? '', lastName: customer.lastName ?? '' };
  return context.redirect(returnTo.startsWith(`${view.root}/`) ? returnTo : `${view.root}/account`, 303);
}

/** As Shopify does: sign in first, then on to where one wanted to be. */
function askToSignIn({ view }: StoreRequest, context: Context): Response {
  return context.redirect(`${view.root}/account?return_to=${encodeURIComponent(context.req.path)}`, 303);
}

function answerSignIn(
  { view }: StoreRequest,
  context: Context,
  failedEmail: string | undefined,
  returnTo: string,
): Response | Promise<Response> {
  const content = signInContent(view, failedEmail, returnTo);
  return answerPage(context, shopLayout(view, { title: view.say('signIn'), path: `${view.root}/account`, content }));
}

async function answerAccount(
  storefronts: Storefronts,
  { shop, view }: StoreRequest,
  context: Context,
  content: Html,
): Promise<Response> {
  const pages = await fullPagesOf(storefronts, shop, view.root);
  const path = context.req.path;
  // Shopify makes these pages by itself: nothing of the theme is on them.
  const around = { ...view, embeds: html`` };
  return answerPage(
    context,
    shopLayout(around, { title: view.say('account'), path, content: accountFrame(view, pages, path, content) }),
  );
}

function customerOf({ shop, view }: StoreRequest) {
  return shop.customers.get(view.shopper.signedInCustomerId ?? -1);
}
