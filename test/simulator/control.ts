import { Hono, type Context } from 'hono';
import { controlPage } from './control-page.ts';
import { cancelOrder, deleteOrder, editOrder, fulfillOrder, mergeCustomers, payOrder, privacyPayload, refundOrder } from './order-changes.ts';
import type { Platform } from './platform.ts';
import type { ShopStore } from './shop-store.ts';
import { signIn } from './staff.ts';
import type { SimOrder } from './state.ts';

type Body = Readonly<Record<string, unknown>>;
/** Does one thing to a store and says what it did; null when what it is about does not exist. */
type Action = (platform: Platform, store: ShopStore, id: number, body: Body) => unknown;

const orderActions: Readonly<Record<string, (store: ShopStore, order: SimOrder, body: Body, now: Date) => unknown>> = {
  refund: (store, order, body, now) =>
    refundOrder(
      store,
      order,
      {
        everything: body['everything'] === true,
        lines: linesOf(body),
        freeAmountMinor: numberOf(body, 'freeAmountMinor') ?? 0,
        note: typeof body['note'] === 'string' ? body['note'] : null,
      },
      now,
    ),
  cancel: (store, order, _body, now) => cancelOrder(store, order, now),
  pay: (store, order, _body, now) => payOrder(store, order, now),
  fulfill: (store, order, body, now) => fulfillOrder(store, order, { isLast: body['isLast'] !== false }, now),
  delete: (store, order, _body, now) => {
    deleteOrder(store, order, now);
    return { deleted: order.id };
  },
  edit: (store, order, body, now) => {
    const first = order.lines.find((line) => line.currentQuantity > 0);
    const lineItemId = numberOf(body, 'lineItemId') ?? first?.id;
    if (lineItemId === undefined) return null;
    return editOrder(store, order, { lineItemId, quantity: numberOf(body, 'quantity') ?? 1 }, now);
  },
};

const customerActions: Readonly<Record<string, Action>> = {
  redact: (_platform, store, id) => send(store, 'customers/redact', id, ['orders_requested', 'data_request']),
  'data-request': (_platform, store, id) => send(store, 'customers/data_request', id, ['orders_to_redact']),
  merge: (platform, store, id, body) =>
    mergeCustomers(store, id, numberOf(body, 'removedId') ?? -1, platform.now()) ? { kept: id } : null,
};

function send(store: ShopStore, topic: string, customerId: number, without: readonly string[]): unknown {
  if (!store.customers.has(customerId)) return null;
  const entries = Object.entries(privacyPayload(store, customerId)).filter(([key]) => !without.includes(key));
  const payload = Object.fromEntries(entries);
  store.emit(topic, payload);
  return payload;
}

