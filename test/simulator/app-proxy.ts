import { createHmac } from 'node:crypto';
import { Hono } from 'hono';
import type { Platform } from './platform.ts';

/**
 * The app proxy of the toml: `/{prefix}/{subpath}/*` on a store's own domain reaches the app with a signature. Here
 * the store is named by `?shop=` or by being the only one, and nobody is logged in.
 */
export function appProxyRoutes(platform: Platform): Hono {
  const routes = new Hono();
  const proxy = platform.config.appProxy;
  if (!proxy) return routes;
  const prefix = `/${proxy.prefix}/${proxy.subpath}`;
  routes.all(`${prefix}/*`, async (context) => {
    const requested = new URL(context.req.url);
    const shop = requested.searchParams.get('shop') ?? [...platform.shops.keys()][0];
    if (shop === undefined || !platform.shops.has(shop)) return context.text('No such store', 404);
    const base = new URL(proxy.url, `${platform.app.publicUrl}/`).href.replace(/\/$/, '');
    const target = new URL(base + requested.pathname.slice(prefix.length));
    const parameters = new URLSearchParams(requested.search);
    parameters.set('shop', shop);
    parameters.set('logged_in_customer_id', '');
    parameters.set('path_prefix', prefix);
    parameters.set('timestamp', String(Math.floor(platform.now().getTime() / 1000)));
    parameters.set('signature', signProxyParameters(parameters, platform.app.clientSecret));
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
  });
  return routes;
}

/** Sorted `name=value` pairs without anything between them; values of one name are joined by commas. */
export function signProxyParameters(parameters: URLSearchParams, clientSecret: string): string {
  const names = [...new Set(parameters.keys())].filter((name) => name !== 'signature').sort();
  const text = names.map((name) => `${name}=${parameters.getAll(name).join(',')}`).join('');
  return createHmac('sha256', clientSecret).update(text).digest('hex');
}
