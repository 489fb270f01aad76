import type { TargetKind } from './segment-target.ts';

/** How far the last run of a target has come; counts of customers. */
export interface WrittenRun {
  readonly kind: 'write' | 'undo';
  readonly cause: 'asked' | 'nightly';
  readonly state: 'requested' | 'writing' | 'completed' | 'cancelled' | 'failed';
  readonly planned: number;
  readonly added: number;
  readonly removed: number;
  readonly leftAlone: number;
  readonly gone: number;
  readonly failed: number;
  readonly errorCode: string | null;
  readonly finishedAtMs: number | null;
}

/** What a segment is in Shopify, as the merchant is shown it. */
export interface WrittenSegment {
  readonly targetId: string;
  readonly segmentKey: string;
  readonly kind: TargetKind;
  /** The tag, or the metafield's key. */
  readonly name: string;
  readonly title: string;
  readonly isKept: boolean;
  readonly native: { readonly name: string; readonly state: 'coming' | 'there' | 'refused' } | null;
  readonly run: WrittenRun | null;
  /** Customers marked by us, and those who had the mark before; null where they were not counted. */
  readonly marked: { readonly ours: number; readonly theirs: number } | null;
}

export function isUnderWay({ run }: Pick<WrittenSegment, 'run'>): boolean {
  return run?.state === 'requested' || run?.state === 'writing';
}

/** Settled customers of those that were planned; redactions in between make them fewer. */
export function settledOf({ added, removed, leftAlone, gone, failed }: WrittenRun): number {
  return added + removed + leftAlone + gone + failed;
}
