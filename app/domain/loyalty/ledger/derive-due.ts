import { startOfDay } from '../../time/day-of-instant.ts';
import type { MemberLedger } from './member-ledger.ts';
import { expiryDayOf } from './plan-passing-of-time.ts';
import type { ComesBack } from './plan-redemption.ts';

/**
 * When time will next do something to these points: the first return window that ends, the first expiry, and the first
 * notice of one that is still ahead.
 *
 * @returns null when nothing will
 */
export function deriveDueMs(ledger: MemberLedger, terms: ComesBack, nowMs: number): number | null {
  const { expiry, timeZone } = terms;
  const noticeDays = expiry.kind === 'never' ? [] : expiry.noticeDays;
  const moments = ledger.lots.flatMap((lot) => {
    const maturity = lot.pending > 0 ? [lot.maturesAtMs] : [];
    const day = lot.customer > 0 ? expiryDayOf(lot, terms) : null;
    if (day === null) return maturity;
    const notices = noticeDays.map((days) => startOfDay(day - days, timeZone)).filter((atMs) => atMs > nowMs);
    return [...maturity, startOfDay(day, timeZone), ...notices];
  });
  return moments.length === 0 ? null : Math.min(...moments);
}
