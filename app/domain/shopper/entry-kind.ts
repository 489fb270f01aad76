import type { EntryKind } from '../loyalty/ledger/entry.ts';

/** What tells an entry's meaning to its member. */
export interface LedgerLine {
  readonly kind: EntryKind;
  /** The business key. */
  readonly key: string;
  /** Of the reason. */
  readonly code: string;
}

export type ToldKind =
  | 'order'
  | 'order-changed'
  | 'welcome'
  | 'first-order'
  | 'birthday'
  | 'tier'
  | 'spendable'
  | 'expired'
  | 'redeemed'
  | 'returned'
  | 'adjusted'
  | 'imported'
  | 'merged';

const KINDS: Readonly<Record<Exclude<EntryKind, 'order' | 'grant'>, ToldKind>> = {
  maturity: 'spendable',
  reserve: 'redeemed',
  capture: 'redeemed',
  release: 'returned',
  return: 'returned',
  expiry: 'expired',
  adjustment: 'adjusted',
  import: 'imported',
  transfer: 'merged',
};

const GRANTS: ReadonlyMap<string, ToldKind> = new Map([
  ['welcome', 'welcome'],
  ['first-order', 'first-order'],
  ['first-order-undone', 'first-order'],
  ['not-first-order', 'first-order'],
  ['order-of-another', 'first-order'],
  ['birthday', 'birthday'],
  ['tier-reached', 'tier'],
]);

export function kindOfLine({ kind, key, code }: LedgerLine): ToldKind {
  // The first entry about an order; what comes after it is a refund, an edit or another owner.
  return kindOfEntry({ kind, code, isFirstOfOrder: key.endsWith('/1') });
}

export function kindOfEntry({ kind, code, isFirstOfOrder }: { kind: EntryKind; code: string; isFirstOfOrder: boolean }): ToldKind {
  switch (kind) {
    case 'order':
      return isFirstOfOrder ? 'order' : 'order-changed';
    case 'grant':
      return GRANTS.get(code) ?? 'adjusted';
    default:
      return KINDS[kind];
  }
}
