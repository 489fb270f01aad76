import { loadUnknownCustomers } from '#app/adapters/db/loyalty/known-customers.server.ts';
import { loadMembersOf } from '#app/adapters/db/loyalty/member-list.server.ts';
import { enrolCustomers } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { loadNewestProgram } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import type { AdjustPointsAnswer, AdjustPointsRequest } from '#app/contracts/admin-blocks.ts';
import { readFilledForm } from '#app/services/admin-blocks/read-filled-form.ts';
import { adjustPoints } from '#app/services/loyalty/adjust-points.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { AskingStaff } from '#app/services/staff/identify-staff.server.ts';
import { judgeAdjusting } from '#app/services/staff/judge-adjusting.server.ts';

type AdjustingContext = Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now' | 'sealedBox'>;

/**
 * The merchant's own adjustment of a member, asked for on a customer's page of Shopify's admin: whoever is no member yet
 * becomes one.
 */
export async function adjustCustomerPoints(
  context: AdjustingContext,
  { customerId, points, direction, reason, requestKey }: Omit<AdjustPointsRequest, 'customerId'> & { customerId: bigint },
  asking: AskingStaff,
): Promise<AdjustPointsAnswer> {
  const read = readFilledForm({ points, reason, direction });
  if (!read.ok) return { state: 'refused', errors: read.errors };
  // Before anybody becomes a member.
  const judged = await judgeAdjusting(context, asking);
  if (!judged.ok) return refuse(judged.reason);
  const found = await findOrEnrol(context, customerId);
  if (!found.ok) return refuse(found.reason);
  const adjusted = await adjustPoints(context, { ...read.value, memberId: found.memberId, formKey: requestKey }, asking);
  return adjusted.ok ? { state: 'adjusted', points: adjusted.value.balancePoints } : refuse(adjusted.reason);
}

type Found = { readonly ok: true; readonly memberId: bigint } | { readonly ok: false; readonly reason: 'no-program' | 'unknown-customer' | 'forgotten' };

async function findOrEnrol({ shop, inShop, pool, now, sealedBox }: AdjustingContext, customerId: bigint): Promise<Found> {
  if ((await inShop((db) => loadNewestProgram(db, shop))) === null) return { ok: false, reason: 'no-program' };
  return withTenantConnection<Found>(pool, shop, async (connection) => {
    const [member] = await loadMembersOf(connection, shop, [customerId]);
    if (member !== undefined) return { ok: true, memberId: member.memberId };
    if ((await Tombstones.loadOn(connection, sealedBox, shop)).buriesCustomer(customerId)) return { ok: false, reason: 'forgotten' };
    const unknown = await loadUnknownCustomers(connection, shop, [customerId]);
    if (unknown.size > 0) return { ok: false, reason: 'unknown-customer' };
    await enrolCustomers(connection, shop, { customerIds: [customerId], now: now() });
    const [made] = await loadMembersOf(connection, shop, [customerId]);
    return made === undefined ? { ok: false, reason: 'forgotten' } : { ok: true, memberId: made.memberId };
  });
}

function refuse(code: string): AdjustPointsAnswer {
  return { state: 'refused', errors: [{ field: null, code }] };
}
