import '@shopify/shopify-app-remix/adapters/node';

import { ApiVersion, AppDistribution, shopifyApp } from '@shopify/shopify-app-remix/server';

import { SealedSessionStorage } from '#app/adapters/shopify/session-storage.server.ts';
import { prisma } from '#app/db.server.ts';
import { env } from '#app/env.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import { LIBRARY_LOGGER } from '#app/logging/shopify-library-log.server.ts';

export const sessionStorage = new SealedSessionStorage(prisma, sealedBox, systemRuntime.now);

export const shopify = shopifyApp({
  apiKey: env.SHOPIFY_API_KEY,
  apiSecretKey: env.SHOPIFY_API_SECRET,
  apiVersion: ApiVersion.October26,
  scopes: env.SCOPES,
  appUrl: env.SHOPIFY_APP_URL,
  authPathPrefix: '/auth',
  sessionStorage,
  distribution: AppDistribution.AppStore,
  logger: LIBRARY_LOGGER,
  future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
});

export const { authenticate, addDocumentResponseHeaders, login } = shopify;