/** The control page at `/control` and the JSON API that it uses, which tests may use too. */
export function controlRoutes(platform: Platform): Hono {
  const routes = new Hono();
  routes.get('/control', (context) => context.html(controlPage));
  routes.get('/control/api/state', (context) => context.json(summary(platform)));
  routes.get('/control/api/deliveries', (context) => {
    const limit = Number(context.req.query('limit') ?? '100');
    return context.json(platform.webhooks.deliveries().toReversed().slice(0, limit));
  });
  routes.post('/control/api/deliveries/:id/redeliver', (context) => {
    const isKnown = platform.webhooks.redeliver(context.req.param('id'));
    return isKnown ? context.json({ ok: true }) : missing(context, 'delivery');
  });
  routes.post('/control/api/clock', async (context) => {
    const seconds = numberOf(await bodyOf(context), 'advanceSeconds');
    if (seconds === null || seconds < 0) return context.json({ error: 'advanceSeconds must be a number >= 0' }, 400);
    platform.advanceClock(seconds * 1000);
    return context.json({ now: platform.now().toISOString() });
  });
  routes.post('/control/api/shops/:domain/:action{install|reinstall|uninstall}', (context) => {
    const store = platform.shops.get(context.req.param('domain'));
    if (!store) return missing(context, 'store');
    if (context.req.param('action') === 'uninstall') platform.uninstall(store);
    else platform.ensureInstalled(store);
    return context.json({ isInstalled: store.isInstalled() });
  });
  routes.post('/control/api/shops/:domain/sign-in', async (context) => {
    const store = platform.shops.get(context.req.param('domain'));
    const staffId = numberOf(await bodyOf(context), 'staffId');
    if (!store || staffId === null || !signIn(store, staffId)) return missing(context, 'store or member of staff');
    return context.json({ signedIn: staffId });
  });
  routes.post('/control/api/shops/:domain/lose-subscription', async (context) => {
    const store = platform.shops.get(context.req.param('domain'));
    const topic = (await bodyOf(context))['topic'];
    if (!store || typeof topic !== 'string') return missing(context, 'store or topic');
    platform.loseSubscription(store.domain, topic);
    return context.json({ lost: topic });
  });
  routes.get('/control/api/shops/:domain/flow', (context) => {
    const shop = context.req.param('domain');
    const { extensions, received } = platform.flow;
    return context.json({ extensions, received: received.filter((trigger) => trigger.shop === shop) });
  });
  routes.post('/control/api/shops/:domain/flow/:handle', async (context) => {
    const { domain: shop, handle } = context.req.param();
    const { properties, runId } = await bodyOf(context);
    const isKnown = platform.shops.has(shop) && platform.flow.extensions.some((known) => known.type === 'flow_action' && known.handle === handle);
    if (!isKnown || typeof properties !== 'object' || properties === null) return missing(context, 'store, action or properties');
    return context.json(await platform.flow.runAction({ shop, handle, properties: { ...properties }, ...(typeof runId === 'string' ? { runId } : {}) }));
  });
  routes.post('/control/api/shops/:domain/orders/:id{\\d+}/:action', async (context) => {
    const store = platform.shops.get(context.req.param('domain'));
    const order = store?.orders.get(Number(context.req.param('id')));
    const act = orderActions[context.req.param('action')];
    if (!store || !order || !act) return missing(context, 'order or action');
    const done = act(store, order, await bodyOf(context), platform.now());
    return done === null ? missing(context, 'line') : context.json({ done });
  });
  routes.post('/control/api/shops/:domain/customers/:id{\\d+}/:action', async (context) => {
    const store = platform.shops.get(context.req.param('domain'));
    const act = customerActions[context.req.param('action')];
    if (!store || !act) return missing(context, 'store or action');
    const done = act(platform, store, Number(context.req.param('id')), await bodyOf(context));
    return done === null ? missing(context, 'customer') : context.json({ done });
  });
  return routes;
}

function summary(platform: Platform): Record<string, unknown> {
  return {
    now: platform.now().toISOString(),
    clockOffsetMs: platform.clockOffsetMs,
    app: { handle: platform.app.handle, name: platform.app.name, publicUrl: platform.app.publicUrl },
    shops: [...platform.shops.values()].map((store) => ({
      domain: store.domain,
      name: store.shop.name,
      currency: store.shop.currency,
      orders: store.orders.size,
      customers: store.customers.size,
      products: store.products.size,
      discounts: store.discounts.size,
      isInstalled: store.isInstalled(),
      installation: platform.grants.installation(store.domain) ?? null,
      bulkOperations: platform.bulk.list(store.domain),
    })),
  };
}

function missing(context: Context, what: string): Response {
  return context.json({ error: `There is no such ${what}.` }, 404);
}

async function bodyOf(context: Context): Promise<Body> {
  try {
    const body: unknown = await context.req.json();
    return typeof body === 'object' && body !== null ? Object.fromEntries(Object.entries(body)) : {};
  } catch {
    return {};
  }
}

function numberOf(body: Body, name: string): number | null {
  const value = body[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function linesOf(body: Body): { lineItemId: number; quantity: number }[] {
  const lines = body['lines'];
  if (!Array.isArray(lines)) return [];
  return lines.flatMap((line: unknown) => {
    if (typeof line !== 'object' || line === null) return [];
    const entry: Body = Object.fromEntries(Object.entries(line));
    const lineItemId = numberOf(entry, 'lineItemId');
    return lineItemId === null ? [] : [{ lineItemId, quantity: numberOf(entry, 'quantity') ?? 1 }];
  });
}
