import type { ExclusionChange } from './exclusion.ts';
import type { ToldEntry } from './told-entry.ts';
import type { ToldTierChange } from './told-tier.ts';

export interface MemberRow {
  memberId: string;
  /** Null for somebody who was forgotten. */
  customerId: string | null;
  balancePoints: number;
  pendingPoints: number;
  reservedPoints: number;
  /** What the tier is called; null in a program without tiers. */
  tier: string | null;
  isExcluded: boolean;
  enrolledAtMs: number;
  lastActivityMs: number;
}

export interface MembersList {
  rows: MemberRow[];
  /** Of the shop, whatever was searched for. */
  members: number;
  next: string | null;
  previous: string | null;
  /** Why Shopify could not be asked for a name; null when it was, or did not have to be. */
  silence: 'away' | 'not-granted' | null;
  timeZone: string;
}

/** One member and a page of their ledger. */
export interface MemberPage extends MemberRow {
  /** In whom this member has gone up. */
  mergedInto: string | null;
  /** The oldest first. */
  exclusions: readonly ExclusionChange[];
  /** The newest decision first. */
  tiers: readonly ToldTierChange[];
  /** `YYYY-MM-DD`, the last day on which the tier is certain; null where nothing ends it, and without tiers. */
  tierKeptUntil: string | null;
  /** The first return window that ends, and what then becomes spendable. */
  maturesNext: { atMs: number; points: number } | null;
  /** `YYYY-MM-DD` in shop time; null when nothing ends these points. */
  expiresNext: { day: string; points: number } | null;
  entries: ToldEntry[];
  /** What those of the staff are called who are named here by their number; nothing of whom no name is known. */
  staffNames: Readonly<Record<string, string>>;
  /** The entry below which the next page begins; null on the last. */
  next: number | null;
  /** The most that one adjustment may give or take. */
  mostAdjustedPoints: number;
  currency: string;
  timeZone: string;
  nowMs: number;
}
