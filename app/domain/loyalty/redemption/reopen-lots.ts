import type { HeldPoints } from '../ledger/plan-redemption.ts';
import { inSpendingOrder } from '../ledger/member-ledger.ts';
import type { Lot, MemberLedger } from '../ledger/member-ledger.ts';

/** The ledger with the lots that points come back to, also those that were spent to the last point and so are not held. */
export function reopenLots(ledger: MemberLedger, { lots }: HeldPoints): MemberLedger {
  const known = new Set(ledger.lots.map(({ lotNo }) => lotNo));
  const empty = lots
    .filter(({ lotNo }) => !known.has(lotNo))
    .map(({ lotNo, maturesAtMs, expiresOn, orderId }): Lot => ({ lotNo, maturesAtMs, expiresOn, orderId, customer: 0, pending: 0, reserved: 0 }));
  return empty.length === 0 ? ledger : { ...ledger, lots: [...ledger.lots, ...empty].sort(inSpendingOrder) };
}
