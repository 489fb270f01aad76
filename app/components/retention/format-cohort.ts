import type { Formats } from '#app/components/formats.tsx';

const QUARTER = /^(\d{4})-Q([1-4])$/;
const WEEK = /^(\d{4})-W(\d{2})$/;

/** `2026-03` as `Mar 2026`, `2026-Q1` as `Q1 2026`, `2026-W07` as `W07 2026`, in the manner of the language. */
export function formatCohort(cohort: string, locale: string, { month }: Pick<Formats, 'month'>): string {
  const isChinese = locale.startsWith('zh');
  const quarter = QUARTER.exec(cohort);
  if (quarter !== null) return isChinese ? `${quarter[1]}年第${quarter[2]}季度` : `Q${quarter[2]} ${quarter[1]}`;
  const week = WEEK.exec(cohort);
  if (week !== null) return isChinese ? `${week[1]}年第${Number(week[2])}周` : `W${week[2]} ${week[1]}`;
  return month(cohort);
}
