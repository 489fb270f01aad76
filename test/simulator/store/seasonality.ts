import type { SeededRandom } from './seeded-random.ts';
import type { Region } from './regions.ts';

export const DAY_MS = 86_400_000;

/** First day of the lunar year. Source: Hong Kong Observatory, Gregorian-Lunar Calendar Conversion Table. */
const LUNAR_NEW_YEARS = [
  '2018-02-16', '2019-02-05', '2020-01-25', '2021-02-12', '2022-02-01', '2023-01-22', '2024-02-10', '2025-01-29',
  '2026-02-17', '2027-02-06', '2028-01-26', '2029-02-13', '2030-02-03', '2031-01-23', '2032-02-11', '2033-01-31',
].map((date) => Date.parse(`${date}T00:00:00Z`));

/** Sunday first. */
const WEEKDAY_WEIGHTS = [1.12, 1.08, 1.0, 0.98, 1.0, 0.92, 0.9];

/** Local hours, midnight first: quiet nights, a bump at lunch, most of it in the evening. */
const HOURS: readonly [{ hour: number; weight: number }, ...{ hour: number; weight: number }[]] = [
  { hour: 0, weight: 9 },
  ...[5, 3, 2, 2, 3, 8, 18, 28, 38, 46, 50, 56, 54, 46, 44, 46, 50, 54, 62, 74, 80, 62, 30].map((weight, index) => ({
    hour: index + 1,
    weight,
  })),
];

export function localHour(random: SeededRandom): number {
  return random.weighted(HOURS).hour;
}

/** The Friday after the fourth Thursday of November. */
function blackFridayMs(year: number): number {
  const firstWeekday = new Date(Date.UTC(year, 10, 1)).getUTCDay();
  const firstThursday = 1 + ((4 - firstWeekday + 7) % 7);
  return Date.UTC(year, 10, firstThursday + 22);
}

/** From the Monday before Black Friday until the Tuesday after Cyber Monday. */
export function isBlackFridaySeason(atMs: number): boolean {
  const friday = blackFridayMs(new Date(atMs).getUTCFullYear());
  return atMs >= friday - 4 * DAY_MS && atMs < friday + 5 * DAY_MS;
}

export function isGiftSeason(atMs: number): boolean {
  return new Date(atMs).getUTCMonth() >= 10;
}

function lunarWeight(atMs: number): number {
  for (const newYear of LUNAR_NEW_YEARS) {
    const days = (atMs - newYear) / DAY_MS;
    if (days >= -24 && days < -3) return 1.7;
    // Couriers rest around the holiday itself.
    if (days >= -3 && days < 6) return 0.35;
  }
  return 1;
}

/** How busy a day is against an ordinary one. */
export function dayWeight(atMs: number, season: Region['season']): number {
  const date = new Date(atMs);
  const month = date.getUTCMonth();
  let weight = WEEKDAY_WEIGHTS[date.getUTCDay()] ?? 1;
  if (month === 10) weight *= 1.25;
  if (month === 11) weight *= date.getUTCDate() <= 19 ? 1.5 : 0.8;
  if (isBlackFridaySeason(atMs)) weight *= 2.1;
  if (season !== 'southern' && (month === 6 || month === 7)) weight *= 0.78;
  if (season === 'southern' && month === 0) weight *= 0.75;
  if (season === 'lunar') weight *= lunarWeight(atMs);
  return weight;
}

/** Days with weights, to draw a day from or to walk along at a seasonal pace. */
export interface DayLine {
  /** Sum of the weights before each day; one more entry than days. */
  readonly cumulative: Float64Array;
  /** The (fractional) day at which the running sum reaches `level`; the number of days when it never does. */
  dayAt(level: number): number;
  levelAt(day: number): number;
  readonly total: number;
}

export function dayLine(days: number, weightOf: (day: number) => number): DayLine {
  const cumulative = new Float64Array(days + 1);
  for (let day = 0; day < days; day += 1) cumulative[day + 1] = (cumulative[day] ?? 0) + weightOf(day);
  const total = cumulative[days] ?? 0;
  const at = (index: number) => cumulative[index] ?? total;
  return {
    cumulative,
    total,
    levelAt: (day) => {
      const whole = Math.min(days - 1, Math.max(0, Math.floor(day)));
      return at(whole) + (at(whole + 1) - at(whole)) * (day - whole);
    },
    dayAt: (level) => {
      if (level >= total) return days;
      let low = 0;
      let high = days;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (at(middle) <= level) low = middle;
        else high = middle;
      }
      return low + (level - at(low)) / (at(low + 1) - at(low));
    },
  };
}
