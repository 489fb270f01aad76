import type { EntryReason, JsonValue } from '../ledger/entry.ts';

/**
 * Why an order earns what it does, in facts that are kept with the award: what a person is told, and what a later refund
 * is computed from. Growth only: old ones are read for good.
 */
export type OrderReason = OrderEarned | OrderWithout;

/** Codes of an order that earns nothing, the first that applies. */
export const WITHOUT_POINTS = [
  'order-cancelled',
  'order-refunded',
  /** A test, deleted, or in a state that we do not know: `exclusion` says which. */
  'order-not-counted',
  'program-not-live',
  'before-start',
  'order-not-paid',
  'order-not-fulfilled',
  'no-rate',
  'worth-nothing',
] as const;

export type OrderWithout = {
  readonly code: (typeof WITHOUT_POINTS)[number];
  /** What there was to earn from, where that is the point. */
  readonly currency?: string;
  readonly exclusion?: string;
};

export type OrderEarned = {
  readonly code: 'order-earned';
  /** What `valueMinor`, the lines' and the bonus' amounts are in. */
  readonly currency: string;
  readonly valueMinor: number;
  readonly ratePoints: number;
  readonly ratePerMinor: number;
  /** The member's at the first award. */
  readonly tier: string | null;
  readonly tierFactorBasisPoints: number | null;
  readonly lines: readonly LineReason[];
  readonly bonus: BonusReason | null;
  /** The most that an order may earn, where this one came to more; null elsewhere. */
  readonly cappedAtPoints: number | null;
};

/** The points of all lines and of the bonus add up to those of the order. */
export type LineReason = {
  /** Null for value that no line explains. */
  readonly line: string | null;
  readonly baseMinor: number;
  readonly rule: LineRule['kind'];
  readonly ruleId: string | null;
  readonly factorBasisPoints: number;
  readonly points: number;
};

export type BonusReason = { readonly id: string; readonly minimumMinor: number; readonly points: number };

/** The one rule that a line earns by. `usual` is the rate alone. */
export interface LineRule {
  readonly kind: 'usual' | 'tier' | 'multiplier' | 'gift-card';
  readonly id: string | null;
  readonly factorBasisPoints: number;
}

export interface TierAtAward {
  readonly id: string;
  readonly factorBasisPoints: number;
}

/** What was decided with an order's first award and stays so: later ones ask neither the tier nor collections again. */
export interface AwardChoices {
  readonly currency: string;
  readonly tier: TierAtAward | null;
  /** By line id, as text. */
  readonly lineRules: ReadonlyMap<string, LineRule>;
}

/**
 * The choices in the reasons of an order's entries, the oldest first. A line's rule is the first that it was given, so
 * that one which an edit added keeps its own from then on.
 *
 * @returns null when none of them gave points
 */
export function readAwardChoices(reasons: readonly EntryReason[]): AwardChoices | null {
  let choices: { currency: string; tier: TierAtAward | null; lineRules: Map<string, LineRule> } | null = null;
  for (const { code, currency, tier, tierFactorBasisPoints, lines } of reasons) {
    if (code !== 'order-earned' || typeof currency !== 'string') continue;
    choices ??= {
      currency,
      tier: typeof tier === 'string' && typeof tierFactorBasisPoints === 'number' ? { id: tier, factorBasisPoints: tierFactorBasisPoints } : null,
      lineRules: new Map(),
    };
    for (const line of isList(lines) ? lines : []) {
      const read = readLineRule(line);
      if (read !== null && !choices.lineRules.has(read.line)) choices.lineRules.set(read.line, read.rule);
    }
  }
  return choices;
}

function readLineRule(value: JsonValue): { line: string; rule: LineRule } | null {
  if (typeof value !== 'object' || value === null || isList(value)) return null;
  const { line, rule, ruleId, factorBasisPoints } = value;
  if (typeof line !== 'string' || typeof factorBasisPoints !== 'number') return null;
  return {
    line,
    rule: { kind: kindOf(rule), id: typeof ruleId === 'string' ? ruleId : null, factorBasisPoints },
  };
}

function kindOf(rule: JsonValue | undefined): LineRule['kind'] {
  return rule === 'tier' || rule === 'multiplier' || rule === 'gift-card' ? rule : 'usual';
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
