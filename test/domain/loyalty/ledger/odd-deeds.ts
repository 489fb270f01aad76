import fc from 'fast-check';

/** What may happen, in any order. Numbers name orders, redemptions, members and tiers by turns. */
export type Deed =
  | { readonly kind: 'order'; readonly member: number; readonly order: number; readonly target: number }
  | { readonly kind: 'adjust'; readonly member: number; readonly points: number }
  | { readonly kind: 'tier'; readonly member: number; readonly tier: number; readonly points: number }
  | { readonly kind: 'reserve'; readonly member: number; readonly points: number }
  | { readonly kind: 'capture' | 'release' | 'return'; readonly redemption: number; readonly points: number }
  | { readonly kind: 'merge' | 'forget'; readonly member: number }
  | { readonly kind: 'tick'; readonly hours: number }
  | { readonly kind: 'replay' };
/** `crash`: decided and never written, since the process is killed; who comes next does it again. */
export type Command = Deed | { readonly kind: 'crash'; readonly lost: Deed };

const member = fc.nat({ max: 1 });
const points = fc.nat({ max: 12 });
const deeds = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('order' as const), member, order: fc.nat({ max: 4 }), target: points }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('adjust' as const), member, points: fc.integer({ min: -9, max: 9 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('reserve' as const), member, points: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('capture' as const, 'release' as const, 'return' as const), redemption: fc.nat({ max: 9 }), points }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('tick' as const), hours: fc.nat({ max: 900 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('merge' as const, 'forget' as const), member }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tier' as const), member, tier: fc.nat({ max: 1 }), points: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replay' as const) }) },
);
export const commands = fc.oneof(
  { weight: 9, arbitrary: deeds },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), lost: deeds }) },
);
