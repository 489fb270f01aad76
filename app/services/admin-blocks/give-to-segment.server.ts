import type { GivePointsAnswer, GivePointsRequest } from '#app/contracts/admin-blocks.ts';
import { MOST_POINTS_EACH } from '#app/domain/loyalty/gifts/gift.ts';
import { tellGift } from '#app/services/admin-blocks/get-gift.server.ts';
import { readFilledForm } from '#app/services/admin-blocks/read-filled-form.ts';
import { requestGift } from '#app/services/loyalty/gifts/request-gift.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { AskingStaff } from '#app/services/staff/identify-staff.server.ts';

/** The same points for everyone in a segment, asked for on its page of Shopify's admin. */
export async function giveToSegment(
  context: ShopContext,
  { segmentId, points, reason, requestKey }: Omit<GivePointsRequest, 'segmentId'> & { segmentId: bigint },
  asking: AskingStaff,
): Promise<GivePointsAnswer> {
  const read = readFilledForm({ points, reason, direction: 'give', mostPoints: MOST_POINTS_EACH });
  if (!read.ok) return { state: 'refused', errors: read.errors };
  const asked = await requestGift(context, { segmentId, requestKey, ...read.value }, asking);
  return asked.ok ? { state: 'under-way', gift: tellGift(asked.value) } : { state: 'refused', errors: [{ field: null, code: asked.reason }] };
}
