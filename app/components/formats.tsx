import { createContext, useContext, useMemo } from 'react';
import type { ReactNode } from 'react';

import { formatMoney } from '#app/domain/money/format-money.ts';
import { MS_PER_HOUR, MS_PER_MINUTE } from '#app/domain/time/durations.ts';

export interface Formats {
  count(value: number): string;
  /** A fraction as a percentage: 0.253 is `25.3%`. */
  percent(fraction: number): string;
  wholePercent(fraction: number): string;
  /** A share that somebody has set, as they did: 0.6 is `60%`, and 0.6125 is `61.25%`. */
  setPercent(fraction: number): string;
  /** `+3.4%`; nothing changed is `0.0%`. */
  signedPercent(fraction: number): string;
  /** A difference of fractions in percentage points: 0.012 is `+1.2`. */
  signedPoints(difference: number): string;
  /** Two decimals, for ratios such as orders per customer. */
  ratio(value: number): string;
  /** Up to one decimal, for days. */
  tenths(value: number): string;
  /** Three decimals, for what differs little. */
  thousandths(value: number): string;
  /** Five significant digits, for parameters of models. */
  precise(value: number): string;
  /** Minor units, which may be a fraction where the amount is a mean; rounded here and nowhere before. */
  money(amountMinor: number, currency: string): string;
  /** `2026-11-21` as `Nov 21, 2026`. */
  day(isoDay: string): string;
  /** `2026-11` as `Nov 2026`. */
  month(isoMonth: string): string;
  /** Date and time in a zone given by its IANA name. */
  instant(epochMs: number, timeZone?: string): string;
  /** `3 minutes ago`. */
  ago(fromMs: number, nowMs: number): string;
}

const FormatsContext = createContext<Formats | null>(null);

export function FormatsProvider({ locale, children }: { locale: string; children: ReactNode }) {
  const formats = useMemo(() => createFormats(locale), [locale]);
  return <FormatsContext.Provider value={formats}>{children}</FormatsContext.Provider>;
}

export function useFormats(): Formats {
  const formats = useContext(FormatsContext);
  if (formats === null) throw new Error('useFormats is used outside of FormatsProvider');
  return formats;
}

/** How numbers and dates are written in one locale, the same on the server as in any browser. */
export function createFormats(locale: string): Formats {
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const wholePercent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const setPercent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const signed = { signDisplay: 'exceptZero', minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;
  const signedPercent = new Intl.NumberFormat(locale, { ...signed, style: 'percent' });
  const signedPoints = new Intl.NumberFormat(locale, signed);
  const ratio = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const thousandths = new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  const precise = new Intl.NumberFormat(locale, { maximumSignificantDigits: 5 });
  const day = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' });
  const month = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', timeZone: 'UTC' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  // Before a verb, Chinese for "now" says that something is being done.
  const justNow = locale.startsWith('zh') ? '刚刚' : relative.format(0, 'second');
  return {
    count: (value) => count.format(value),
    percent: (fraction) => percent.format(fraction),
    wholePercent: (fraction) => wholePercent.format(fraction),
    setPercent: (fraction) => setPercent.format(fraction),
    signedPercent: (fraction) => signedPercent.format(fraction),
    signedPoints: (difference) => signedPoints.format(difference * 100),
    ratio: (value) => ratio.format(value),
    tenths: (value) => tenths.format(value),
    thousandths: (value) => thousandths.format(value),
    precise: (value) => precise.format(value),
    money: (amountMinor, currency) => formatMoney(amountMinor, currency, locale),
    day: (isoDay) => day.format(Date.parse(`${isoDay}T00:00:00Z`)),
    month: (isoMonth) => month.format(Date.parse(`${isoMonth}-01T00:00:00Z`)),
    instant: (epochMs, timeZone = 'UTC') =>
      new Intl.DateTimeFormat(locale, {
        year: 'numeric',
        month: 'short',
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        // Browsers differ in the space before "PM".
        hourCycle: 'h23',
        timeZone,
      }).format(epochMs),
    ago: (fromMs, nowMs) => (nowMs - fromMs < MS_PER_MINUTE ? justNow : relativeTime(relative, nowMs - fromMs)),
  };
}

function relativeTime(format: Intl.RelativeTimeFormat, elapsedMs: number): string {
  const hours = Math.floor(elapsedMs / MS_PER_HOUR);
  if (hours < 1) return format.format(-Math.floor(elapsedMs / MS_PER_MINUTE), 'minute');
  return hours < 48 ? format.format(-hours, 'hour') : format.format(-Math.floor(hours / 24), 'day');
}
