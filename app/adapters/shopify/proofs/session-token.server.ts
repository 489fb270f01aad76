import { numericId } from '#app/adapters/shopify/gid.ts';
import { refuseProof } from '#app/adapters/shopify/proofs/proof.ts';
import type { BuyerIdentity, Proved, ProofSettings, StaffIdentity } from '#app/adapters/shopify/proofs/proof.ts';
import { checkLifetime, readSignedClaims } from '#app/adapters/shopify/proofs/signed-claims.server.ts';
import type { SignedClaims } from '#app/adapters/shopify/proofs/signed-claims.server.ts';
import { isShopDomain } from '#app/domain/ids.ts';

const SCHEME = 'https://';
const STAFF_ID = /^[1-9]\d{0,18}$/;
const CUSTOMER_GID = 'gid://shopify/Customer/';

/**
 * The token that App Bridge gives to a page in the admin. The library checks less: it takes a token without an end, and
 * turns a buyer's away only because its `dest` is no address.
 */
export function verifyStaffToken(token: string, settings: ProofSettings): Proved<StaffIdentity> {
  const signed = readSignedClaims(token, settings);
  if (!signed.ok) return signed;
  const { dest, iss, sub } = signed.value;
  if (isOfBuyer(signed.value)) return refuseProof('other-kind');
  const shopDomain = dest.startsWith(SCHEME) ? dest.slice(SCHEME.length) : '';
  if (!isShopDomain(shopDomain)) return refuseProof('shop');
  if (iss !== `${dest}/admin`) return refuseProof('issuer');
  if (sub === undefined || !STAFF_ID.test(sub)) return refuseProof('subject');
  const lifetime = checkLifetime(signed.value, settings.now);
  return lifetime.ok ? { ok: true, value: { kind: 'staff', shopDomain, staffId: sub } } : lifetime;
}

/**
 * The token that an extension of the checkout or of the customer's account gets. By our own hand: the library's
 * `authenticate.public` does not look at the audience, takes a token that never ends, and turns away whatever looks
 * like a bot.
 */
export function verifyBuyerToken(token: string, settings: ProofSettings): Proved<BuyerIdentity> {
  const signed = readSignedClaims(token, settings);
  if (!signed.ok) return signed;
  const { dest: shopDomain, iss, sub } = signed.value;
  if (isOfStaff(signed.value)) return refuseProof('other-kind');
  if (!isShopDomain(shopDomain)) return refuseProof('shop');
  if (namesAnotherShop(iss, shopDomain)) return refuseProof('issuer');
  const customerId = sub?.startsWith(CUSTOMER_GID) === true ? numericId(sub) : null;
  if (sub !== undefined && customerId === null) return refuseProof('subject');
  const lifetime = checkLifetime(signed.value, settings.now);
  return lifetime.ok ? { ok: true, value: { kind: 'buyer', shopDomain, customerId } } : lifetime;
}

// Both kinds have one secret and one audience. Any one mark of the other kind is enough to refuse, so that nobody is
// taken for somebody because some field happens to have the right shape.

function isOfStaff({ iss, dest, sub, sid }: SignedClaims): boolean {
  return iss?.endsWith('/admin') === true || dest.startsWith(SCHEME) || sid !== undefined || /^\d+$/.test(sub ?? '');
}

/** A buyer's `dest` is the bare domain, and a guest has no `sub`. */
function isOfBuyer({ dest, sub }: SignedClaims): boolean {
  return isShopDomain(dest) || sub === undefined || sub.startsWith('gid://');
}

/** Newer tokens carry an issuer in a form that Shopify does not document; a shop's domain in it must be the same shop. */
function namesAnotherShop(issuer: string | undefined, shopDomain: string): boolean {
  const named = /([a-z0-9-]+\.myshopify\.com)/i.exec(issuer ?? '')?.[1];
  return named !== undefined && named !== shopDomain;
}
