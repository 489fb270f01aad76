import type { LoaderFunctionArgs } from '@remix-run/node';

import { readAdjustPointsRequest } from '#app/adapters/http/read-admin-requests.server.ts';
import type { AdjustPointsAnswer } from '#app/contracts/admin-blocks.ts';
import { answerStaff } from '#app/http/staff-endpoint.server.ts';
import { adjustCustomerPoints } from '#app/services/admin-blocks/adjust-customer-points.server.ts';

/** `POST /api/admin/adjustments`: gives or takes points of one customer. */
const answer = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerStaff<AdjustPointsAnswer>(request, 'POST', async (staff) => {
    const asked = await readAdjustPointsRequest(request);
    if (asked === null) return { ok: false, status: 400, error: 'request' };
    return { ok: true, value: await adjustCustomerPoints(staff, asked, staff) };
  });

// What a browser asks before it posts comes to the loader; anything else is no way to ask here.
export { answer as loader, answer as action };
