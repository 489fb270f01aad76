import { Temporal } from 'temporal-polyfill';
import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';

/**
 * The definitions of the report written down a second time, slowly: arrays of objects, Temporal for the calendar, sorts
 * and filters for everything. It shares no code with the engine, so that the two agree only when both are right.
 */
interface NaiveOrder {
  id: number;
  customer: string | null;
  ms: number;
  date: Temporal.PlainDate;
  month: string;
  value: number;
}

export function naiveReport(rows: readonly OrderRow[], asOf: string, timeZone: string) {
  const endDate = endOf(asOf);
  const endMs = endDate.toZonedDateTime(timeZone).epochMilliseconds;
  const startMs = endDate.subtract({ days: 365 }).toZonedDateTime(timeZone).epochMilliseconds;
  const all = rows.map((row) => naiveOrder(row, timeZone)).filter((order) => order.ms < endMs);
  const histories = historiesOf(all);
  const gapsAt = histories.map(gapsOf);
  const gaps = gapsAt.flat();
  const trailing = naiveBasics(all, histories, startMs, endMs);
  const spans = histories.map((history) => daysFrom(first(history).date, last(history).date));
  return {
    overall: naiveBasics(all, histories, -Infinity, endMs).basics,
    trailing365: {
      ...trailing.basics,
      returningCustomerRateShopify: over(trailing.returning, trailing.basics.customers),
    },
    maturedRepeatRate: Object.fromEntries([30, 60, 90, 180, 365].map((d) => [String(d), matured(histories, endMs, d)])),
    daysBetweenOrders: {
      n: gaps.length,
      median: quantile(gaps, 0.5),
      mean: over(sum(gaps), gaps.length),
      p10: quantile(gaps, 0.1),
      p25: quantile(gaps, 0.25),
      p75: quantile(gaps, 0.75),
      p90: quantile(gaps, 0.9),
      firstToSecondMedian: quantile(gapsAt.flatMap((list) => list.slice(0, 1)), 0.5),
      secondToThirdMedian: quantile(gapsAt.flatMap((list) => list.slice(1, 2)), 0.5),
      thirdToFourthMedian: quantile(gapsAt.flatMap((list) => list.slice(2, 3)), 0.5),
    },
    simpleClv: {
      lifespanYears: 3,
      clvMinor: trailing.basics.customerValueMinor === null ? null : trailing.basics.customerValueMinor * 3,
      observedLifespanDays: over(sum(spans), spans.length),
    },
    cohorts: naiveCohorts(histories, asOf, 'month'),
    rfm: naiveRfm(histories, asOf),
    lifecycle: naiveLifecycle(histories, gaps, asOf),
  };
}

