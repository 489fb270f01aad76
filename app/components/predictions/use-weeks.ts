import type { BacktestAtAGlance } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';
import { useFormats } from '#app/components/formats.tsx';

const WEEK_DAYS = 7;

/** How many weeks the test went on, in words of the page. */
export function useWeeks(backtest: Pick<BacktestAtAGlance, 'horizonDays'> | null): string {
  const formats = useFormats();
  return formats.count((backtest?.horizonDays ?? 0) / WEEK_DAYS);
}
