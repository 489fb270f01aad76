import { loadPermissions } from '#app/adapters/db/staff/staff-permissions.repository.server.ts';
import { adjustingOf, mostPointsOf } from '#app/domain/staff/permissions.ts';
import type { Result } from '#app/domain/result.ts';
import { CONFIRMED_FOR_MS, identifyStaff } from '#app/services/staff/identify-staff.server.ts';
import type { AskingStaff, IdentifyingContext } from '#app/services/staff/identify-staff.server.ts';

export type AdjustingRefusal =
  /** By the owner's list. */
  | { readonly reason: 'not-allowed' }
  /** Shopify does not take them for staff of the store. */
  | { readonly reason: 'not-confirmed' };

/** More than the list lets this member of staff move at once. */
export type OverOwnLimit = { readonly reason: 'over-own-limit' };

interface AdjustingTerms {
  /** The most points that one adjustment of theirs moves; null for no limit but the program's own. */
  readonly mostPoints: number | null;
}

/**
 * Whether a member of staff may adjust points by hand, and up to how many. Until the owner has set something, everybody
 * may, whatever Shopify answers. After that, somebody of whom nothing is known and of whom Shopify says nothing for the
 * moment is like everyone else, and whom it refuses may nothing.
 */
export async function judgeAdjusting(context: IdentifyingContext, asking: AskingStaff): Promise<Result<AdjustingTerms, AdjustingRefusal>> {
  const { shop, inShop } = context;
  // Also where nothing is set: whom the owner is to choose from are those who were seen.
  const { staff, confirmation } = await identifyStaff(context, asking, CONFIRMED_FOR_MS);
  const permissions = await inShop((db) => loadPermissions(db, shop));
  if (permissions.changeNo === 0) return { ok: true, value: { mostPoints: null } };
  if (confirmation === 'refused') return { ok: false, reason: 'not-confirmed' };
  const mostPoints = mostPointsOf(adjustingOf(permissions, staff ?? { staffId: asking.staffId, isOwner: false }));
  return mostPoints === 0 ? { ok: false, reason: 'not-allowed' } : { ok: true, value: { mostPoints } };
}

/** Whether so many points, given or taken, are within what somebody may move at once. */
export function isWithin({ mostPoints }: AdjustingTerms, points: number): boolean {
  return mostPoints === null || Math.abs(points) <= mostPoints;
}
