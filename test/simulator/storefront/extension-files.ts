import { readFile } from 'node:fs/promises';

import type { Context, Hono } from 'hono';

import { browserBundle } from '../admin-shell/browser-bundle.ts';
import { buildExtension, readBuiltExtension } from './extension-bundle.ts';
import type { Storefronts } from './storefront-request.ts';

/** The scripts of the app's extensions, and what hosts them in the browser. */
export function addExtensionFiles(routes: Hono, storefronts: Storefronts, usesBuiltExtensions: boolean): void {
  routes.get('/extensions/:file{.+\\.js}', async (context) => {
    const handle = context.req.param('file').replace(/\.js$/, '');
    const extension = (await storefronts.extensions()).find((one) => one.handle === handle);
    if (!extension) return context.notFound();
    const code = usesBuiltExtensions
      ? await readBuiltExtension(extension)
      : await buildExtension(extension, storefronts.simulator.app.publicUrl);
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
}

function answerScript(context: Context, code: string): Response {
  return context.body(code, 200, { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-cache' });
}
