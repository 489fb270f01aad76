import { REPLENISHMENT_URGENCIES } from '../retention/products/replenishment-urgency.ts';
import type { ReplenishmentUrgency } from '../retention/products/replenishment-urgency.ts';
import { LIFECYCLE_STAGES, LIFECYCLE_STATES, RFM_GROUPS } from '../retention/report/report.ts';
import type { LifecycleStage, LifecycleState, RfmGroup } from '../retention/report/report.ts';
import type { ChoiceField, Segment } from './segment.ts';

/** A group of everybody who has ordered, PROSPECTS excluded: they have not. */
export type OrderedGroup = Exclude<RfmGroup, 'PROSPECTS'>;

/** Fixed for good: addresses, and what is written to Shopify later, name segments by these. */
export type ReadyMadeId =
  | `stage-${LifecycleStage}`
  | `state-${LifecycleState}`
  | `group-${OrderedGroup}`
  | `refill-${ReplenishmentUrgency}`
  | 'first-time'
  | 'returning'
  | 'vip'
  | 'vip-away';

export const READY_MADE_THEMES = ['value', 'lifecycle', 'rhythm', 'refill', 'group'] as const;

/** What tells the segments of a theme apart; in all but `value` and `refill` each customer is in one. */
export type ReadyMadeTheme = (typeof READY_MADE_THEMES)[number];

export interface ReadyMadeSegment {
  readonly id: ReadyMadeId;
  readonly theme: ReadyMadeTheme;
  readonly segment: Segment;
}

/**
 * Among the fifth of customers who have spent the most, and with a second order: one large order makes nobody a regular.
 * How long ago the last order was does not matter, so that a very important customer who is leaving stays one; champions,
 * of whom it does matter, are an RFM group.
 */
const VIP: Segment['conditions'] = [
  { kind: 'range', field: 'spentScore', from: 5, to: 5 },
  { kind: 'range', field: 'orders', from: 2, to: null },
];

/** Beyond what three quarters of the store's customers take between two orders. */
const AWAY: Segment['conditions'] = [{ kind: 'choice', field: 'state', anyOf: ['atRisk', 'lapsed'] }];

/** Whom merchants ask for most, so that nobody has to build them. */
export const READY_MADE_SEGMENTS: readonly ReadyMadeSegment[] = [
  valued('vip', VIP),
  valued('vip-away', [...VIP, ...AWAY]),
  valued('first-time', [{ kind: 'range', field: 'orders', from: 1, to: 1 }]),
  valued('returning', [{ kind: 'range', field: 'orders', from: 2, to: null }]),
  ...LIFECYCLE_STAGES.map((stage) => chosen(`stage-${stage}`, 'lifecycle', ['stage', stage])),
  ...LIFECYCLE_STATES.map((state) => chosen(`state-${state}`, 'rhythm', ['state', state])),
  ...REPLENISHMENT_URGENCIES.map((urgency) => chosen(`refill-${urgency}`, 'refill', ['replenishment', urgency])),
  ...RFM_GROUPS.flatMap((group) => (group === 'PROSPECTS' ? [] : chosen(`group-${group}`, 'group', ['rfmGroup', group]))),
];

function valued(id: ReadyMadeId, conditions: Segment['conditions']): ReadyMadeSegment {
  return { id, theme: 'value', segment: { match: 'all', conditions } };
}

function chosen(id: ReadyMadeId, theme: ReadyMadeTheme, [field, value]: [ChoiceField, string]): ReadyMadeSegment {
  return { id, theme, segment: { match: 'all', conditions: [{ kind: 'choice', field, anyOf: [value] }] } };
}
