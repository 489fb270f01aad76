import { loadSavedSegments } from '#app/adapters/db/segments.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { READY_MADE_SEGMENTS } from '#app/domain/segments/ready-made-segments.ts';
import { readSavedQuery } from '#app/domain/segments/saved-segment.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** The rule of a segment as it is now: of one that was saved, by its id, or of a ready-made one, by its name. */
export async function segmentOfKey(db: TenantDb, { shop }: Pick<ShopContext, 'shop'>, segmentKey: string): Promise<Segment | 'missing' | 'unreadable'> {
  const readyMade = READY_MADE_SEGMENTS.find(({ id }) => id === segmentKey);
  if (readyMade) return readyMade.segment;
  const saved = (await loadSavedSegments(db, shop)).find(({ segmentId }) => segmentId === segmentKey);
  if (saved === undefined) return 'missing';
  const { segment, unread } = readSavedQuery(saved.query);
  return unread.length === 0 ? segment : 'unreadable';
}
