import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { flatRoutes } from '@remix-run/dev/dist/config/flat-routes.js';

import { PROJECT_DIR } from './project-dir.ts';

/** One route of the app: the same facts whether they come from the sources or from a build. */
export interface RouteEntry {
  id: string;
  /** From the root: `/app/customers/:customerId`. */
  path: string;
  hasLoader: boolean;
  hasAction: boolean;
  /** Whether it draws something; without, it answers with data alone. */
  hasPage: boolean;
}

interface Declared {
  id: string;
  parentId?: string | undefined;
  path?: string | undefined;
}

const APP_DIR = join(PROJECT_DIR, 'app');
// As in vite.config.ts.
const IGNORED = ['**/.*'];

/** Every route, found as Remix finds them; what each exports is read from its source. */
export function routeManifest(): RouteEntry[] {
  const declared = flatRoutes(APP_DIR, IGNORED);
  return Object.values(declared)
    .map((route) => {
      const source = readFileSync(join(APP_DIR, route.file), 'utf8');
      const exports = (name: string) => new RegExp(`^export (?:async )?(?:function|const|let) ${name}\\b|^export \\{[^}]*\\b${name}\\b[^}]*\\}`, 'm').test(source);
      return {
        id: route.id,
        path: pathOf(route, declared),
        hasLoader: exports('loader'),
        hasAction: exports('action'),
        hasPage: /^export default /m.test(source),
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Which file holds a route's module, below app/. */
export function routeFiles(): { id: string; parentId: string; path: string | undefined; index: boolean; file: string }[] {
  return Object.values(flatRoutes(APP_DIR, IGNORED)).map(({ id, parentId, path, index, file }) => ({
    id,
    parentId: parentId ?? 'root',
    path,
    index: index === true,
    file,
  }));
}

/** The routes of the build that a browser would be served, or null without a build. */
export function manifestOfBuild(): Omit<RouteEntry, 'hasPage'>[] | null {
  const assets = join(PROJECT_DIR, 'build', 'client', 'assets');
  const name = existsSync(assets) ? readdirSync(assets).find((file) => /^manifest-[\w-]+\.js$/.test(file)) : undefined;
  if (name === undefined) return null;
  const json = readFileSync(join(assets, name), 'utf8').replace(/^window\.__remixManifest=/, '').replace(/;\s*$/, '');
  const { routes } = JSON.parse(json) as { routes: Record<string, Declared & { hasLoader: boolean; hasAction: boolean }> };
  return Object.values(routes)
    .filter(({ id }) => id !== 'root')
    .map((route) => ({ id: route.id, path: pathOf(route, routes), hasLoader: route.hasLoader, hasAction: route.hasAction }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function pathOf(route: Declared, all: Record<string, Declared>): string {
  const parts: string[] = [];
  for (let one: Declared | undefined = route; one !== undefined; one = all[one.parentId ?? '']) if (one.path) parts.unshift(one.path);
  return `/${parts.join('/')}`;
}
