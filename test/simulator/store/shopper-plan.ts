import type { CatalogueEntry } from './products.ts';
import { LAUNCH_DAY } from './products.ts';
import { REGIONS, type Region } from './regions.ts';
import { DAY_MS, dayLine, dayWeight, isBlackFridaySeason, localHour, type DayLine } from './seasonality.ts';
import type { SeededRandom } from './seeded-random.ts';

export const HISTORY_DAYS = 1096;

/** What made somebody try the shop; it decides how good a customer they turn out to be. */
export type Cohort = 'ordinary' | 'black-friday' | 'launch';

export interface ShopperPlan {
  region: Region;
  cohort: Cohort;
  isGuest: boolean;
  /** Something that is bought again whenever it runs out. */
  staple: CatalogueEntry | null;
  /** Ascending. */
  purchasesAtMs: number[];
}

/**
 * Purchase rate and dropout of BG/NBD (Fader, Hardie and Lee 2005): the rate is Gamma over customers, after each
 * repeat purchase a customer leaves with a Beta-distributed probability of their own. `alphaDays` stretches the gaps.
 */
const QUALITY: Record<Cohort, { r: number; alphaDays: number; a: number; b: number }> = {
  ordinary: { r: 0.33, alphaDays: 100, a: 1.0, b: 2.4 },
  'black-friday': { r: 0.2, alphaDays: 150, a: 1.4, b: 1.8 },
  launch: { r: 0.62, alphaDays: 80, a: 0.7, b: 3.2 },
};

const LAUNCH_BUZZ_DAYS = 24;

function isLaunchSeason(day: number): boolean {
  return day >= LAUNCH_DAY && day < LAUNCH_DAY + LAUNCH_BUZZ_DAYS;
}

/** First purchases: a shop that doubles in three years, louder around Black Friday and the launch. */
function acquisitionWeight(day: number, atMs: number): number {
  let weight = (0.7 + (0.7 * day) / HISTORY_DAYS) * dayWeight(atMs, 'northern');
  if (isBlackFridaySeason(atMs)) weight *= 1.7;
  if (isLaunchSeason(day)) weight *= 2.4;
  return weight;
}

export interface Calendar {
  startsAtMs: number;
  asOfMs: number;
  acquisition: DayLine;
  pace: Record<Region['season'], DayLine>;
}

export function buildCalendar(asOfMs: number): Calendar {
  const startsAtMs = Math.floor(asOfMs / DAY_MS) * DAY_MS - (HISTORY_DAYS - 1) * DAY_MS;
  const line = (season: Region['season']) =>
    dayLine(HISTORY_DAYS, (day) => dayWeight(startsAtMs + day * DAY_MS, season));
  return {
    startsAtMs,
    asOfMs,
    acquisition: dayLine(HISTORY_DAYS, (day) => acquisitionWeight(day, startsAtMs + day * DAY_MS)),
    pace: { northern: line('northern'), southern: line('southern'), lunar: line('lunar') },
  };
}

function cohortOf(random: SeededRandom, day: number, atMs: number): Cohort {
  if (isLaunchSeason(day) && random.chance(0.7)) return 'launch';
  if (isBlackFridaySeason(atMs) && random.chance(0.75)) return 'black-friday';
  return 'ordinary';
}

/** Puts a day on the clock of the shopper's own region, between the shop's first day and the as-of instant. */
function instantOn(random: SeededRandom, day: number, region: Region, calendar: Calendar): number | null {
  const localMs = calendar.startsAtMs + day * DAY_MS + localHour(random) * 3_600_000 + random.between(0, 3_599) * 1_000;
  const atMs = localMs - region.utcOffsetHours * 3_600_000;
  return atMs >= calendar.startsAtMs && atMs < calendar.asOfMs ? atMs : null;
}

/** Gaps are exponential in seasonal time: a busy week uses up more of a gap than a quiet one. */
function repeatDays(
  random: SeededRandom,
  firstDay: number,
  plan: Omit<ShopperPlan, 'purchasesAtMs'>,
  pace: DayLine,
): number[] {
  const quality = QUALITY[plan.cohort];
  const ratePerDay = random.gamma(quality.r) / quality.alphaDays;
  const dropout = random.beta(quality.a, quality.b);
  const perDay = pace.total / HISTORY_DAYS;
  const days: number[] = [];
  let day = firstDay;
  for (;;) {
    const gapDays = plan.staple?.rhythmDays
      ? plan.staple.rhythmDays * (0.75 + random.gamma(4) / 12)
      : random.exponential() / ratePerDay;
    day = plan.staple === null ? pace.dayAt(pace.levelAt(day) + gapDays * perDay) : day + gapDays;
    if (!(day < HISTORY_DAYS)) return days;
    days.push(day);
    // Whoever keeps a product in the house stays longer.
    if (random.chance(plan.staple === null ? dropout : dropout * 0.4)) return days;
  }
}

export function planShopper(
  random: SeededRandom,
  calendar: Calendar,
  catalogue: readonly CatalogueEntry[],
): ShopperPlan {
  const day = Math.floor(calendar.acquisition.dayAt(random.next() * calendar.acquisition.total));
  const region = random.weighted(REGIONS);
  const cohort = cohortOf(random, day, calendar.startsAtMs + day * DAY_MS);
  const isGuest = random.chance(0.06);
  const [first, ...others] = catalogue.filter((entry) => entry.rhythmDays !== null && entry.launchDay <= day);
  const keepsStaple = !isGuest && random.chance({ ordinary: 0.05, 'black-friday': 0.015, launch: 0.1 }[cohort]);
  const staple = keepsStaple && first !== undefined ? random.weighted([first, ...others]) : null;
  const plan = { region, cohort, isGuest, staple };
  const days = isGuest ? [day] : [day, ...repeatDays(random, day, plan, calendar.pace[region.season])];
  const purchasesAtMs = days
    .map((at) => instantOn(random, Math.floor(at), region, calendar))
    .filter((at) => at !== null)
    .sort((a, b) => a - b);
  return { ...plan, purchasesAtMs };
}
