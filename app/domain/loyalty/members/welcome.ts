import type { EntryKind } from '../ledger/entry.ts';
import { versionInForce } from '../program/version-in-force.ts';
import type { ProgramVersion } from '../program/version-in-force.ts';

/** How a member, or one who went up in them, began. */
export interface Beginning {
  /** Of their first entry, and the program version that it was decided under; null before one, or where no rule was asked. */
  readonly kind: EntryKind | null;
  readonly programVersion: number | null;
  readonly isWelcomed: boolean;
}

export interface Welcome {
  readonly version: ProgramVersion;
  readonly points: number;
}

/**
 * The points for joining, which come once in a person's life, when it is first certain that they have an account: with
 * legacy accounts as theirs is activated, with new ones, which need no activation, by their first order or as they are
 * first seen signed in. Of an order, see `appendAwards`; this is about an account.
 *
 * Nobody is welcomed for what was before: not under a version that did not welcome then, and not who was a member under
 * one that did not, who came with a history from elsewhere, or whom the merchant began by hand.
 *
 * @param sinceMs when it was first certain
 * @param beginnings of the member and of those who went up in them; none for who is no member yet
 */
export function welcomeOf(
  beginnings: readonly Beginning[],
  { versions, sinceMs }: { versions: readonly ProgramVersion[]; sinceMs: number },
): Welcome | null {
  if (beginnings.some((beginning) => beginning.isWelcomed || isOver(beginning, versions))) return null;
  const version = versionInForce(versions, sinceMs);
  if (version === null || version.program.status.kind !== 'live') return null;
  const points = version.program.earning.welcomePoints ?? 0;
  return points === 0 ? null : { version, points };
}

/** Whether such a beginning leaves nothing to be welcomed for. */
function isOver({ kind, programVersion }: Beginning, versions: readonly ProgramVersion[]): boolean {
  switch (kind) {
    case 'import':
    case 'adjustment':
      return true;
    case 'order':
      // The order of somebody without an account, who is welcomed once they have one.
      return !versions.find(({ version }) => version === programVersion)?.program.earning.welcomePoints;
    default:
      return false;
  }
}
