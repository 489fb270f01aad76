import type { ShopDomain } from '#app/domain/ids.ts';
import type { Result } from '#app/domain/result.ts';

/**
 * Shopify proves three kinds of callers to us with the same secret: a member of staff and a buyer by a session token,
 * a storefront by the signature of the app proxy. Each route takes one kind, and refuses the others by name.
 */
export type ProofKind = 'staff' | 'buyer' | 'proxy';

/** For our own counters and log. Who asked learns only that they are refused. */
export const PROOF_REFUSALS = [
  'missing',
  /** A token in an address that Shopify does not write it into. */
  'misplaced',
  'too-long',
  'malformed',
  'algorithm',
  'signature',
  'claims',
  'audience',
  /** Well signed, and for another kind of caller. */
  'other-kind',
  'shop',
  'issuer',
  'subject',
  'not-yet',
  /** Everything else about it was right. */
  'expired',
] as const;

export type ProofRefusal = (typeof PROOF_REFUSALS)[number];

export interface ProofSettings {
  clientId: string;
  /** The present secret first; while it is being changed, the one before it too. */
  clientSecrets: readonly string[];
  now: Date;
}

export interface StaffIdentity {
  kind: 'staff';
  shopDomain: ShopDomain;
  staffId: string;
}

export interface BuyerIdentity {
  kind: 'buyer';
  shopDomain: ShopDomain;
  /** Only of a buyer who is signed in, in a shop that lets the app read customers. */
  customerId: bigint | null;
}

export interface ProxyIdentity {
  kind: 'proxy';
  shopDomain: ShopDomain;
  /** Of a shopper who is signed in at the storefront. */
  customerId: bigint | null;
}

export type Proved<Identity> = Result<Identity, { reason: ProofRefusal }>;

export function refuseProof(reason: ProofRefusal): { ok: false; reason: ProofRefusal } {
  return { ok: false, reason };
}

/** A clock of ours or of Shopify's may be off by so much. */
export const CLOCK_SKEW_SECONDS = 10;
