import { refuseProof } from '#app/adapters/shopify/proofs/proof.ts';
import type { Proved } from '#app/adapters/shopify/proofs/proof.ts';

const BEARER = /^Bearer ([^\s,]+)$/;
const PROXY_SIGNATURE = /^[0-9a-f]{64}$/;

export interface FoundToken {
  token: string;
  place: 'header' | 'address';
}

/**
 * The session token that a page of the admin brings: in the header, or in the address of the document that the admin
 * opens, which is the one place that Shopify writes it into. `null`: a document's request without any, which the
 * library sends to fetch one.
 */
export function findStaffToken(request: Request): Proved<FoundToken | null> {
  if (bringsOtherProof(request)) return refuseProof('other-kind');
  const header = request.headers.get('Authorization');
  if (header !== null) return fromHeader(header);
  const [token, ...others] = new URL(request.url).searchParams.getAll('id_token');
  if (token === undefined) return isForDocument(request) ? { ok: true, value: null } : refuseProof('missing');
  if (!isForDocument(request) || others.length > 0) return refuseProof('misplaced');
  return { ok: true, value: { token, place: 'address' } };
}

/** Extensions send the header and nothing else. */
export function findBuyerToken(request: Request): Proved<FoundToken> {
  if (bringsOtherProof(request)) return refuseProof('other-kind');
  const header = request.headers.get('Authorization');
  return header === null ? refuseProof('missing') : fromHeader(header);
}

function fromHeader(header: string): Proved<FoundToken> {
  const token = BEARER.exec(header)?.[1];
  return token === undefined ? refuseProof('malformed') : { ok: true, value: { token, place: 'header' } };
}

/** What the app proxy or a webhook is signed with: a caller who has one of those is not the caller that is asked for. */
function bringsOtherProof(request: Request): boolean {
  const signatures = new URL(request.url).searchParams.getAll('signature');
  return signatures.some((text) => PROXY_SIGNATURE.test(text)) || request.headers.has('X-Shopify-Hmac-Sha256');
}

/** A browser says what it wants a document for, and our listener says it of Remix' own requests for data. */
function isForDocument({ method, headers }: Request): boolean {
  return method === 'GET' && headers.get('Sec-Fetch-Dest') !== 'empty';
}
