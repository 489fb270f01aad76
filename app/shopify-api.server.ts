// The same adapter as in the Remix package and no other: the last one imported wins, a bundler decides which is last,
// and with Node's the library reads no header of a web Request.
import '@shopify/shopify-api/adapters/web-api';

import { ApiVersion, shopifyApi } from '@shopify/shopify-api';

import { env } from '#app/env.server.ts';
import { LIBRARY_LOGGER } from '#app/logging/shopify-library-log.server.ts';

const appUrl = new URL(env.SHOPIFY_APP_URL);

/**
 * The plain library, for what the Remix package does not offer: validating a webhook without loading a session, and
 * refreshing one shop's token under our own lock.
 */
export const shopifyApiLibrary = shopifyApi({
  apiKey: env.SHOPIFY_API_KEY,
  apiSecretKey: env.SHOPIFY_API_SECRET,
  apiVersion: ApiVersion.October26,
  hostName: appUrl.host,
  hostScheme: appUrl.protocol === 'http:' ? 'http' : 'https',
  isEmbeddedApp: true,
  scopes: env.SCOPES,
  logger: LIBRARY_LOGGER,
});
