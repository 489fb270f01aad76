import { MOST_ADJUSTED_POINTS } from '../loyalty/members/adjustment-form.ts';

/** How far somebody may give and take points by hand. Whatever is said here, nobody goes beyond the program's own limit. */
export type Adjusting =
  /** As everyone does of whom nothing is set. */
  | { readonly kind: 'as-others' }
  | { readonly kind: 'shop-limit' }
  | { readonly kind: 'up-to'; readonly points: number }
  | { readonly kind: 'none' };

export const ADJUSTING_KINDS = ['as-others', 'shop-limit', 'up-to', 'none'] as const satisfies readonly Adjusting['kind'][];

export interface StaffPermission {
  readonly adjusting: Adjusting;
  /** Says who may do what, short of the owner. */
  readonly mayChangeList: boolean;
}

/** Of everyone of whom nothing is set of their own. */
export type OthersAdjusting = Exclude<Adjusting, { kind: 'as-others' }>;

export interface StaffPermissions {
  /** Of the newest change; 0 before anybody set anything. */
  readonly changeNo: number;
  readonly others: OthersAdjusting;
  /** By Shopify's number of the member of staff. */
  readonly byStaff: ReadonlyMap<string, StaffPermission>;
}

/** What holds until the owner sets something: everyone who may open the app adjusts up to the program's limit. */
export const NOTHING_SET: StaffPermissions = { changeNo: 0, others: { kind: 'shop-limit' }, byStaff: new Map() };

/** What holds of somebody of whom nothing is set. */
export const AS_OTHERS: StaffPermission = { adjusting: { kind: 'as-others' }, mayChangeList: false };

/** A member of a store's staff, as Shopify told of them. */
export interface StaffFacts {
  readonly staffId: string;
  readonly name: string;
  /** Of one of a store's staff. */
  readonly isOwner: boolean;
  readonly isCollaborator: boolean;
}

type WhoAsks = Pick<StaffFacts, 'staffId' | 'isOwner'>;

/** How far somebody may adjust. Nobody takes anything from the owner, who could give it back to themselves. */
export function adjustingOf({ others, byStaff }: StaffPermissions, { staffId, isOwner }: WhoAsks): OthersAdjusting {
  if (isOwner) return { kind: 'shop-limit' };
  const own = (byStaff.get(staffId) ?? AS_OTHERS).adjusting;
  return own.kind === 'as-others' ? others : own;
}

export function mayChangeList({ byStaff }: StaffPermissions, { staffId, isOwner }: WhoAsks): boolean {
  return isOwner || byStaff.get(staffId)?.mayChangeList === true;
}

/** The most points that one adjustment may move; null for no limit but the program's own; 0 for none at all. */
export function mostPointsOf(adjusting: OthersAdjusting): number | null {
  switch (adjusting.kind) {
    case 'shop-limit':
      return null;
    case 'up-to':
      return adjusting.points;
    case 'none':
      return 0;
  }
}

const LONGEST_STAFF_NAME = 100;

/** One line of plain text, whatever somebody has called themselves. */
export function staffNameOf(first: string, last: string): string {
  // Controls, and the marks that turn the direction of whatever stands around them.
  const plain = `${first} ${last}`.replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ');
  return [...plain.replaceAll(/\s+/g, ' ').trim()].slice(0, LONGEST_STAFF_NAME).join('').trim();
}

/** As typed and chosen on the page. */
export interface AdjustingDraft {
  readonly kind: Adjusting['kind'];
  /** Read where the kind is `up-to`. */
  readonly points: string;
}

export interface PermissionsDraft {
  readonly others: AdjustingDraft;
  readonly staff: readonly (AdjustingDraft & { readonly staffId: string; readonly mayChangeList: boolean })[];
}

/** Of the subject whose number of points is none, or out of range. */
export type DraftProblem = 'missing' | 'not-a-number' | 'out-of-range';

export interface PermissionsWish {
  readonly others: OthersAdjusting;
  readonly byStaff: ReadonlyMap<string, StaffPermission>;
}

/** The key of everyone else, beside the numbers of staff. */
export const OTHERS = 'others';

/** What a filled list asks for, or what is wrong with it, by subject. */
export function readPermissionsDraft({ others, staff }: PermissionsDraft): { ok: true; value: PermissionsWish } | { ok: false; problems: Readonly<Record<string, DraftProblem>> } {
  const problems: Record<string, DraftProblem> = {};
  const read = (subject: string, { kind, points }: AdjustingDraft): Adjusting => {
    if (kind !== 'up-to') return { kind };
    const text = points.trim();
    const number = /^\d{1,12}$/.test(text) ? Number(text) : null;
    if (number === null) problems[subject] = text === '' ? 'missing' : 'not-a-number';
    else if (number === 0 || number > MOST_ADJUSTED_POINTS) problems[subject] = 'out-of-range';
    return { kind, points: number ?? 0 };
  };
  const ofOthers = read(OTHERS, others);
  const byStaff = new Map(staff.map(({ staffId, mayChangeList: may, ...draft }) => [staffId, { adjusting: read(staffId, draft), mayChangeList: may }]));
  if (Object.keys(problems).length > 0) return { ok: false, problems };
  // Everyone else is like nobody but themselves.
  return { ok: true, value: { others: ofOthers.kind === 'as-others' ? { kind: 'shop-limit' } : ofOthers, byStaff } };
}

export function writePermissionsDraft({ others, byStaff }: StaffPermissions, staffIds: readonly string[]): PermissionsDraft {
  const write = (adjusting: Adjusting): AdjustingDraft => ({ kind: adjusting.kind, points: adjusting.kind === 'up-to' ? String(adjusting.points) : '' });
  return {
    others: write(others),
    staff: staffIds.map((staffId) => {
      const { adjusting, mayChangeList: may } = byStaff.get(staffId) ?? AS_OTHERS;
      return { staffId, ...write(adjusting), mayChangeList: may };
    }),
  };
}

/** One thing that was set. */
export type PermissionChange = { readonly subject: string } & StaffPermission;

/** Where a list and a wish differ: nothing where they do not. */
export function planPermissionChanges(held: StaffPermissions, wish: PermissionsWish): PermissionChange[] {
  const changes: PermissionChange[] = [];
  if (!isSame(held.others, wish.others)) changes.push({ subject: OTHERS, adjusting: wish.others, mayChangeList: false });
  for (const [subject, wanted] of wish.byStaff) {
    const own = held.byStaff.get(subject) ?? AS_OTHERS;
    if (!isSame(own.adjusting, wanted.adjusting) || own.mayChangeList !== wanted.mayChangeList) changes.push({ subject, ...wanted });
  }
  return changes;
}

function isSame(one: Adjusting, other: Adjusting): boolean {
  return one.kind === other.kind && (one.kind !== 'up-to' || other.kind !== 'up-to' || one.points === other.points);
}