function naiveOrder(row: OrderRow, timeZone: string): NaiveOrder {
  const date = Temporal.Instant.fromEpochMilliseconds(row.processedAtMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const customer = row.customerKey === null ? null : String(row.customerKey);
  const month = date.toPlainYearMonth().toString();
  return { id: row.orderId, customer, ms: row.processedAtMs, date, month, value: row.valueMinor };
}

function historiesUpTo(rows: readonly OrderRow[], asOf: string, timeZone: string): NaiveOrder[][] {
  const endMs = endOf(asOf).toZonedDateTime(timeZone).epochMilliseconds;
  return historiesOf(rows.map((row) => naiveOrder(row, timeZone)).filter((order) => order.ms < endMs));
}

function endOf(asOf: string): Temporal.PlainDate {
  return Temporal.PlainDate.from(asOf).add({ days: 1 });
}

function historiesOf(orders: readonly NaiveOrder[]): NaiveOrder[][] {
  const byCustomer = new Map<string, NaiveOrder[]>();
  for (const order of orders) {
    if (order.customer !== null) byCustomer.set(order.customer, [...(byCustomer.get(order.customer) ?? []), order]);
  }
  return [...byCustomer.values()].map((history) => history.sort((a, b) => a.ms - b.ms || a.id - b.id));
}

function naiveBasics(all: NaiveOrder[], histories: NaiveOrder[][], fromMs: number, toMs: number) {
  const isInside = (order: NaiveOrder) => order.ms >= fromMs && order.ms < toMs;
  const inside = all.filter(isInside);
  const guests = inside.filter((order) => order.customer === null);
  const here = histories.map((history) => history.filter(isInside)).filter((history) => history.length > 0);
  const ofCustomers = here.flat();
  const repeats = histories.flatMap((history) => history.slice(1)).filter(isInside);
  const revenue = sum(inside.map((order) => order.value));
  const frequency = over(ofCustomers.length, here.length);
  const aov = over(revenue, inside.length);
  const repeatCustomers = here.filter((history) => history.length > 1).length;
  return {
    returning: new Set(repeats.map((order) => order.customer)).size,
    basics: {
      customers: here.length,
      orders: inside.length,
      guestOrders: guests.length,
      repeatCustomers,
      repeatPurchaseRate: over(repeatCustomers, here.length),
      purchaseFrequency: frequency,
      revenueMinor: revenue,
      aovMinor: aov,
      customerValueMinor: frequency === null || aov === null ? null : frequency * aov,
      repeatOrderShare: over(repeats.length, ofCustomers.length),
      repeatRevenueShare: over(sum(repeats.map((order) => order.value)), sum(ofCustomers.map((order) => order.value))),
    },
  };
}

function matured(histories: NaiveOrder[][], endMs: number, days: number) {
  const time = days * 24 * 60 * 60 * 1000;
  const eligible = histories.filter((history) => first(history).ms + time <= endMs);
  const repeated = eligible.filter((history) => history.slice(1).some((order) => order.ms - first(history).ms <= time));
  return { eligible: eligible.length, repeated: repeated.length, rate: over(repeated.length, eligible.length) };
}

type NaivePeriod = 'month' | 'week' | 'quarter';

/** The first day of the period that a date is in; the next one begins `step` later. */
const PERIODS: Record<NaivePeriod, { startOf: (date: Temporal.PlainDate) => Temporal.PlainDate; step: object }> = {
  month: { startOf: (date) => date.with({ day: 1 }), step: { months: 1 } },
  week: { startOf: (date) => date.subtract({ days: date.dayOfWeek - 1 }), step: { weeks: 1 } },
  quarter: { startOf: (date) => date.with({ day: 1, month: date.month - ((date.month - 1) % 3) }), step: { months: 3 } },
};

function nameOf(start: Temporal.PlainDate, period: NaivePeriod): string {
  if (period === 'week') return `${start.yearOfWeek}-W${String(start.weekOfYear).padStart(2, '0')}`;
  return period === 'month' ? start.toPlainYearMonth().toString() : `${start.year}-Q${(start.month + 2) / 3}`;
}

export function naiveCohortsOf(rows: readonly OrderRow[], asOf: string, timeZone: string, period: NaivePeriod) {
  return naiveCohorts(historiesUpTo(rows, asOf, timeZone), asOf, period);
}

function naiveCohorts(histories: NaiveOrder[][], asOf: string, period: NaivePeriod) {
  const { startOf, step } = PERIODS[period];
  const asOfDate = Temporal.PlainDate.from(asOf);
  const periodOf = (order: NaiveOrder) => startOf(order.date).toString();
  const running = startOf(asOfDate.add({ days: 1 })).equals(startOf(asOfDate)) ? nameOf(startOf(asOfDate), period) : null;
  const starts = [...new Set(histories.map((history) => periodOf(first(history))))].sort();
  const rows = starts.map((start) => {
    const members = histories.filter((history) => periodOf(first(history)) === start);
    const inside: NaiveOrder[][] = [];
    for (let at = Temporal.PlainDate.from(start); Temporal.PlainDate.compare(at, asOfDate) <= 0; at = at.add(step)) {
      const name = at.toString();
      inside.push(members.flat().filter((order) => periodOf(order) === name));
    }
    const revenueMinor = inside.map((orders) => sum(orders.map((order) => order.value)));
    return {
      cohort: nameOf(Temporal.PlainDate.from(start), period),
      size: members.length,
      active: inside.map((orders) => new Set(orders.map((order) => order.customer)).size),
      orders: inside.map((orders) => orders.length),
      revenueMinor,
      cumulativeRevenuePerCustomerMinor: revenueMinor.map((_, k) => sum(revenueMinor.slice(0, k + 1)) / members.length),
    };
  });
  const completed = rows.map(({ size, active }) => ({ size, active: running === null ? active : active.slice(0, -1) }));
  const longest = Math.max(0, ...completed.map((row) => row.active.length));
  const weightedCurve = Array.from({ length: longest }, (_, offset) => {
    const old = completed.filter((row) => row.active.length > offset);
    const customers = sum(old.map((row) => row.size));
    const active = sum(old.map((row) => row.active[offset] ?? NaN));
    return { offset, customers, active, retention: active / customers };
  });
  return { period, incompletePeriod: running, rows, weightedCurve };
}

/** Each customer by a clock of their own: the hours since the first order in pieces of 720. */
export function naiveRollingCohorts(rows: readonly OrderRow[], asOf: string, timeZone: string) {
  const endMs = endOf(asOf).toZonedDateTime(timeZone).epochMilliseconds;
  const pieceMs = 720 * 60 * 60 * 1000;
  const customers = historiesUpTo(rows, asOf, timeZone).map((history) => ({
    month: first(history).month,
    age: endMs - first(history).ms,
    orders: history.map((order) => ({ since: order.ms - first(history).ms, value: order.value })),
  }));
  const cohorts = [...new Set(customers.map(({ month }) => month))].sort().map((cohort) => {
    const members = customers.filter(({ month }) => month === cohort);
    const pieces = Math.max(...members.map(({ age }) => Math.floor(age / pieceMs)));
    const row = { cohort, size: members.length, ...emptyLists() };
    for (let k = 0; k < pieces; k += 1) {
      const old = members.filter(({ age }) => age >= (k + 1) * pieceMs);
      const here = old.map(({ orders }) => orders.filter(({ since }) => since >= k * pieceMs && since < (k + 1) * pieceMs));
      const soFar = old.flatMap(({ orders }) => orders.filter(({ since }) => since < (k + 1) * pieceMs));
      row.eligible.push(old.length);
      row.active.push(here.filter((orders) => orders.length > 0).length);
      row.orders.push(here.flat().length);
      row.revenueMinor.push(sum(here.flat().map(({ value }) => value)));
      row.cumulativeRevenuePerCustomerMinor.push(sum(soFar.map(({ value }) => value)) / old.length);
    }
    return row;
  });
  const longest = Math.max(0, ...cohorts.map((row) => row.eligible.length));
  const weightedCurve = Array.from({ length: longest }, (_, offset) => {
    const eligible = sum(cohorts.map((row) => row.eligible[offset] ?? 0));
    const active = sum(cohorts.map((row) => row.active[offset] ?? 0));
    return { offset, customers: eligible, active, retention: active / eligible };
  });
  return { period: 'rolling30Days', rows: cohorts, weightedCurve };
}

function emptyLists() {
  const lists = { eligible: [], active: [], orders: [], revenueMinor: [], cumulativeRevenuePerCustomerMinor: [] };
  return lists as Record<keyof typeof lists, number[]>;
}

function naiveLifecycle(histories: NaiveOrder[][], gaps: number[], asOf: string) {
  const isRhythmKnown = gaps.length >= 200;
  const [active, cooling, atRisk] = isRhythmKnown ? [0.5, 0.75, 0.9].map((p) => quantile(gaps, p)) : [60, 120, 180];
  const upToDays = { active: active ?? NaN, cooling: cooling ?? NaN, atRisk: atRisk ?? NaN };
  const people = histories.map((history) => ({
    orders: history.length,
    sinceFirst: daysFrom(first(history).date, Temporal.PlainDate.from(asOf)),
    sinceLast: daysFrom(last(history).date, Temporal.PlainDate.from(asOf)),
  }));
  const stateOf = ({ sinceLast }: (typeof people)[number]) =>
    ['active', 'cooling', 'atRisk'].find((state) => sinceLast <= upToDays[state as keyof typeof upToDays]) ?? 'lapsed';
  const stageOf = ({ orders, sinceFirst }: (typeof people)[number]) => {
    if (orders > 1) return orders > 3 ? 'loyal' : 'building';
    const [, stage = 'oneTime'] = ONE_ORDER_STAGES.find(([upTo]) => sinceFirst <= upTo) ?? [];
    return stage;
  };
  return {
    basis: isRhythmKnown ? 'ownRhythm' : 'fixedRule',
    gaps: gaps.length,
    gapsNeeded: 200,
    upToDays,
    states: tally(['active', 'cooling', 'atRisk', 'lapsed'], people.map(stateOf)),
    stages: tally(['onboarding', 'nurture', 'activation', 'oneTime', 'building', 'loyal'], people.map(stageOf)),
  };
}

const ONE_ORDER_STAGES: [number, string][] = [[7, 'onboarding'], [14, 'nurture'], [30, 'activation']]; // prettier-ignore

function tally(names: string[], found: string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, found.filter((other) => other === name).length]));
}

