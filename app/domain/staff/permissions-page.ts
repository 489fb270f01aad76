import type { PermissionsDraft, StaffFacts, StaffPermission } from './permissions.ts';

/** Who may adjust points by hand, as it is shown and set. */
export interface StaffPermissionsPage {
  /** Shopify's number of the member of staff who looks. */
  viewerId: string;
  /** Whether Shopify has just said who that is. */
  confirmation: 'confirmed' | 'refused' | 'unavailable';
  mayChange: boolean;
  /** Of the newest change; 0 before anybody set anything. */
  changeNo: number;
  /** The program's own: the most points that one adjustment moves, whoever makes it. */
  limitPoints: number;
  /** Of everyone but the owner. */
  draft: PermissionsDraft;
  /** The owner first. */
  staff: readonly ShownStaff[];
  /** The newest first. */
  changes: readonly ShownPermissionChange[];
  timeZone: string;
}

export interface ShownStaff extends StaffFacts {
  /** When Shopify last told of them. */
  readonly seenAtMs: number;
  /** Since when Shopify knows them no more; null while it does. */
  readonly refusedAtMs: number | null;
}

export interface ShownPermissionChange extends StaffPermission {
  readonly changeNo: number;
  /** A number of staff, or `others`. */
  readonly subject: string;
  readonly changedBy: string;
  readonly changedAtMs: number;
}
