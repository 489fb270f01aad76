import { countMarked } from '#app/adapters/db/segment-members.repository.server.ts';
import { loadTargets } from '#app/adapters/db/segment-targets.repository.server.ts';
import type { WrittenTarget, WriteRun } from '#app/adapters/db/segment-targets.repository.server.ts';
import type { WrittenRun, WrittenSegment } from '#app/domain/segments/written-segment.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What is written to Shopify of all segments; of one, by its key, with the customers counted. */
export async function loadWrittenSegments({ inShop, shop }: Pick<ShopContext, 'inShop' | 'shop'>, segmentKey: string | null): Promise<WrittenSegment[]> {
  return inShop(async (db) => {
    const found = (await loadTargets(db, shop)).filter(({ target }) => segmentKey === null || target.segmentKey === segmentKey);
    const written: WrittenSegment[] = [];
    for (const { target, run } of found) {
      const marked = segmentKey === null ? null : await countMarked(db, shop, target.targetId);
      written.push(viewOf(target, run, marked));
    }
    return written;
  });
}

function viewOf(target: WrittenTarget, run: WriteRun | null, marked: WrittenSegment['marked']): WrittenSegment {
  const { targetId, segmentKey, kind, name, title, isKept, nativeName, nativeGid, nativeProblem } = target;
  const state = nativeGid !== null ? 'there' : nativeProblem === null ? 'coming' : 'refused';
  return {
    ...{ targetId, segmentKey, kind, name, title, isKept, marked },
    native: nativeName === null ? null : { name: nativeName, state },
    run: run && runViewOf(run),
  };
}

function runViewOf({ kind, cause, state, planned, added, removed, leftAlone, gone, failed, errorCode, finishedAt }: WriteRun): WrittenRun {
  return { kind, cause, state, planned, added, removed, leftAlone, gone, failed, errorCode, finishedAtMs: finishedAt?.getTime() ?? null };
}
