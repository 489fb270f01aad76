import { programShown } from '../../shopper/program-shown.ts';
import type { Program } from '../program/program.ts';
import { tierTagOf } from '../traces/trace-values.ts';

/** What Shopify is to have so that the members of some tiers ship free: one discount, for one segment on their tags. */
export interface FreeShippingPlan {
  readonly tierIds: readonly string[];
  readonly query: string;
}

interface PlanInput {
  readonly program: Pick<Program, 'status' | 'tiers'>;
  /** Whether members of every tier carry a tag. */
  readonly isTagging: boolean;
  readonly nowMs: number;
  readonly timeZone: string;
}

/** As long as shoppers are shown the program: while it is paused too, and until the last day of one that is wound down. */
export function planFreeShipping({ program, isTagging, nowMs, timeZone }: PlanInput): FreeShippingPlan | null {
  const levels = program.tiers?.levels.filter(({ hasFreeShipping }) => hasFreeShipping) ?? [];
  if (levels.length === 0 || programShown(program, { nowMs, timeZone }) === null) return null;
  const tags = new Set(levels.flatMap((level) => tierTagOf(level, isTagging) ?? []));
  return {
    tierIds: levels.map(({ id }) => id),
    query: [...tags].map((tag) => `customer_tags CONTAINS '${tag.replaceAll(/[\\']/g, String.raw`\$&`)}'`).join(' OR '),
  };
}

/**
 * `making`: not there yet. `in-force`. `refused`, `too-many`: Shopify does not take it, since the store has too many automatic
 * discounts or for another reason; asked again a day later. `by-hand`: ended or changed in Shopify by the merchant, and left
 * alone. `anew`: the merchant wants it back, so what is left is taken back first.
 */
export const FREE_SHIPPING_PHASES = ['making', 'in-force', 'refused', 'too-many', 'by-hand', 'anew'] as const;
export type FreeShippingPhase = (typeof FREE_SHIPPING_PHASES)[number];

export const FREE_SHIPPING_TROUBLES = ['unavailable', 'access', 'scope', 'refused'] as const;
export type FreeShippingTrouble = (typeof FREE_SHIPPING_TROUBLES)[number];

/** What was asked of Shopify, on record before each call, and what came of it. */
export interface FreeShippingState {
  readonly phase: FreeShippingPhase;
  /** Of the segment, as it was last asked for. */
  readonly query: string;
  /** Null until it is known, though it may be there. */
  readonly segmentGid: string | null;
  readonly discountGid: string | null;
  /** It ends by itself then, unless it is put off: an app that was removed leaves nothing behind for long. */
  readonly endsAtMs: number;
  /** Whose members have it. */
  readonly tierIds: readonly string[];
  /** What stopped the last turn; null when nothing did. */
  readonly trouble: FreeShippingTrouble | null;
  readonly lookAtMs: number;
}

/** Whether members of a tier may be told of it. */
export function hasFreeShippingNow(state: FreeShippingState | null, tierId: string, nowMs: number): boolean {
  return state?.phase === 'in-force' && nowMs < state.endsAtMs && state.tierIds.includes(tierId);
}

/** The discount as Shopify has it. */
export interface FoundFreeShipping {
  readonly isActive: boolean;
  /** Null where it never ends. */
  readonly endsAtMs: number | null;
  readonly segmentGids: readonly string[];
}

/** Ends are told in whole seconds, by another clock. */
const SLACK_MS = 60_000;

/** Whether somebody else than we ended it, or gave it to others: one that ran out while the app was away is still ours. */
export function isChangedByHand(found: FoundFreeShipping | null, { segmentGid, endsAtMs }: FreeShippingState, nowMs: number): boolean {
  if (found === null || segmentGid === null || !found.segmentGids.includes(segmentGid)) return true;
  if (found.endsAtMs === null) return !found.isActive;
  return found.endsAtMs < endsAtMs - SLACK_MS || (!found.isActive && found.endsAtMs > nowMs + SLACK_MS);
}
