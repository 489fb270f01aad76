import { loadPermissions } from '#app/adapters/db/staff/staff-permissions.repository.server.ts';
import { mayChangeList } from '#app/domain/staff/permissions.ts';
import { CONFIRMED_FOR_MS, identifyStaff } from '#app/services/staff/identify-staff.server.ts';
import type { AskingStaff, IdentifyingContext } from '#app/services/staff/identify-staff.server.ts';

/**
 * Whether somebody may set the most points of one adjustment, up to which everyone goes who has no number of their own: who
 * may change the list of who adjusts, or it would be a way around that. Anybody, until the list says something.
 */
export async function mayChangeLimit(context: IdentifyingContext, asking: AskingStaff): Promise<boolean> {
  const permissions = await context.inShop((db) => loadPermissions(db, context.shop));
  if (permissions.changeNo === 0) return true;
  const { staff, confirmation } = await identifyStaff(context, asking, CONFIRMED_FOR_MS);
  return staff !== null && confirmation !== 'refused' && mayChangeList(permissions, staff);
}
