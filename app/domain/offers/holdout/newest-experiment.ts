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

export interface RuleDecisions {
  readonly ruleId: string;
  /** Since when its terms are the present ones, where decisions of other terms were left out; else null. */
  readonly sinceMs: number | null;
  readonly decisions: readonly OfferDecision[];
}

/**
 * By the rule that fitted when they were decided on first, whatever rules fitted later orders; those with the most customers
 * first. A rule has those alone to whom it gave, or would have given, what it gives now.
 *
 * @param termsSince milliseconds by rule; a rule that is not in it has all its decisions
 */
export function byRule(decisions: readonly OfferDecision[], termsSince: ReadonlyMap<string, number>): RuleDecisions[] {
  const groups = new Map<string, OfferDecision[]>();
  for (const decision of decisions) {
    const group = groups.get(decision.ruleId);
    if (group === undefined) groups.set(decision.ruleId, [decision]);
    else group.push(decision);
  }
  return [...groups]
    .map(([ruleId, group]) => {
      const sinceMs = termsSince.get(ruleId) ?? -Infinity;
      const own = group.filter(({ decidedAtMs }) => decidedAtMs >= sinceMs);
      return { ruleId, sinceMs: own.length < group.length ? sinceMs : null, decisions: own };
    })
    .sort((a, b) => b.decisions.length - a.decisions.length || (a.ruleId < b.ruleId ? -1 : 1));
}
