import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { inShopOf } from '#app/adapters/db/tenant.server.ts';
import { observeAdminApi } from '#app/adapters/metrics/observe-admin-api.server.ts';
import { fetchStaffFacts } from '#app/adapters/shopify/staff-facts.server.ts';
import type { StaffAnswer } from '#app/adapters/shopify/staff-facts.server.ts';
import { registerShop } from '#app/adapters/db/shop-registry.server.ts';
import { createAdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { noteAdminApi } from '#app/adapters/shopify/note-admin-api.server.ts';
import { PointPacers } from '#app/adapters/shopify/point-pacer.server.ts';
import { asOnlyTokenWriter, offlineTokenOf } from '#app/adapters/shopify/offline-token.server.ts';
import type { ProofRefusal, StaffIdentity } from '#app/adapters/shopify/proofs/proof.ts';
import { findStaffToken } from '#app/adapters/shopify/proofs/request-proof.ts';
import type { FoundToken } from '#app/adapters/shopify/proofs/request-proof.ts';
import { verifyStaffToken } from '#app/adapters/shopify/proofs/session-token.server.ts';
import { signWithPresent } from '#app/adapters/shopify/proofs/signed-claims.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import type { ShopDomain } from '#app/domain/ids.ts';
import { proofSettings } from '#app/access/proof-settings.server.ts';
import { noteRefusal } from '#app/access/refusals.server.ts';
import { systemRuntime, type Runtime } from '#app/runtime.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { noteOpened } from '#app/services/retention/note-opened.server.ts';
import { recordInstall } from '#app/services/sync/record-install.server.ts';
import { shopifyApiLibrary } from '#app/shopify-api.server.ts';
import { authenticate, sessionStorage } from '#app/shopify.server.ts';

const pacers = new PointPacers(systemRuntime);

/** Everything that a service needs for one shop. The only place that puts the parts together. */
export function shopContext(shop: ShopRef, runtime: Runtime = systemRuntime): ShopContext {
  const { now, monotonicMs, fetch, wait, randomFraction } = runtime;
  const accessToken = offlineTokenOf({ shop, storage: sessionStorage, api: shopifyApiLibrary, pool, now });
  const { domain } = shop;
  const pacer = pacers.of(domain);
  const admin = createAdminApi({ domain, accessToken, pacer, fetch, wait, monotonicMs, randomFraction, onNotice: noteAdminApi });
  return {
    shop,
    inShop: inShopOf(prisma, shop),
    pool,
    admin: observeAdminApi(admin, monotonicMs),
    sealedBox,
    ...runtime,
  };
}

export interface MerchantContext extends ShopContext {
  redirect: RedirectInAdmin;
  /** Shopify's number of the member of staff who asks. */
  staffId: string;
  /** Asks Shopify who that is. */
  fetchStaffFacts: () => Promise<StaffAnswer>;
}

/**
 * For each loader and action below /app. Throws the library's redirect or 401 when the merchant is not let in, and sees
 * to it that whoever is let in is installed: this is the only sign of an install that cannot get lost.
 */
export async function merchantContext(request: Request): Promise<MerchantContext> {
  const { shopDomain, staffId, found } = await requireStaff(request);
  const { session, redirect } = await authenticateMerchant(withPresentSecret(request, found), shopDomain);
  // Both have read the same token; that they agree is not left to chance.
  if (session.shop !== shopDomain) throw refusal('shop');
  const context = shopContext(await registerShop(prisma, shopDomain));
  await recordInstall(context);
  noteOpened(context);
  return { ...context, redirect, staffId, fetchStaffFacts: () => fetchStaffFacts({ api: shopifyApiLibrary, shopDomain, sessionToken: presentToken(found), staffId }) };
}

type Merchant = Awaited<ReturnType<typeof authenticate.admin>>;
/** Remix' own redirect would lose the session inside the admin's frame. */
type RedirectInAdmin = Merchant['redirect'];

/** Our own rules, before the library sees the request: it exchanges tokens and writes rows for whatever it lets in. */
async function requireStaff(request: Request): Promise<StaffIdentity & { found: FoundToken }> {
  const found = findStaffToken(request);
  if (!found.ok) throw refusal(found.reason);
  if (found.value === null) throw await leaveToLibrary(request);
  const staff = verifyStaffToken(found.value.token, proofSettings());
  if (staff.ok && namesOtherShop(request, staff.value.shopDomain)) throw refusal('shop');
  if (staff.ok) return { ...staff.value, found: found.value };
  const isReloadedFrame = staff.reason === 'expired' && found.value.place === 'address';
  // A frame that is loaded again keeps the address with the token that it once had, and may fetch another.
  if (isReloadedFrame) throw await leaveToLibrary(withoutToken(request));
  throw refusal(staff.reason);
}

/** What the library shall see of a request that was let in, while the app's secret is being changed. */
function withPresentSecret(request: Request, { token, place }: FoundToken): Request {
  const { clientSecrets } = proofSettings();
  if (clientSecrets.length === 1) return request;
  const present = presentToken({ token });
  const address = new URL(request.url);
  const headers = new Headers(request.headers);
  if (place === 'header') headers.set('Authorization', `Bearer ${present}`);
  else address.searchParams.set('id_token', present);
  return new Request(address, { method: request.method, headers });
}

/** A token that was let in, as the library takes it. */
function presentToken({ token }: Pick<FoundToken, 'token'>): string {
  return signWithPresent(token, proofSettings().clientSecrets);
}

/** The address names the shop as well, for the header that says who may frame the page. */
function namesOtherShop(request: Request, shopDomain: ShopDomain): boolean {
  return new URL(request.url).searchParams.getAll('shop').some((named) => named !== shopDomain);
}

/** What the library answers to a document's request without a token: the page that fetches one, or the way to it. */
async function leaveToLibrary(request: Request): Promise<Response> {
  const answer = await authenticate.admin(withOwnHost(request)).catch((thrown: unknown) => thrown);
  if (answer instanceof Response) return answer;
  if (answer instanceof Error) throw answer;
  return refusal('missing');
}

function withoutToken({ url, headers }: Request): Request {
  const address = new URL(url);
  address.searchParams.delete('id_token');
  return new Request(address, { headers });
}

/** The library leads to whatever `host` says, if only some shop's domain stands at its end. */
function withOwnHost(request: Request): Request {
  const address = new URL(request.url);
  const host = Buffer.from(address.searchParams.get('host') ?? '', 'base64').toString();
  const isAdmin = /^admin\.shopify\.com\/store\/[a-z0-9-]+$/.test(host) || host === `${address.searchParams.get('shop')}/admin`;
  if (isAdmin) return request;
  address.searchParams.delete('host');
  return new Request(address, { headers: request.headers });
}

/** One answer for all reasons. App Bridge asks once more with a new token, which is what mends a late one. */
function refusal(reason: ProofRefusal): Response {
  noteRefusal('staff', reason);
  return new Response(null, { status: 401, headers: { 'X-Shopify-Retry-Invalid-Session-Request': '1' } });
}

// The library exchanges the merchant's token for a new pair when the stored one has less than five minutes left.
const EXCHANGE_AHEAD_MS = 6 * 60 * 1000;

/** A page's loaders run side by side, and each would exchange an old token by itself. */
async function authenticateMerchant(request: Request, shopDomain: ShopDomain): Promise<Merchant> {
  const stored = await sessionStorage.loadSession(`offline_${shopDomain}`);
  const isFresh = stored !== undefined && !stored.isExpired(EXCHANGE_AHEAD_MS);
  return isFresh ? authenticate.admin(request) : asOnlyTokenWriter(pool, shopDomain, () => authenticate.admin(request));
}
