import type { OfferDecision } from './sum-sides.ts';

/** Customers whom chance put on a side, each with the same probability. */
export interface Experiment {
  readonly holdoutBasisPoints: number;
  readonly decisions: readonly OfferDecision[];
  /** When the first and the last of them were decided on. */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Those decided on under the share that was in force last. Customers of another share are left out: there as here chance
 * decided, but of each month's customers it put another part on a side, so that a month in which everybody came back would
 * look like an effect. A share that is set again goes on where it was left. Null while chance has decided on nobody.
 */
export function newestExperiment(decisions: readonly OfferDecision[]): Experiment | null {
  const [first, ...others] = decisions;
  if (first === undefined) return null;
  const { holdoutBasisPoints } = others.reduce((newest, decision) => (decision.decidedAtMs > newest.decidedAtMs ? decision : newest), first);
  const own = decisions.filter((decision) => decision.holdoutBasisPoints === holdoutBasisPoints);
  const moments = { fromMs: Infinity, toMs: -Infinity };
  for (const { decidedAtMs } of own) {
    moments.fromMs = Math.min(moments.fromMs, decidedAtMs);
    moments.toMs = Math.max(moments.toMs, decidedAtMs);
  }
  return { holdoutBasisPoints, decisions: own, ...moments };
}

/** By the rule that fitted when they were decided on first, whatever rules fitted later orders; those with the most customers first. */
export function byRule(decisions: readonly OfferDecision[]): [ruleId: string, decisions: OfferDecision[]][] {
  const groups = new Map<string, OfferDecision[]>();
  for (const decision of decisions) {
    const group = groups.get(decision.ruleId);
    if (group === undefined) groups.set(decision.ruleId, [decision]);
    else group.push(decision);
  }
  return [...groups].sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
}
