import type { ProofSettings } from '#app/adapters/shopify/proofs/proof.ts';
import { env } from '#app/env.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';

const SECRETS = [env.SHOPIFY_API_SECRET, ...(env.SHOPIFY_API_SECRET_OLD === undefined ? [] : [env.SHOPIFY_API_SECRET_OLD])];

/** What callers' proofs are checked against, at this moment. */
export function proofSettings(): ProofSettings {
  return { clientId: env.SHOPIFY_API_KEY, clientSecrets: SECRETS, now: systemRuntime.now() };
}
