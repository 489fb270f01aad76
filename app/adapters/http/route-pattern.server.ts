import type { ServerBuild } from '@remix-run/node';
import { matchRoutes } from '@remix-run/react';

interface RouteNode {
  id: string;
  path: string | undefined;
  index: boolean | undefined;
  children: RouteNode[];
}

/** Names the route of a path by its pattern, `/app/customers/:customerId`, so that a count has few names and no ids. */
export function createRoutePatterns(routes: ServerBuild['routes']): (pathname: string) => string {
  const tree = childrenOf(routes, undefined);
  return (pathname) => {
    const matches = matchRoutes(asRouteObjects(tree), pathname) ?? [];
    const path = matches.map(({ route }) => route.path ?? '').filter((part) => part !== '').join('/');
    return `/${path}`.replaceAll(/\/+/g, '/');
  };
}

function childrenOf(routes: ServerBuild['routes'], parentId: string | undefined): RouteNode[] {
  return Object.values(routes)
    .filter((route) => route !== undefined)
    .filter((route) => route.parentId === parentId)
    .map((route) => ({ id: route.id, path: route.path, index: route.index, children: childrenOf(routes, route.id) }));
}

function asRouteObjects(nodes: RouteNode[]): Parameters<typeof matchRoutes>[0] {
  // Its type parts index routes, which have no children, from others at compile time; the build has seen to that.
  return nodes as never;
}
