import type { LoaderFunctionArgs } from '@remix-run/node';

import { readSegmentId } from '#app/adapters/http/read-admin-requests.server.ts';
import type { AdminSegment } from '#app/contracts/admin-blocks.ts';
import { answerStaff } from '#app/http/staff-endpoint.server.ts';
import { getSegment } from '#app/services/admin-blocks/get-segment.server.ts';

/** `GET /api/admin/segment?id=`: what giving points to everyone in a segment of Shopify's would come to. */
export const loader = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerStaff<AdminSegment>(request, 'GET', async (staff) => {
    const segmentId = readSegmentId(new URL(request.url).searchParams.get('id'));
    return segmentId === null ? { ok: false, status: 400, error: 'segment' } : { ok: true, value: await getSegment(staff, segmentId) };
  });
