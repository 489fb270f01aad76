import { createHmac } from 'node:crypto';
import { Hono, type Context } from 'hono';
import type { Platform } from './platform.ts';
import type { Simulator } from './simulator.ts';

/**
 * The app proxy of the toml: `/{prefix}/{subpath}/*` on a store's own domain reaches the app with a signature. Here
 * the store is named by `?shop=` or by being the only one, and nobody is logged in.
 */
export function appProxyRoutes(platform: Platform): Hono {
  const routes = new Hono();
  const prefix = proxyPrefixOf(platform);
  if (prefix === null) return routes;
  routes.all(`${prefix}/*`, async (context) => {
    const requested = new URL(context.req.url);
    const shop = requested.searchParams.get('shop') ?? [...platform.shops.keys()][0];
    if (shop === undefined || !platform.shops.has(shop)) return context.text('No such store', 404);
    return forwardToApp(platform, context, { shop, path: requested.pathname.slice(prefix.length), customerId: null });
  });
  return routes;
}

/** `/apps/perennial`; null for an app without a proxy. */
export function proxyPrefixOf({ config }: Pick<Simulator, 'config'>): string | null {
  return config.appProxy ? `/${config.appProxy.prefix}/${config.appProxy.subpath}` : null;
}

/** Leads a visitor's request to the app, signed with who they are; `path` is what follows the proxy's own address. */
export async function forwardToApp(
  simulator: Pick<Simulator, 'app' | 'config' | 'now'>,
  context: Context,
  { shop, path, customerId }: { shop: string; path: string; customerId: number | null },
): Promise<Response> {
  const base = new URL(simulator.config.appProxy?.url ?? '', `${simulator.app.publicUrl}/`).href.replace(/\/$/, '');
  const target = new URL(base + path);
  const parameters = new URLSearchParams(new URL(context.req.url).search);
  parameters.set('shop', shop);
  parameters.set('logged_in_customer_id', customerId === null ? '' : String(customerId));
  parameters.set('path_prefix', proxyPrefixOf(simulator) ?? '');
  parameters.set('timestamp', String(Math.floor(simulator.now().getTime() / 1000)));
  parameters.set('signature', signProxyParameters(parameters, simulator.app.clientSecret));
  target.search = parameters.toString();
  const hasBody = !['GET', 'HEAD'].includes(context.req.method);
  const answer = await fetch(target, {
    method: context.req.method,
    redirect: 'manual',
    headers: { 'content-type': context.req.header('content-type') ?? 'text/plain' },
    ...(hasBody ? { body: await context.req.arrayBuffer() } : {}),
  });
  return new Response(answer.body, {
    status: answer.status,
    headers: { 'content-type': answer.headers.get('content-type') ?? 'text/html' },
  });
}

/** Sorted `name=value` pairs without anything between them; values of one name are joined by commas. */
export function signProxyParameters(parameters: URLSearchParams, clientSecret: string): string {
  const names = [...new Set(parameters.keys())].filter((name) => name !== 'signature').sort();
  const text = names.map((name) => `${name}=${parameters.getAll(name).join(',')}`).join('');
  return createHmac('sha256', clientSecret).update(text).digest('hex');
}
