import type { NoFitReason } from './fitted-model.ts';
import { flawOfHistories } from './indexed-histories.ts';
import type { PurchaseHistories } from './purchase-histories.ts';

/** What no model can be fitted on; null when one can be tried. */
export function refuseHistories(
  histories: PurchaseHistories,
): { readonly ok: false; readonly reason: NoFitReason; readonly detail: string } | null {
  const flaw = flawOfHistories(histories);
  if (flaw !== null) return { ok: false, reason: 'not-finite', detail: flaw };
  if (histories.rowCount === 0) return { ok: false, reason: 'no-customers', detail: 'there are no customers' };
  for (let i = 0; i < histories.rowCount; i += 1) {
    if ((histories.frequency[i] ?? NaN) > 0) return null;
  }
  return { ok: false, reason: 'no-repeat-purchases', detail: 'nobody has bought on a second day' };
}
