import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { outcomeOfCreation, readUserErrors } from '#app/adapters/shopify/discounts.server.ts';
import { requireScope } from '#app/adapters/shopify/missing-scope.server.ts';
import type { WriteAnswer } from '#app/adapters/shopify/written-outcome.ts';
import type { FoundFreeShipping } from '#app/domain/loyalty/perks/free-shipping.ts';
import type { Result } from '#app/domain/result.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';
import {
  ChangeSegmentQueryDocument,
  CreateTierFreeShippingDocument,
  DeleteTierFreeShippingDocument,
  NewestAutomaticDiscountsDocument,
  PutOffTierFreeShippingDocument,
  TierFreeShippingDocument,
} from '#app/generated/admin-api.ts';

export interface FreeShippingToMake {
  readonly title: string;
  readonly segmentGid: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** Every function here throws the three errors of the Admin API; after ShopifyUnavailableError the outcome is unknown. */
export async function createFreeShipping(
  admin: AdminApi,
  { title, segmentGid, startsAtMs, endsAtMs }: FreeShippingToMake,
): Promise<Result<string, { reason: 'refused' | 'too-many' }>> {
  const discount = {
    title,
    startsAt: formatInstant(startsAtMs),
    endsAt: formatInstant(endsAtMs),
    context: { customerSegments: { add: [segmentGid] } },
    destination: { all: true },
    // With all that takes something off the goods, where that agrees; Shopify takes no two discounts on shipping.
    combinesWith: { orderDiscounts: true, productDiscounts: true, shippingDiscounts: false },
  };
  const { data, withheld } = await admin(CreateTierFreeShippingDocument, { discount });
  requireScope(withheld);
  const payload = data.discountAutomaticFreeShippingCreate;
  const made = outcomeOfCreation(payload?.automaticDiscountNode?.id, payload?.userErrors ?? []);
  if (made.ok) return { ok: true, value: made.value.discountGid };
  const isFull = made.reason === 'refused' && made.codes.some((code) => code === 'ACTIVE_PERIOD_OVERLAP' || code === 'MAX_APP_DISCOUNTS');
  return { ok: false, reason: isFull ? 'too-many' : 'refused' };
}

/** The one that was made for a segment of ours, of which no other knows; null when there is none. */
export async function findFreeShipping(admin: AdminApi, segmentGid: string): Promise<string | null> {
  const { data, withheld } = await admin(NewestAutomaticDiscountsDocument, {});
  requireScope(withheld);
  const found = data.automaticDiscountNodes.nodes.find(({ automaticDiscount }) => 'context' in automaticDiscount && segmentsOf(automaticDiscount.context).includes(segmentGid));
  return found?.id ?? null;
}

/** Null when it is gone. */
export async function fetchFreeShipping(admin: AdminApi, discountGid: string): Promise<FoundFreeShipping | null> {
  const { data, withheld } = await admin(TierFreeShippingDocument, { id: discountGid });
  requireScope(withheld);
  const discount = data.automaticDiscountNode?.automaticDiscount;
  if (discount === undefined || !('context' in discount)) return null;
  const { status, endsAt, context } = discount;
  return { isActive: status === 'ACTIVE', endsAtMs: endsAt === null ? null : Date.parse(endsAt), segmentGids: segmentsOf(context) };
}

function segmentsOf(context: object): string[] {
  return 'segments' in context && Array.isArray(context.segments) ? context.segments.map(({ id }: { id: string }) => id) : [];
}

/** False when Shopify does not take it. */
export async function putOffFreeShipping(admin: AdminApi, discountGid: string, endsAtMs: number): Promise<boolean> {
  const { data, withheld } = await admin(PutOffTierFreeShippingDocument, { id: discountGid, discount: { endsAt: formatInstant(endsAtMs) } });
  requireScope(withheld);
  const payload = data.discountAutomaticFreeShippingUpdate;
  return outcomeOfCreation(payload?.automaticDiscountNode?.id, payload?.userErrors ?? []).ok;
}

/** One that is gone already is no error. False when Shopify keeps it. */
export async function deleteFreeShipping(admin: AdminApi, discountGid: string): Promise<boolean> {
  const { data, withheld } = await admin(DeleteTierFreeShippingDocument, { id: discountGid });
  requireScope(withheld);
  const payload = data.discountAutomaticDelete;
  if (payload === null) throw new ShopifyUnavailableError('Shopify does not say what came of a discount');
  return readUserErrors(payload.userErrors.filter(({ field }) => field?.includes('id') !== true)) === null;
}

export async function changeSegmentQuery(admin: AdminApi, gid: string, query: string): Promise<WriteAnswer> {
  const { data, withheld } = await admin(ChangeSegmentQueryDocument, { id: gid, query });
  requireScope(withheld);
  const payload = data.segmentUpdate;
  if (payload === null) throw new ShopifyUnavailableError('Shopify does not say what came of a segment');
  if (payload.userErrors.length === 0) return 'done';
  return payload.userErrors.some(({ field }) => field?.includes('id') === true) ? 'gone' : 'refused';
}
