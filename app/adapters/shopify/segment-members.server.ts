import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { gidOf, requireNumericId } from '#app/adapters/shopify/gid.ts';
import { requireScope } from '#app/adapters/shopify/missing-scope.server.ts';
import { CountSegmentMembersDocument, FindSegmentDocument, SegmentMembersDocument } from '#app/generated/admin-api.ts';

/** Of 1,000 that Shopify gives at most: they are entered in one transaction, which holds their members for some 70 ms. */
const MEMBERS_A_PAGE = 250;

/** What Shopify calls a segment; null where it has none of this id. */
export async function findSegmentName(admin: AdminApi, segmentId: bigint): Promise<string | null> {
  const { data, withheld } = await admin(FindSegmentDocument, { id: gidOf('Segment', segmentId) });
  requireScope(withheld);
  return data.segment?.name ?? null;
}

export async function countSegmentMembers(admin: AdminApi, segmentId: bigint): Promise<number> {
  const { data, withheld } = await admin(CountSegmentMembersDocument, { id: gidOf('Segment', segmentId) });
  requireScope(withheld);
  return data.customerSegmentMembers.totalCount;
}

export interface SegmentPage {
  readonly customerIds: readonly bigint[];
  /** Null on the last. */
  readonly next: string | null;
}

/** A member of a segment has the number of the customer that it is. */
export async function fetchSegmentMembers(admin: AdminApi, { segmentId, after }: { segmentId: bigint; after: string | null }): Promise<SegmentPage> {
  const { data, withheld } = await admin(SegmentMembersDocument, { id: gidOf('Segment', segmentId), first: MEMBERS_A_PAGE, after });
  requireScope(withheld);
  const { edges, pageInfo } = data.customerSegmentMembers;
  return { customerIds: edges.map(({ node }) => requireNumericId(node.id)), next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null };
}
