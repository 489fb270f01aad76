import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { faultyAnswers } from './faults/faulty-answers.ts';
import type { AccessGrant } from './grants.ts';
import type { Platform } from './platform.ts';
import { shopOfDest, verifySessionToken } from './session-token.ts';
import { staffOf } from './staff.ts';
import type { SimShop, SimStaff } from './state.ts';

const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const onlineTokenType = 'urn:shopify:params:oauth:token-type:online-access-token';
const offlineTokenType = 'urn:shopify:params:oauth:token-type:offline-access-token';

type Form = Readonly<Record<string, unknown>>;
type Answer = { status: 200 | 400 | 401 | 404; body: Record<string, unknown> };

/** `POST /admin/oauth/access_token`: token exchange and refresh. The authorization-code grant is not imitated. */
export function oauthRoutes(platform: Platform): Hono<{ Bindings: HttpBindings }> {
  const routes = new Hono<{ Bindings: HttpBindings }>();
  routes.use('/admin/oauth/*', faultyAnswers(platform, 'oauth'));
  routes.post('/admin/oauth/access_token', async (context) => {
    const form = readForm(await context.req.text(), context.req.header('content-type') ?? '');
    const answer = exchange(platform, form, context.req.header('x-sim-shop') ?? null);
    return context.json(answer.body, answer.status);
  });
  return routes;
}

function readForm(text: string, contentType: string): Form {
  if (contentType.includes('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? Object.fromEntries(Object.entries(body)) : {};
  } catch {
    return {};
  }
}

function exchange(platform: Platform, form: Form, shopHeader: string | null): Answer {
  const { clientId, clientSecret } = platform.app;
  if (form['client_id'] !== clientId || form['client_secret'] !== clientSecret) {
    return refuse('invalid_client', 'The client credentials are not those of the app.', 401);
  }
  switch (form['grant_type']) {
    case tokenExchange:
      return exchangeSessionToken(platform, form, shopHeader);
    case 'refresh_token':
      return refreshOfflineToken(platform, form, shopHeader);
    default:
      return refuse('unsupported_grant_type', 'Only token exchange and refresh are imitated.');
  }
}

function exchangeSessionToken(platform: Platform, form: Form, shopHeader: string | null): Answer {
  const claims = verifySessionToken(String(form['subject_token'] ?? ''), {
    clientId: platform.app.clientId,
    clientSecret: platform.app.clientSecret,
    // Session tokens are stamped and read by real clocks, the app's among them, which the control page cannot move.
    nowSeconds: platform.realNow().getTime() / 1000,
  });
  const shop = claims && platform.shops.get(shopOfDest(claims.dest));
  if (!claims || !shop || (shopHeader !== null && shopHeader !== shop.domain)) {
    return refuse('invalid_subject_token', 'The session token is not valid for this app and store.');
  }
  const requested = form['requested_token_type'];
  if (requested !== onlineTokenType && requested !== offlineTokenType) {
    return refuse('invalid_request', 'requested_token_type must be an online or an offline access token.');
  }
  const { scopes } = platform.ensureInstalled(shop);
  if (requested === offlineTokenType) {
    const expires = String(form['expiring'] ?? '0') === '1';
    // One pair a shop: an exchange replaces whatever pair there was.
    platform.grants.revokeOffline(shop.domain);
    return { status: 200, body: offlineBody(platform.grants.issue(shop.domain, 'offline', scopes, { expires })) };
  }
  const user = staffOf(shop.shop).find(({ id }) => String(id) === claims.sub);
  if (user === undefined) return refuse('invalid_subject_token', 'The session token is of no member of the store\'s staff.');
  return { status: 200, body: onlineBody(platform.grants.issue(shop.domain, 'online', scopes, { expires: true }), shop.shop, user) };
}

function refreshOfflineToken(platform: Platform, form: Form, shopHeader: string | null): Answer {
  const refreshToken = String(form['refresh_token'] ?? '');
  const domain = platform.grants.shopOfRefreshToken(refreshToken);
  const shop = domain === undefined ? undefined : platform.shops.get(domain);
  const installation = shop && platform.grants.installation(shop.domain);
  if (!shop || !installation?.isInstalled || (shopHeader !== null && shopHeader !== shop.domain)) {
    return refuse('invalid_grant', 'This refresh token is invalid or expired.');
  }
  const grant = platform.grants.refresh(refreshToken, installation.scopes);
  if (grant === null) return refuse('invalid_grant', 'This refresh token is invalid or expired.');
  return { status: 200, body: offlineBody(grant) };
}

function offlineBody(grant: AccessGrant): Record<string, unknown> {
  const body = { access_token: grant.accessToken, scope: grant.scopes.join(',') };
  if (grant.refreshToken === null) return body;
  return {
    ...body,
    expires_in: 3600,
    refresh_token: grant.refreshToken,
    refresh_token_expires_in: 7_776_000,
  };
}

function onlineBody(grant: AccessGrant, shop: SimShop, user: SimStaff): Record<string, unknown> {
  return {
    access_token: grant.accessToken,
    scope: grant.scopes.join(','),
    expires_in: 86_399,
    associated_user_scope: grant.scopes.join(','),
    associated_user: {
      id: user.id,
      first_name: user.firstName,
      last_name: user.lastName,
      email: user.email,
      email_verified: true,
      account_owner: user.isOwner,
      locale: shop.primaryLocale,
      collaborator: user.isCollaborator,
    },
  };
}

function refuse(error: string, description: string, status: 400 | 401 = 400): Answer {
  return { status, body: { error, error_description: description } };
}
