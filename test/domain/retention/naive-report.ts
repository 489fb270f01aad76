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
  const endDate = Temporal.PlainDate.from(asOf).add({ days: 1 });
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
    cohorts: naiveCohorts(histories, asOf),
    rfm: naiveRfm(histories, asOf),
  };
}

function naiveOrder(row: OrderRow, timeZone: string): NaiveOrder {
  const date = Temporal.Instant.fromEpochMilliseconds(row.processedAtMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const customer = row.customerKey === null ? null : String(row.customerKey);
  const month = date.toPlainYearMonth().toString();
  return { id: row.orderId, customer, ms: row.processedAtMs, date, month, value: row.valueMinor };
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

function naiveCohorts(histories: NaiveOrder[][], asOf: string) {
  const asOfDate = Temporal.PlainDate.from(asOf);
  const running = asOfDate.day === asOfDate.daysInMonth ? null : asOfDate.toPlainYearMonth().toString();
  const names = [...new Set(histories.map((history) => first(history).month))].sort();
  const rows = names.map((cohort) => {
    const members = histories.filter((history) => first(history).month === cohort);
    const months = monthsFrom(cohort, asOfDate);
    const inMonth = (month: string) => members.flat().filter((order) => order.month === month);
    return {
      cohort,
      size: members.length,
      active: months.map((month) => new Set(inMonth(month).map((order) => order.customer)).size),
      orders: months.map((month) => inMonth(month).length),
      revenueMinor: months.map((month) => sum(inMonth(month).map((order) => order.value))),
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
  return { period: 'month', incompletePeriod: running, rows, weightedCurve };
}

function monthsFrom(cohort: string, asOfDate: Temporal.PlainDate): string[] {
  const months: string[] = [];
  const end = asOfDate.toPlainYearMonth();
  for (let at = Temporal.PlainYearMonth.from(cohort); Temporal.PlainYearMonth.compare(at, end) <= 0; ) {
    months.push(at.toString());
    at = at.add({ months: 1 });
  }
  return months;
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
