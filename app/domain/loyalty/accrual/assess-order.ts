import type { EntryReason } from '../ledger/entry.ts';
import type { ProgramVersion } from '../program/version-in-force.ts';
import { lookedBackAtMs, versionInForce } from '../program/version-in-force.ts';
import { tierAt } from '../tiers/tier-at.ts';
import { readAwardChoices } from './award-reason.ts';
import type { TierAtAward } from './award-reason.ts';
import { computeOrderAward } from './compute-order-award.ts';
import type { OrderAward } from './compute-order-award.ts';
import type { EarningOrder } from './earning-order.ts';

/** An earlier entry about an order, as far as its award goes by it. */
export interface EarlierEntry {
  readonly kind: 'order' | 'grant';
  readonly programVersion: number | null;
  readonly reason: EntryReason;
}

export interface OrderStanding extends OrderAward {
  readonly version: ProgramVersion;
}

/**
 * What an order should have given by now: under the version of its first award, or, for one that has none, under that in
 * force when it was processed. Nobody was in any tier but the first where a version looks back at an order of before it:
 * years would else be lived again, order by order. The very function that answers "why did this order earn (or not)?".
 *
 * @param entries those about the order, the oldest first
 * @param tierIn the member's tier when the order was processed, by the levels of a version
 * @returns null where there was no program for such an order
 */
export function assessForAward(
  order: EarningOrder,
  {
    entries,
    versions,
    tierIn,
  }: {
    entries: readonly EarlierEntry[];
    versions: readonly ProgramVersion[];
    tierIn: (version: ProgramVersion) => TierAtAward | null;
  },
): OrderStanding | null {
  const awards = entries.filter(({ kind }) => kind === 'order');
  const choices = readAwardChoices(awards.map(({ reason }) => reason));
  const first = versions.find(({ version }) => version === awards[0]?.programVersion);
  const version = first ?? versionInForce(versions, order.processedAtMs);
  if (version === null) return null;
  const isBefore = lookedBackAtMs(version, order.processedAtMs) !== null;
  const tier = isBefore ? tierAt(version.program, [], order.processedAtMs) : tierIn(version);
  return { version, ...computeOrderAward({ program: version.program, order, tier, choices }) };
}
