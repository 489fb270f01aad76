import type { LoaderFunctionArgs } from '@remix-run/node';

import { readGiftId } from '#app/adapters/http/read-admin-requests.server.ts';
import type { PointGift } from '#app/contracts/admin-blocks.ts';
import { answerStaff } from '#app/http/staff-endpoint.server.ts';
import { getGift } from '#app/services/admin-blocks/get-gift.server.ts';

/** `GET /api/admin/gift?id=`: how far it is. */
export const loader = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerStaff<PointGift>(request, 'GET', async (staff) => {
    const giftId = readGiftId(new URL(request.url).searchParams.get('id'));
    if (giftId === null) return { ok: false, status: 400, error: 'gift' };
    const gift = await getGift(staff, giftId);
    return gift === null ? { ok: false, status: 404, error: 'gift' } : { ok: true, value: gift };
  });
