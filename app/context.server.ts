import { decodeJwt } from 'jose';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { inShopOf } from '#app/adapters/db/tenant.server.ts';
import { registerShop } from '#app/adapters/db/shop-registry.server.ts';
import { createAdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { asOnlyTokenWriter, offlineTokenOf } from '#app/adapters/shopify/offline-token.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import { isShopDomain } from '#app/domain/ids.ts';
import { systemRuntime, type Runtime } from '#app/runtime.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { recordInstall } from '#app/services/sync/record-install.server.ts';
import { shopifyApiLibrary } from '#app/shopify-api.server.ts';
import { authenticate, sessionStorage } from '#app/shopify.server.ts';

/** Everything that a service needs for one shop. The only place that puts the parts together. */
export function shopContext(shop: ShopRef, runtime: Runtime = systemRuntime): ShopContext {
  const { now } = runtime;
  const accessToken = offlineTokenOf({ shop, storage: sessionStorage, api: shopifyApiLibrary, pool, now });
  return {
    shop,
    inShop: inShopOf(prisma, shop),
    pool,
    admin: createAdminApi({ domain: shop.domain, accessToken, fetch: runtime.fetch, wait: runtime.wait }),
    sealedBox,
    ...runtime,
  };
}

/**
 * For each loader and action below /app. Throws the library's redirect or 401 when the merchant is not let in, and sees
 * to it that whoever is let in is installed: this is the only sign of an install that cannot get lost.
 */
export async function merchantContext(request: Request): Promise<ShopContext & { redirect: RedirectInAdmin }> {
  const { session, sessionToken, redirect } = await authenticateMerchant(request);
  requireStaffToken(sessionToken);
  const context = shopContext(await registerShop(prisma, session.shop));
  await recordInstall(context);
  return { ...context, redirect };
}

type Merchant = Awaited<ReturnType<typeof authenticate.admin>>;
/** Remix' own redirect would lose the session inside the admin's frame. */
type RedirectInAdmin = Merchant['redirect'];

// The library exchanges the merchant's token for a new pair when the stored one has less than five minutes left.
const EXCHANGE_AHEAD_MS = 6 * 60 * 1000;

/** A page's loaders run side by side, and each would exchange an old token by itself. */
async function authenticateMerchant(request: Request): Promise<Merchant> {
  const domain = shopNamedIn(request);
  if (domain === null) return authenticate.admin(request);
  const stored = await sessionStorage.loadSession(`offline_${domain}`);
  const isFresh = stored !== undefined && !stored.isExpired(EXCHANGE_AHEAD_MS);
  return isFresh ? authenticate.admin(request) : asOnlyTokenWriter(pool, domain, () => authenticate.admin(request));
}

/**
 * Whom the request claims to speak for; null when it brings no token. Nothing is proved here, it only chooses whom to
 * wait for, but a claim that no token of the admin makes is refused at once: the library would fail on it.
 */
function shopNamedIn(request: Request): string | null {
  const token =
    request.headers.get('Authorization')?.replace(/^Bearer /, '') ?? new URL(request.url).searchParams.get('id_token');
  if (!token) return null;
  const domain = /^https:\/\/([^/]+)$/.exec(readDestination(token))?.[1] ?? '';
  if (!isShopDomain(domain)) throw new Response(null, { status: 401 });
  return domain;
}

function readDestination(token: string): string {
  try {
    const { dest } = decodeJwt<{ dest?: unknown }>(token);
    return typeof dest === 'string' ? dest : '';
  } catch {
    return '';
  }
}

/**
 * Tokens of buyers carry the same secret and audience. The library refuses them because their `dest` has no scheme,
 * which is luck; a token of the admin says so itself.
 */
function requireStaffToken(token: Merchant['sessionToken']): void {
  const isStaff = token !== undefined && token.iss === `${token.dest}/admin` && /^\d+$/.test(token.sub);
  if (!isStaff) throw new Response(null, { status: 401 });
}
