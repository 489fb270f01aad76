/** A merchant's decision about a member, from an instant on. */
export interface ExclusionChange {
  readonly isExcluded: boolean;
  readonly changedAtMs: number;
  /** Shopify's number of the member of staff; null when it was not told. */
  readonly staffId: string | null;
}

/**
 * Whether an order that was placed then earns nothing. What holds today does not matter: an order that is told of late,
 * or again after the member was let in, comes to what it came to at the time.
 *
 * @param changes the oldest first
 */
export function isExcludedAt(changes: readonly ExclusionChange[], atMs: number): boolean {
  return changes.findLast(({ changedAtMs }) => changedAtMs <= atMs)?.isExcluded ?? false;
}

/**
 * Of somebody who was several customers, one after the other or at once: they are out while any of them was. Of one alone it
 * is what was decided about them.
 *
 * @param lives each by itself, the oldest change first
 */
export function joinExclusions(lives: readonly (readonly ExclusionChange[])[]): readonly ExclusionChange[] {
  const [only, ...others] = lives;
  if (others.length === 0) return only ?? [];
  const instants = [...new Set(lives.flat().map(({ changedAtMs }) => changedAtMs))].sort((a, b) => a - b);
  const joined: ExclusionChange[] = [];
  for (const atMs of instants) {
    const isExcluded = lives.some((life) => isExcludedAt(life, atMs));
    const change = lives.flat().findLast(({ changedAtMs, isExcluded: isTo }) => changedAtMs === atMs && isTo === isExcluded);
    if (change !== undefined && isExcluded !== (joined.at(-1)?.isExcluded ?? false)) joined.push(change);
  }
  return joined;
}
