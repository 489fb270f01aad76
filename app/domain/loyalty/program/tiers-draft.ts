import type { FieldProblems } from './field-problems.ts';
import { FieldReader, typedDecimal, typedMoney, typedOrNothing } from './field-reader.ts';
import type { Program, TierLevel, Tiers } from './program.ts';

/** Tiers as they are typed. */
export interface TiersDraft {
  /** Without, members are all the same; what was typed is kept as long as the page is open. */
  readonly hasTiers: boolean;
  readonly basis: string;
  readonly window: string;
  readonly graceDays: string;
  readonly levels: readonly TierDraft[];
}

export interface TierDraft {
  readonly id: string;
  readonly name: string;
  /** In what the basis counts; a decimal where that is money. */
  readonly threshold: string;
  /** `1.5` */
  readonly factor: string;
  readonly entryPoints: string;
  readonly hasFreeShipping: boolean;
  readonly tag: string;
}

const FACTOR_DIGITS = 4;
const NO_TIERS: Tiers = { basis: 'points', window: 'rolling-year', graceDays: 30, levels: [] };

export function writeTiersDraft({ tiers }: Program, { shopCurrency, usual }: { shopCurrency: string; usual: Tiers | null }): TiersDraft {
  const { basis, window, graceDays, levels } = tiers ?? usual ?? NO_TIERS;
  return {
    hasTiers: tiers !== null,
    ...{ basis, window },
    graceDays: String(graceDays),
    levels: levels.map(({ id, name, threshold, factorBasisPoints, entryPoints, hasFreeShipping, tag }) => ({
      ...{ id, name, hasFreeShipping },
      threshold: basis === 'spend' ? typedMoney(threshold, shopCurrency) : String(threshold),
      factor: typedDecimal(factorBasisPoints, FACTOR_DIGITS),
      entryPoints: typedOrNothing(entryPoints),
      tag: tag ?? '',
    })),
  };
}

/** The program with the tiers as typed, and what of them could not be read. */
export function readTiersDraft(draft: TiersDraft, program: Program, shopCurrency: string): { program: Program; unread: FieldProblems } {
  if (!draft.hasTiers) return { program: { ...program, tiers: null }, unread: {} };
  const reader = new FieldReader();
  const basis = reader.choice(['points', 'spend', 'orders'], draft.basis);
  const tiers: Tiers = {
    basis,
    window: reader.choice(['rolling-year', 'calendar-year', 'lifetime'], draft.window),
    graceDays: reader.whole('tiers.graceDays', draft.graceDays),
    levels: draft.levels.map((level, index): TierLevel => {
      const path = `tiers.levels[${index}]`;
      const threshold = basis === 'spend' ? reader.money(`${path}.threshold`, level.threshold, shopCurrency) : reader.whole(`${path}.threshold`, level.threshold);
      return {
        id: level.id,
        name: level.name.trim(),
        threshold,
        factorBasisPoints: reader.decimal(`${path}.factorBasisPoints`, level.factor, FACTOR_DIGITS),
        entryPoints: reader.wholeOrNone(`${path}.entryPoints`, level.entryPoints),
        hasFreeShipping: level.hasFreeShipping,
        tag: level.tag.trim() === '' ? null : level.tag.trim(),
      };
    }),
  };
  return { program: { ...program, tiers }, unread: reader.list.all };
}

/** How many orders of the store's average value it takes to rise to a tier; null where that cannot be said. */
export function ordersToTier({ basis }: Pick<Tiers, 'basis'>, threshold: number, order: { valueMinor: number; points: number }): number | null {
  const each = { spend: order.valueMinor, points: order.points, orders: 1 }[basis];
  return each > 0 ? Math.ceil(threshold / each) : null;
}
