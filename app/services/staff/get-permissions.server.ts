import { loadNewestProgram, loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { loadStaff } from '#app/adapters/db/staff/staff-members.repository.server.ts';
import { loadPermissionChanges, loadPermissions } from '#app/adapters/db/staff/staff-permissions.repository.server.ts';
import { MOST_ADJUSTED_POINTS } from '#app/domain/loyalty/members/adjustment-form.ts';
import { mayChangeList, writePermissionsDraft } from '#app/domain/staff/permissions.ts';
import type { StaffPermissionsPage } from '#app/domain/staff/permissions-page.ts';
import { identifyStaff } from '#app/services/staff/identify-staff.server.ts';
import type { AskingStaff, IdentifyingContext } from '#app/services/staff/identify-staff.server.ts';

const CHANGES_SHOWN = 50;

/** Everyone of the staff who was seen, what they may do, and who set it. Whoever opens it is asked for at Shopify. */
export async function getPermissions(context: IdentifyingContext, asking: AskingStaff): Promise<StaffPermissionsPage> {
  const { shop, inShop, sealedBox } = context;
  const { staff: viewer, confirmation } = await identifyStaff(context, asking, 0);
  return inShop(async (db) => {
    const permissions = await loadPermissions(db, shop);
    const staff = await loadStaff(db, sealedBox, shop);
    const changes = await loadPermissionChanges(db, shop, CHANGES_SHOWN);
    const newest = await loadNewestProgram(db, shop);
    const { timeZone } = await loadProgramShop(db, shop);
    const settable = staff.filter(({ isOwner }) => !isOwner).map(({ staffId }) => staffId);
    return {
      viewerId: asking.staffId,
      confirmation,
      mayChange: confirmation === 'confirmed' && viewer !== null && mayChangeList(permissions, viewer),
      changeNo: permissions.changeNo,
      limitPoints: newest?.program.earning.maximumPointsByHand ?? MOST_ADJUSTED_POINTS,
      draft: writePermissionsDraft(permissions, settable),
      staff,
      changes,
      timeZone: timeZone ?? 'UTC',
    };
  });
}
