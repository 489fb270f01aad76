import { loadStaff } from '#app/adapters/db/staff/staff-members.repository.server.ts';
import { appendPermissionChanges, loadChangesOfForm, loadPermissions, lockShopForPermissions } from '#app/adapters/db/staff/staff-permissions.repository.server.ts';
import { mayChangeList, OTHERS, planPermissionChanges } from '#app/domain/staff/permissions.ts';
import type { PermissionsWish } from '#app/domain/staff/permissions.ts';
import type { Result } from '#app/domain/result.ts';
import { identifyStaff } from '#app/services/staff/identify-staff.server.ts';
import type { AskingStaff, IdentifyingContext } from '#app/services/staff/identify-staff.server.ts';

export interface PermissionsToSave {
  /** The change that was the newest when the page was seen. */
  readonly basedOn: number;
  readonly wish: PermissionsWish;
  /** Of one filled form: sent again, it changes nothing. */
  readonly formKey: string;
}

export type SavePermissionsRefusal =
  /** Neither the owner nor named by the owner. */
  | { readonly reason: 'not-allowed' }
  /** Shopify does not take them for staff of the store. */
  | { readonly reason: 'not-confirmed' }
  /** Who asks cannot be known for the moment. */
  | { readonly reason: 'shopify-away' }
  /** Names somebody who was never seen, or the owner, of whom nothing is set. */
  | { readonly reason: 'unknown-staff' }
  | { readonly reason: 'changed-meanwhile' };

/**
 * Sets who may adjust points and who may set that. Shopify is asked each time who it is that sets it: a store's owner of
 * yesterday may be one no more.
 */
export async function savePermissions(
  context: IdentifyingContext,
  asking: AskingStaff,
  { basedOn, wish, formKey }: PermissionsToSave,
): Promise<Result<{ changeNo: number }, SavePermissionsRefusal>> {
  const { shop, inShop, sealedBox, now } = context;
  const { staff, confirmation } = await identifyStaff(context, asking, 0);
  if (confirmation === 'refused') return { ok: false, reason: 'not-confirmed' };
  if (confirmation === 'unavailable' || staff === null) return { ok: false, reason: 'shopify-away' };
  return inShop(async (db) => {
    await lockShopForPermissions(db, shop);
    const held = await loadPermissions(db, shop);
    if (!mayChangeList(held, staff)) return { ok: false, reason: 'not-allowed' };
    const changes = planPermissionChanges(held, wish);
    const done: Result<{ changeNo: number }, never> = { ok: true, value: { changeNo: held.changeNo } };
    // Sent twice, it finds what it asked for, or what somebody has set since, which it leaves alone.
    if (changes.length === 0 || (await loadChangesOfForm(db, shop, formKey)).length > 0) return done;
    if (held.changeNo !== basedOn) return { ok: false, reason: 'changed-meanwhile' };
    const known = new Map((await loadStaff(db, sealedBox, shop)).map((one) => [one.staffId, one]));
    if (changes.some(({ subject }) => subject !== OTHERS && known.get(subject)?.isOwner !== false)) return { ok: false, reason: 'unknown-staff' };
    await appendPermissionChanges(db, shop, { changes, after: held.changeNo, changedBy: staff.staffId, formKey, now: now() });
    return { ok: true, value: { changeNo: held.changeNo + changes.length } };
  });
}
