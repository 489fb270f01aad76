import type { Rhythm } from '#app/domain/retention/metrics/lifecycle.ts';
import { countSegments } from '#app/domain/segments/count-segments.ts';
import type { SegmentCount } from '#app/domain/segments/count-segments.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadCustomers, needsOf } from '#app/services/retention/customer-scope.server.ts';
import { choicesOf, titlesOf } from '#app/services/retention/list-customers.server.ts';
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
  /** Titles of the products that the rules name, by their keys. */
  productTitles: Record<string, string>;
}

/** How many belong to each, now; null while currency and time zone are not known. Nobody waits for a model to be fitted. */
export const countMembers = computedApart('segments', computeMembers, { fromOrders: 20_000 });

async function computeMembers(context: ShopContext, { asOf, segments }: MembersQuestion): Promise<MembersAnswer | null> {
  const lines = segments.some((segment) => needsOf(segment, null).lines);
  const loaded = await loadCustomers(context, { asOf, needs: { lines, predictions: false } });
  if (loaded === null) return null;
  const { scope, today, isPredicting } = loaded;
  const { columns, rows } = scope;
  return {
    ...{ asOf: loaded.asOf, today, currency: columns.currency, timeZone: columns.timeZone },
    customers: rows.count,
    counts: countSegments(scope, segments),
    choices: choicesOf(columns),
    hasPredictions: scope.predictions !== null,
    isPredicting,
    rhythm: rows.rhythm,
    productTitles: titlesOf(scope, { match: 'any', conditions: segments.flatMap(({ conditions }) => conditions) }),
  };
}