function naiveRfm(histories: NaiveOrder[][], asOf: string) {
  const customers = histories.map((history) => ({
    r: daysFrom(last(history).date, Temporal.PlainDate.from(asOf)),
    f: history.length,
    m: sum(history.map((order) => order.value)),
  }));
  const breaksOf = (values: number[]) => [0.2, 0.4, 0.6, 0.8].flatMap((p) => quantile(values, p) ?? []);
  const breaks = {
    r: breaksOf(customers.map(({ r }) => r)),
    f: breaksOf(customers.map(({ f }) => f)),
    m: breaksOf(customers.map(({ m }) => m)),
  };
  const groups: Record<string, number> = Object.fromEntries(GROUPS.map(({ name }) => [name, 0]));
  for (const { r, f, m } of customers) {
    const rScore = 5 - breaks.r.filter((edge) => edge < r).length;
    const fm = (1 + breaks.f.filter((edge) => edge < f).length + 1 + breaks.m.filter((edge) => edge < m).length) / 2;
    const name = GROUPS.find((group) => group.has(rScore, fm))?.name ?? 'NO GROUP';
    groups[name] = (groups[name] ?? 0) + 1;
  }
  return { breaks, groups };
}

/** The sentences of the definition, in its order; the first that holds names the group. */
const GROUPS: { name: string; has: (r: number, fm: number) => boolean }[] = [
  { name: 'CHAMPIONS', has: (r, fm) => r === 5 && fm >= 4 },
  { name: 'LOYAL', has: (r, fm) => r >= 3 && r <= 4 && fm >= 4 },
  { name: 'ACTIVE', has: (r, fm) => r >= 4 && r <= 5 && fm > 2 && fm < 4 },
  { name: 'NEW', has: (r, fm) => r === 5 && fm <= 2 },
  { name: 'PROMISING', has: (r, fm) => r === 4 && fm <= 2 },
  { name: 'NEEDS_ATTENTION', has: (r, fm) => r === 3 && fm < 4 },
  { name: 'AT_RISK', has: (r, fm) => r === 2 && fm >= 3 },
  { name: 'PREVIOUSLY_LOYAL', has: (r, fm) => r === 1 && fm >= 4 },
  { name: 'ALMOST_LOST', has: (r, fm) => r === 2 && fm < 3 },
  { name: 'DORMANT', has: (r, fm) => r === 1 && fm < 4 },
  { name: 'PROSPECTS', has: () => false },
];

function gapsOf(history: NaiveOrder[]): number[] {
  return history.slice(1).map((order, index) => daysFrom(history[index]?.date ?? order.date, order.date));
}

function daysFrom(from: Temporal.PlainDate, to: Temporal.PlainDate): number {
  return from.until(to, { largestUnit: 'days' }).days;
}

function quantile(values: number[], p: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * p;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (position - Math.floor(position)) * (above - below);
}

function over(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function first(history: NaiveOrder[]): NaiveOrder {
  return at(history, 0);
}

function last(history: NaiveOrder[]): NaiveOrder {
  return at(history, history.length - 1);
}

function at(history: NaiveOrder[], index: number): NaiveOrder {
  const order = history[index];
  if (order === undefined) throw new Error('a customer without orders');
  return order;
}
