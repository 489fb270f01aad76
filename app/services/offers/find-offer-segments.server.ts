import { loadSavedSegments } from '#app/adapters/db/segments.repository.server.ts';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import { READY_MADE_SEGMENTS } from '#app/domain/segments/ready-made-segments.ts';
import { readSavedQuery, writeSavedQuery } from '#app/domain/segments/saved-segment.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import { MS_PER_HOUR } from '#app/domain/time/durations.ts';
import { log } from '#app/logging/log.server.ts';
import { ColumnsCache } from '#app/services/retention/columns-cache.server.ts';
import { loadMemberIds } from '#app/services/segments/write/load-member-ids.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** A moment, for what is nearly there; a page that waits asks again by itself. */
const MOMENT_MS = 150;
const KEPT_MS = MS_PER_HOUR;
const BUDGET_BYTES = 64 * 2 ** 20;

/** A segment that a rule asks about, by its id on the Segments page. */
export interface OfferSegment {
  readonly id: string;
  readonly segment: Segment;
}

/** Those that rules ask about and that there still are. Nobody is in one that was deleted or cannot be read. */
export async function loadOfferSegments({ shop, inShop }: Pick<ShopContext, 'shop' | 'inShop'>, rules: readonly OfferRule[]): Promise<OfferSegment[]> {
  const ids = new Set(rules.filter(({ isEnabled }) => isEnabled).flatMap(({ conditions }) => conditions.segments));
  const readyMade = READY_MADE_SEGMENTS.filter(({ id }) => ids.has(id)).map(({ id, segment }) => ({ id, segment }));
  if (readyMade.length === ids.size) return readyMade;
  const saved = await inShop((db) => loadSavedSegments(db, shop));
  const own = saved.filter(({ segmentId }) => ids.has(segmentId)).map(({ segmentId, query }) => ({ id: segmentId, ...readSavedQuery(query) }));
  return [...readyMade, ...own.filter(({ unread }) => unread.length === 0)];
}

interface MembersOfShop {
  readonly shopId: number;
  readonly byteSize: number;
  /** By the rule of the segment and the day: Shopify's numbers, ascending. */
  readonly members: ReadonlyMap<string, { readonly ids: BigInt64Array; readonly computedAtMs: number }>;
}

const cache = new ColumnsCache<MembersOfShop>({ budgetBytes: BUDGET_BYTES, keptMs: KEPT_MS });

export interface SegmentsQuestion {
  readonly segments: readonly OfferSegment[];
  readonly customerId: bigint;
  /** `YYYY-MM-DD` in shop time: as customers stood at its end. */
  readonly asOf: string;
}

/**
 * To which of the segments a customer belonged. Null while that is being computed: who belongs is found once an hour for all
 * customers of the shop, so that a thousand pages cost what one does, and no page waits for it longer than a moment.
 */
export async function findOfferSegments(context: ShopContext, { segments, customerId, asOf }: SegmentsQuestion): Promise<ReadonlySet<string> | null> {
  const { shop, now, wait } = context;
  const freshFromMs = now().getTime() - KEPT_MS;
  const keys = new Map(segments.map((one) => [`${asOf} ${writeSavedQuery(one.segment)}`, one]));
  const isFresh = ({ members }: MembersOfShop) => [...keys.keys()].every((key) => (members.get(key)?.computedAtMs ?? 0) > freshFromMs);
  const bring = (known: MembersOfShop | null) => bringMembers(context, { known, keys, asOf, freshFromMs });
  const brought = cache.get(shop.shopId, { isFresh, bring }).catch((error: unknown) => {
    log.error({ err: error, shopId: shop.shopId }, 'Whom the segments of offers hold could not be computed');
    return null;
  });
  const found = await Promise.race([brought, wait(MOMENT_MS).then(() => null)]);
  if (found === null) return null;
  return new Set([...keys].filter(([key]) => holds(found.members.get(key)?.ids, customerId)).map(([, { id }]) => id));
}

interface Missing {
  readonly known: MembersOfShop | null;
  readonly keys: ReadonlyMap<string, OfferSegment>;
  readonly asOf: string;
  readonly freshFromMs: number;
}

async function bringMembers(context: ShopContext, { known, keys, asOf, freshFromMs }: Missing): Promise<MembersOfShop> {
  const members = new Map([...(known?.members ?? [])].filter(([, { computedAtMs }]) => computedAtMs > freshFromMs));
  const missing = [...keys].filter(([key]) => !members.has(key));
  for (const [key, { segment }] of missing) {
    const found = await loadMemberIds(context, { segment, asOf });
    members.set(key, { ids: found?.ids ?? new BigInt64Array(), computedAtMs: context.now().getTime() });
  }
  const byteSize = [...members.values()].reduce((bytes, { ids }) => bytes + ids.byteLength, 0);
  return { shopId: context.shop.shopId, byteSize, members };
}

function holds(ids: BigInt64Array | undefined, customerId: bigint): boolean {
  if (ids === undefined) return false;
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? customerId) < customerId) low = middle + 1;
    else high = middle;
  }
  return ids[low] === customerId;
}
