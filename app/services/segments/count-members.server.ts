import type { CustomerRows } from '#app/domain/retention/metrics/customer-rows.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import type { Rhythm } from '#app/domain/retention/metrics/lifecycle.ts';
import { productAt } from '#app/domain/retention/products/line-columns.ts';
import { expectOwnRhythm } from '#app/domain/retention/predictions/expected-enough.ts';
import { countSegments } from '#app/domain/segments/count-segments.ts';
import type { SegmentCount } from '#app/domain/segments/count-segments.ts';
import { writeSavedQuery } from '#app/domain/segments/saved-segment.ts';
import type { SegmentScope } from '#app/domain/segments/segment-scope.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadCustomers, needsOf } from '#app/services/retention/customer-scope.server.ts';
import { loadChoices, titlesOf } from '#app/services/retention/list-customers.server.ts';
import type { FilterChoices } from '#app/services/retention/list-customers.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface MembersQuestion {
  asOf: string | null;
  segments: readonly Segment[];
}

export interface MembersAnswer {
  asOf: string;
  today: string;
  currency: string;
  timeZone: string;
  counting: OrderCounting;
  /** When our copy last took in a change or found that there was none; epoch milliseconds. */
  freshAtMs: number | null;
  /** All who have ordered. */
  customers: number;
  /** Beside the segments that were asked about. */
  counts: SegmentCount[];
  choices: FilterChoices;
  hasPredictions: boolean;
  /** They are being computed: what was not known may be in a moment. */
  isPredicting: boolean;
  /** The days of states: the store's own, or those that stand in for them. */
  rhythm: Rhythm;
  /** `YYYY-MM-DD`, where they are not the store's own yet: when they will be, if that can be told. */
  ownRhythmOn: string | null;
  /** Titles of the products that the rules name, by their keys. */
  productTitles: Record<string, string>;
  /** Of the tiers there are, by their ids. */
  tierNames: Record<string, string>;
  /** Where a rule asks who is due: the products it can be asked of, those bought again most often first. */
  refillProducts: RefillProduct[];
}

export interface RefillProduct {
  key: string;
  title: string;
}

/** More than this nobody reads through in a menu. */
const PRODUCTS_OFFERED = 30;

/** How many belong to each, now; null while currency and time zone are not known. Nobody waits for a model to be fitted. */
export const countMembers = computedApart('segments', computeMembers, { fromOrders: 20_000 });

async function computeMembers(context: ShopContext, { asOf, segments }: MembersQuestion): Promise<MembersAnswer | null> {
  const needs = segments.map((segment) => needsOf(segment, null));
  const isNeeded = (what: 'lines' | 'urgencies' | 'tiers') => needs.some((one) => one[what]);
  const loaded = await loadCustomers(context, {
    asOf,
    needs: { lines: isNeeded('lines'), urgencies: isNeeded('urgencies'), tiers: isNeeded('tiers'), predictions: false },
  });
  if (loaded === null) return null;
  const { scope, facts, today, isPredicting } = loaded;
  const { columns, rows } = scope;
  return {
    ...{ asOf: loaded.asOf, today, currency: columns.currency, timeZone: columns.timeZone, counting: columns.counting },
    freshAtMs: facts.freshAtMs,
    customers: rows.count,
    counts: countKept(scope, segments),
    ...(await loadChoices(context, columns)),
    hasPredictions: scope.predictions !== null,
    isPredicting,
    rhythm: rows.rhythm,
    ownRhythmOn: expectOwnRhythm(columns, rows.rhythm, scope.asOf),
    productTitles: titlesOf(scope, { match: 'any', conditions: segments.flatMap(({ conditions }) => conditions) }),
    refillProducts: refillProductsOf(scope),
  };
}

function refillProductsOf({ urgencies, lines }: SegmentScope): RefillProduct[] {
  if (urgencies === null || lines === null) return [];
  const mostGaps = [...urgencies.rhythms].sort(([, a], [, b]) => b.gaps - a.gaps).slice(0, PRODUCTS_OFFERED);
  return mostGaps.map(([code]) => {
    const { id, sku, title } = productAt(lines, code);
    return { key: String(id), title: title || sku || String(id) };
  });
}

interface KeptCounts {
  /** What was known of the customers beside their rows. */
  of: Pick<SegmentScope, 'predictions' | 'lines' | 'urgencies' | 'tiers'>;
  byQuery: Map<string, SegmentCount>;
}

/** Rows are others as soon as an order changes or a day begins, so what was counted of them is true as long as they are. */
const keptCounts = new WeakMap<CustomerRows, KeptCounts>();
const MOST_KEPT = 1_000;

/** A hundred saved segments of a million orders take most of a second, and a page is looked at more than once. */
function countKept(scope: SegmentScope, segments: readonly Segment[]): SegmentCount[] {
  const { rows, predictions, lines, urgencies, tiers } = scope;
  const known = keptCounts.get(rows);
  const isSame = known?.of.predictions === predictions && known.of.lines === lines && known.of.urgencies === urgencies && known.of.tiers === tiers && known.byQuery.size < MOST_KEPT;
  const kept: KeptCounts = isSame ? known : { of: { predictions, lines, urgencies, tiers }, byQuery: new Map() };
  keptCounts.set(rows, kept);
  const { byQuery } = kept;
  const asked = new Map(segments.map((segment) => [writeSavedQuery(segment), segment]));
  const missing = [...asked].filter(([query]) => !byQuery.has(query));
  for (const [i, count] of countSegments(scope, missing.map(([, segment]) => segment)).entries()) byQuery.set(missing[i]?.[0] ?? '', count);
  return segments.map((segment) => byQuery.get(writeSavedQuery(segment)) ?? { count: 0, notKnown: [] });
}
