import type { LoaderFunctionArgs } from '@remix-run/node';

import { readGivePointsRequest } from '#app/adapters/http/read-admin-requests.server.ts';
import type { GivePointsAnswer } from '#app/contracts/admin-blocks.ts';
import { answerStaff } from '#app/http/staff-endpoint.server.ts';
import { giveToSegment } from '#app/services/admin-blocks/give-to-segment.server.ts';

/** `POST /api/admin/gifts`: gives points to everyone in a segment of Shopify's. */
const answer = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerStaff<GivePointsAnswer>(request, 'POST', async (staff) => {
    const asked = await readGivePointsRequest(request);
    if (asked === null) return { ok: false, status: 400, error: 'request' };
    return { ok: true, value: await giveToSegment(staff, asked, staff) };
  });

// What a browser asks before it posts comes to the loader; anything else is no way to ask here.
export { answer as loader, answer as action };
