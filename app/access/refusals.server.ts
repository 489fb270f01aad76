import { Counter } from 'prom-client';

import type { ProofKind, ProofRefusal } from '#app/adapters/shopify/proofs/proof.ts';

/** Of Prometheus' usual registry: an operator sees a wave of forged tokens, and a clock that is wrong. */
export const refusals = new Counter({
  name: 'perennial_refused_requests_total',
  help: 'Requests that were not let in, by the kind of caller that the route is for and the rule that refused.',
  labelNames: ['kind', 'reason'] as const,
});

export function noteRefusal(kind: ProofKind, reason: ProofRefusal): void {
  refusals.inc({ kind, reason });
}
