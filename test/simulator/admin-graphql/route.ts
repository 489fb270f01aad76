import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { faultyAnswers } from '../faults/faulty-answers.ts';
import type { Platform } from '../platform.ts';
import { expandScopes } from './access.ts';
import { executeAdminRequest, type AdminRequest } from './execute.ts';

const servedVersion = '2026-10';

/** `POST /admin/api/{version}/graphql.json`. The version in the path is accepted and 2026-10 is served. */
export function adminGraphqlRoutes(platform: Platform): Hono<{ Bindings: HttpBindings }> {
  const routes = new Hono<{ Bindings: HttpBindings }>();
  routes.use('/admin/api/*', faultyAnswers(platform, 'graphql'));
  routes.post('/admin/api/:version/graphql.json', async (context) => {
    context.header('X-Shopify-API-Version', servedVersion);
    context.header('X-Request-Id', randomUUID());
    const grant = platform.grants.findLive(context.req.header('x-shopify-access-token') ?? '');
    const shopHeader = context.req.header('x-sim-shop');
    const store = grant && platform.shops.get(grant.shop);
    if (!grant || !store || (shopHeader !== undefined && shopHeader !== grant.shop)) {
      const errors = '[API] Invalid API key or access token (unrecognized login or wrong password)';
      return context.json({ errors }, 401);
    }
    const request = readRequest(await context.req.text(), context.req.header('content-type') ?? '');
    if (request === null) return context.json({ errors: { query: 'Required parameter missing or invalid' } }, 400);
    const answer = await executeAdminRequest(
      request,
      { platform, store, scopes: expandScopes(grant.scopes), isBulk: false },
      platform.bucketOf(store.domain),
    );
    await platform.bulk.untilAnswersMayGo(store.domain);
    return context.json(answer, 200);
  });
  return routes;
}

function readRequest(text: string, contentType: string): AdminRequest | null {
  if (contentType.includes('application/graphql')) {
    return { query: text, variables: {}, operationName: null };
  }
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return null;
    const query: unknown = Reflect.get(body, 'query');
    const variables: unknown = Reflect.get(body, 'variables');
    const operationName: unknown = Reflect.get(body, 'operationName');
    if (typeof query !== 'string') return null;
    return {
      query,
      variables:
        typeof variables === 'object' && variables !== null ? Object.fromEntries(Object.entries(variables)) : {},
      operationName: typeof operationName === 'string' ? operationName : null,
    };
  } catch {
    return null;
  }
}
