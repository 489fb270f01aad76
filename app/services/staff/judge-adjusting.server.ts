import { loadNewestProgram } from '#app/adapters/db/loyalty/programs.repository.server.ts';
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
  /** The most points that they move at once, in a line of a file and by a gift too; null for no limit but the program's own to an adjustment. */
  readonly mostPoints: number | null;
}

/**
 * Whether a member of staff may adjust points by hand, and up to how many. Until the owner has set something, everybody
 * may, whatever Shopify answers. Beyond the program's own limit goes nobody, but the owner with a file or a gift: balances
 * that come along from another program may be larger. Once something is set, somebody of whom nothing is known and of whom
 * Shopify says nothing for the moment is like everyone else, and whom it refuses may nothing.
 */
export async function judgeAdjusting(context: IdentifyingContext, asking: AskingStaff): Promise<Result<AdjustingTerms, AdjustingRefusal>> {
  const { shop, inShop } = context;
  // Also where nothing is set: whom the owner is to choose from are those who were seen.
  const { staff, confirmation } = await identifyStaff(context, asking, CONFIRMED_FOR_MS);
  const { permissions, limitPoints } = await inShop(async (db) => ({
    permissions: await loadPermissions(db, shop),
    limitPoints: staff?.isOwner === true ? null : ((await loadNewestProgram(db, shop))?.program.earning.maximumPointsByHand ?? null),
  }));
  if (permissions.changeNo === 0) return { ok: true, value: { mostPoints: limitPoints } };
  if (confirmation === 'refused') return { ok: false, reason: 'not-confirmed' };
  const mostPoints = mostPointsOf(adjustingOf(permissions, staff ?? { staffId: asking.staffId, isOwner: false }));
  if (mostPoints === 0) return { ok: false, reason: 'not-allowed' };
  const least = Math.min(mostPoints ?? Infinity, limitPoints ?? Infinity);
  return { ok: true, value: { mostPoints: least === Infinity ? null : least } };
}

/** Whether so many points, given or taken, are within what somebody may move at once. */
export function isWithin({ mostPoints }: AdjustingTerms, points: number): boolean {
  return mostPoints === null || Math.abs(points) <= mostPoints;
}
