import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { requireScope } from '#app/adapters/shopify/missing-scope.server.ts';
import type { Result } from '#app/domain/result.ts';
import { CreateSegmentDocument, DeleteSegmentDocument, NewestSegmentsDocument } from '#app/generated/admin-api.ts';

export interface NativeSegment {
  gid: string;
  /** Shopify counts up a name that is taken: `VIP` becomes `VIP (2)`. */
  name: string;
}

// Clocks of ours and of Shopify's need not agree to the second.
const CLOCK_SLACK_MS = 300_000;

/**
 * The segment that we may have made and never heard of: of this very question, named as we asked or counted up from it,
 * and not older than our asking. Creating is not the same twice, so this comes before it is asked again. It was made just
 * now, so it is among the newest, of which a search may not know yet.
 */
export async function findNativeSegment(admin: AdminApi, asked: { name: string; query: string; since: Date }): Promise<NativeSegment | null> {
  const { data, withheld } = await admin(NewestSegmentsDocument, {});
  requireScope(withheld);
  const found = data.segments.nodes.find(
    ({ name, query, creationDate }) =>
      query === asked.query && name.startsWith(asked.name) && Date.parse(creationDate) >= asked.since.getTime() - CLOCK_SLACK_MS,
  );
  return found === undefined ? null : { gid: found.id, name: found.name };
}

/** After ShopifyUnavailableError the outcome is unknown. */
export async function createNativeSegment(admin: AdminApi, { name, query }: { name: string; query: string }): Promise<Result<NativeSegment, { reason: 'refused' }>> {
  const { data, withheld } = await admin(CreateSegmentDocument, { name, query });
  requireScope(withheld);
  const payload = data.segmentCreate;
  if (payload?.segment) return { ok: true, value: { gid: payload.segment.id, name: payload.segment.name } };
  if (payload === null || payload.userErrors.length === 0) throw new ShopifyUnavailableError('Shopify does not say what came of a segment');
  return { ok: false, reason: 'refused' };
}

/** One that is gone already, by the merchant's hand or by our own, is no error. */
export async function deleteNativeSegment(admin: AdminApi, gid: string): Promise<Result<null, { reason: 'refused' }>> {
  const { data, withheld } = await admin(DeleteSegmentDocument, { id: gid });
  requireScope(withheld);
  if (data.segmentDelete === null) throw new ShopifyUnavailableError('Shopify does not say what came of a segment');
  const isKept = data.segmentDelete.userErrors.some(({ field }) => field?.includes('id') !== true);
  return isKept ? { ok: false, reason: 'refused' } : { ok: true, value: null };
}
