import { createHmac, timingSafeEqual } from 'node:crypto';

import { refuseProof } from '#app/adapters/shopify/proofs/proof.ts';
import type { Proved, ProofSettings, ProxyIdentity } from '#app/adapters/shopify/proofs/proof.ts';
import { isShopDomain } from '#app/domain/ids.ts';

// A shopper's browser asks at once; Shopify's own library allows as much.
const MAX_AGE_SECONDS = 90;
const CUSTOMER_ID = /^[1-9]\d{0,18}$/;
const LARGEST_ID = 9_223_372_036_854_775_807n;
/** Shopify sends each of them once: a second one is there to be read by mistake. */
const SINGLE = ['signature', 'shop', 'timestamp', 'path_prefix', 'logged_in_customer_id'];

/**
 * The parameters that Shopify's app proxy adds and signs. Nothing parts one from the next in what is signed: a visitor who
 * puts `logged_in_customer_id=7` into the name of a parameter of their own has a signature that also fits another cut of
 * the same text, in which they are customer 7. So none of our names may stand in it twice, and each that we rely on must
 * have its own shape besides.
 */
export function verifyProxySignature(parameters: URLSearchParams, { clientSecrets, now }: ProofSettings): Proved<ProxyIdentity> {
  const signature = parameters.get('signature');
  if (signature === null) return refuseProof('missing');
  if (SINGLE.some((name) => parameters.getAll(name).length > 1)) return refuseProof('malformed');
  if (!/^[0-9a-f]{64}$/.test(signature)) return refuseProof('malformed');
  const names = [...new Set(parameters.keys())].filter((name) => name !== 'signature').sort();
  const signed = names.map((name) => `${name}=${parameters.getAll(name).join(',')}`).join('');
  const given = Buffer.from(signature, 'hex');
  const isSigned = clientSecrets.some((secret) => timingSafeEqual(given, createHmac('sha256', secret).update(signed).digest()));
  if (!isSigned) return refuseProof('signature');
  if (SINGLE.some((name) => signed.split(`${name}=`).length > 2)) return refuseProof('malformed');
  const shopDomain = parameters.get('shop') ?? '';
  const timestamp = parameters.get('timestamp') ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) return refuseProof('claims');
  if (!isShopDomain(shopDomain)) return refuseProof('shop');
  const ageSeconds = now.getTime() / 1000 - Number(timestamp);
  if (ageSeconds < -MAX_AGE_SECONDS) return refuseProof('not-yet');
  if (ageSeconds > MAX_AGE_SECONDS) return refuseProof('expired');
  const customerId = readCustomerId(parameters.get('logged_in_customer_id'));
  return customerId === undefined ? refuseProof('subject') : { ok: true, value: { kind: 'proxy', shopDomain, customerId } };
}

/** Shopify leaves it empty where nobody is signed in; undefined for what is no id. */
function readCustomerId(text: string | null): bigint | null | undefined {
  if (text === null || text === '') return null;
  if (!CUSTOMER_ID.test(text)) return undefined;
  const customerId = BigInt(text);
  return customerId <= LARGEST_ID ? customerId : undefined;
}
