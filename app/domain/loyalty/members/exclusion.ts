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
