import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import { customerOfRow } from '#app/domain/retention/metrics/customer-rows.ts';
import type { Condition, Segment } from '#app/domain/segments/segment.ts';
import { selectMembers } from '#app/domain/segments/select-members.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadCustomers, needsOf } from '#app/services/retention/customer-scope.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface MemberIds {
  /** Shopify's numbers, ascending. */
  ids: BigInt64Array;
  /** Conditions on what is not known of anybody: nobody meets them. */
  notKnown: readonly Condition['field'][];
}

/** Who belongs, but for those who asked to be forgotten; null while currency and time zone are not known. */
export const loadMemberIds = computedApart('segment-members', computeMemberIds, { fromOrders: 20_000 });

/** `asOf` is `YYYY-MM-DD`; null is now. */
async function computeMemberIds(context: ShopContext, { segment, asOf }: { segment: Segment; asOf: string | null }): Promise<MemberIds | null> {
  const needs = needsOf(segment, null);
  const loaded = await loadCustomers(context, { asOf, needs });
  if (loaded === null) return null;
  const { scope } = loaded;
  const { isMember, count, notKnown } = selectMembers(scope, segment);
  const ids = new BigInt64Array(count);
  let found = 0;
  for (let row = 0; row < isMember.length; row += 1) {
    if (isMember[row] !== 1) continue;
    // The orders of somebody who was forgotten stand under a negative number.
    const id = BigInt(customerKeyAt(scope.columns, customerOfRow(scope.rows, row)));
    if (id <= 0n) continue;
    ids[found] = id;
    found += 1;
  }
  return { ids: ids.slice(0, found).sort(), notKnown };
}
