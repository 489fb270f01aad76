import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { ServerBuild } from '@remix-run/node';

import type { Limits } from '#app/adapters/http/remix-listener.server.ts';
import { routeFiles, routeManifest } from './route-manifest.ts';

export interface AppServer {
  url: string;
  close(): Promise<void>;
}

/**
 * The app's own listener on a port, with Remix' request handler over the sources of all routes: what a request meets in
 * production, without the build that the browser tests need. Wants the environment that `startAppUnderTest` sets.
 */
export async function startAppServer({ limits }: { limits?: Limits } = {}): Promise<AppServer> {
  const { env } = await import('#app/env.server.ts');
  const { createRemixListener } = await import('#app/adapters/http/remix-listener.server.ts');
  const answer = createRemixListener(await buildOfSources(), {
    origin: env.SHOPIFY_APP_URL,
    ...(limits ? { limits } : {}),
  });
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

type RouteModule = NonNullable<ServerBuild['routes'][string]>['module'];

async function buildOfSources(): Promise<ServerBuild> {
  const facts = new Map(routeManifest().map((entry) => [entry.id, entry]));
  const routes: ServerBuild['routes'] = {};
  const assets: ServerBuild['assets']['routes'] = {};
  const add = (route: { id: string; parentId?: string; path: string | undefined; index: boolean }, module: object) => {
    routes[route.id] = { ...route, path: route.path ?? '', module: module as RouteModule };
    assets[route.id] = {
      ...route,
      path: route.path ?? '',
      hasLoader: facts.get(route.id)?.hasLoader ?? true,
      hasAction: facts.get(route.id)?.hasAction ?? false,
      hasClientAction: false,
      hasClientLoader: false,
      hasErrorBoundary: 'ErrorBoundary' in module,
      module: `/assets/${route.id}.js`,
      imports: [],
    };
  };
  add({ id: 'root', path: '', index: false }, await import('#app/root.tsx'));
  for (const { file, ...route } of routeFiles()) add(route, (await import(/* @vite-ignore */ `#app/${file}`)) as object);
  return {
    entry: { module: await import('#app/entry.server.tsx') },
    routes,
    assets: { entry: { module: '/assets/entry.js', imports: [] }, routes: assets, url: '/assets/manifest.js', version: 'sources' },
    basename: '/',
    publicPath: '/',
    assetsBuildDirectory: 'build/client',
    mode: 'production',
    isSpaMode: false,
    // As in vite.config.ts.
    future: {
      v3_fetcherPersist: true,
      v3_relativeSplatPath: true,
      v3_throwAbortReason: true,
      v3_singleFetch: false,
      v3_lazyRouteDiscovery: false,
    },
  };
}
