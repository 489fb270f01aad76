import { countSavedSegments, findSegmentNamed, lockShop, putSavedSegment, removeSavedSegment } from '#app/adapters/db/segments.repository.server.ts';
import { isSegmentWritten } from '#app/adapters/db/segment-targets.repository.server.ts';
import type { SavedSegment } from '#app/adapters/db/segments.repository.server.ts';
import type { Result } from '#app/domain/result.ts';
import { checkSegmentName, checkSegmentRule, readSavedQuery, SEGMENT_LIMITS, writeSavedQuery } from '#app/domain/segments/saved-segment.ts';
import type { NameRefusal, RuleRefusal } from '#app/domain/segments/saved-segment.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export type SaveRefusal = NameRefusal | RuleRefusal | { reason: 'name-taken' } | { reason: 'too-many' } | { reason: 'unreadable' };

type SavingContext = Pick<ShopContext, 'shop' | 'inShop' | 'now'>;

/**
 * Keeps a new segment or changes one, name and rule at once. The id is drawn before the merchant types: whatever is sent
 * twice is one segment, and one that was deleted in another window meanwhile is there again.
 */
export async function saveSegment({ shop, inShop, now }: SavingContext, typed: SavedSegment): Promise<Result<SavedSegment, SaveRefusal>> {
  const named = checkSegmentName(typed.name);
  if (!named.ok) return named;
  const { segment: rule, unread } = readSavedQuery(typed.query);
  const query = writeSavedQuery(rule);
  if (unread.some((name) => name !== '')) return { ok: false, reason: 'unreadable' };
  const ruled = checkSegmentRule(rule, query);
  if (!ruled.ok) return ruled;
  const segment = { segmentId: typed.segmentId, name: named.value, query };
  return inShop(async (db) => {
    await lockShop(db, shop);
    const namesake = await findSegmentNamed(db, shop, segment.name);
    if (namesake !== null && namesake !== segment.segmentId) return { ok: false, reason: 'name-taken' };
    const others = await countSavedSegments(db, shop, { except: segment.segmentId });
    if (others >= SEGMENT_LIMITS.segments) return { ok: false, reason: 'too-many' };
    await putSavedSegment(db, shop, { segment, now: now() });
    return { ok: true, value: segment };
  });
}

/** Nothing happens when it is gone already. One that is written to Shopify stays until that is undone: only its rule says whom. */
export async function deleteSegment({ shop, inShop }: Pick<ShopContext, 'shop' | 'inShop'>, segmentId: string): Promise<Result<null, { reason: 'written' }>> {
  return inShop(async (db) => {
    await lockShop(db, shop);
    if (await isSegmentWritten(db, shop, segmentId)) return { ok: false, reason: 'written' };
    await removeSavedSegment(db, shop, segmentId);
    return { ok: true, value: null };
  });
}
