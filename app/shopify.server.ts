import '@shopify/shopify-app-remix/adapters/node';

import { ApiVersion, AppDistribution, LogSeverity, shopifyApp } from '@shopify/shopify-app-remix/server';

import { registerShop } from '#app/adapters/db/shop-registry.server.ts';
import { inShopOf } from '#app/adapters/db/tenant.server.ts';
import { SealedSessionStorage } from '#app/adapters/shopify/session-storage.server.ts';
import { prisma } from '#app/db.server.ts';
import { env } from '#app/env.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import { recordInstall } from '#app/services/sync/record-install.server.ts';

const now = () => new Date();

export const sessionStorage = new SealedSessionStorage(prisma, sealedBox, now);

export const shopify = shopifyApp({
  apiKey: env.SHOPIFY_API_KEY,
  apiSecretKey: env.SHOPIFY_API_SECRET,
  apiVersion: ApiVersion.October26,
  scopes: env.SCOPES,
  appUrl: env.SHOPIFY_APP_URL,
  authPathPrefix: '/auth',
  sessionStorage,
  distribution: AppDistribution.AppStore,
  logger: { level: LogSeverity.Error },
  future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
  hooks: {
    // Runs at each exchange of a token, about hourly, and not only at the first: recordInstall is cheap when repeated.
    afterAuth: async ({ session }) => {
      const shop = await registerShop(prisma, session.shop);
      await recordInstall({ shop, inShop: inShopOf(prisma, shop), now });
    },
  },
});

export const { authenticate, addDocumentResponseHeaders, login } = shopify;
