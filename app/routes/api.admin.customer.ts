import type { LoaderFunctionArgs } from '@remix-run/node';

import { readCustomerId } from '#app/adapters/http/read-admin-requests.server.ts';
import type { AdminCustomerCard } from '#app/contracts/admin-blocks.ts';
import { answerStaff } from '#app/http/staff-endpoint.server.ts';
import { getCustomerCard } from '#app/services/admin-blocks/get-customer-card.server.ts';

/** `GET /api/admin/customer?id=`: what the block on a customer's page of Shopify's admin shows. */
export const loader = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerStaff<AdminCustomerCard>(request, 'GET', async (staff) => {
    const customerId = readCustomerId(new URL(request.url).searchParams.get('id'));
    if (customerId === null) return { ok: false, status: 400, error: 'customer' };
    return { ok: true, value: await getCustomerCard(staff, customerId) };
  });
