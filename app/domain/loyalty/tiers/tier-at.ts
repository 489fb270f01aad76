import type { Program, TierLevel } from '../program/program.ts';

/**
 * The level that a member had at an instant: of the changes that had taken effect, the one that was added last, as the
 * program's version knows it, and the first level where none was given or the version knows it no more. Null where the
 * program has no tiers.
 *
 * @param changes in the order in which they were added
 */
export function tierAt(
  { tiers }: Pick<Program, 'tiers'>,
  changes: readonly { readonly tierId: string; readonly effectiveAtMs: number }[],
  atMs: number,
): TierLevel | null {
  if (tiers === null) return null;
  const given = changes.filter(({ effectiveAtMs }) => effectiveAtMs <= atMs).at(-1);
  return tiers.levels.find(({ id }) => id === given?.tierId) ?? tiers.levels[0] ?? null;
}
