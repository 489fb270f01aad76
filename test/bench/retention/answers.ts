import type { Basics, RetentionReport } from '#app/domain/retention/report/report.ts';

/** Every number of the standard report set by its name; null where there is none. */
export type Answers = Map<string, number | null>;

const MOST_DIFFERENCE = 1e-9;

/**
 * Throws unless both have the same numbers: whole ones exactly, counts and money among them, and others to a part in a
 * billion.
 */
export function requireSameAnswers(ours: Answers, theirs: Answers, who: string): void {
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  const different = [...names].filter((name) => !isSame(ours.get(name), theirs.get(name)));
  if (different.length === 0) return;
  const told = different.slice(0, 5).map((name) => `${name} ${String(ours.get(name))} against ${String(theirs.get(name))}`);
  throw new Error(`${different.length} of ${names.size} numbers are not those of ${who}: ${told.join('; ')}`);
}

function isSame(a: number | null | undefined, b: number | null | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  if (Number.isInteger(a) && Number.isInteger(b)) return false;
  return Math.abs(a - b) <= MOST_DIFFERENCE * Math.max(1, Math.abs(a), Math.abs(b));
}

/** Of the whole report, the numbers that the rivals are asked for too. */
export function answersOfReport(report: RetentionReport): Answers {
  const answers = new Map<string, number | null>();
  addBasics(answers, 'overall', report.overall);
  addBasics(answers, 'trailing365', report.trailing365);
  answers.set('trailing365.returningCustomerRateShopify', report.trailing365.returningCustomerRateShopify);
  for (const [days, { eligible, repeated, rate }] of Object.entries(report.maturedRepeatRate)) {
    answers.set(`matured.${days}.eligible`, eligible);
    answers.set(`matured.${days}.repeated`, repeated);
    answers.set(`matured.${days}.rate`, rate);
  }
  for (const [name, value] of Object.entries(report.daysBetweenOrders)) answers.set(`gaps.${name}`, value);
  for (const { cohort, size, active, orders, revenueMinor } of report.cohorts.rows) {
    answers.set(`cohorts.${cohort}.size`, size);
    for (const [offset, count] of active.entries()) {
      // A period in which nobody came is a row of zeros here and none in SQL.
      if (count === 0) continue;
      answers.set(`cohorts.${cohort}+${offset}.active`, count);
      answers.set(`cohorts.${cohort}+${offset}.orders`, orders[offset] ?? NaN);
      answers.set(`cohorts.${cohort}+${offset}.revenueMinor`, revenueMinor[offset] ?? NaN);
    }
  }
  for (const [name, breaks] of Object.entries(report.rfm.breaks)) {
    for (const [place, value] of breaks.entries()) answers.set(`rfm.breaks.${name}.${place}`, value);
  }
  for (const [group, customers] of Object.entries(report.rfm.groups)) if (customers > 0) answers.set(`rfm.${group}`, customers);
  return answers;
}

function addBasics(answers: Map<string, number | null>, of: string, basics: Basics): void {
  const { customers, orders, guestOrders, repeatCustomers, revenueMinor } = basics;
  const { repeatPurchaseRate, purchaseFrequency, aovMinor, customerValueMinor, repeatOrderShare, repeatRevenueShare } = basics;
  const numbers = {
    ...{ customers, orders, guestOrders, repeatCustomers, revenueMinor, repeatPurchaseRate, purchaseFrequency },
    ...{ aovMinor, customerValueMinor, repeatOrderShare, repeatRevenueShare },
  };
  for (const [name, value] of Object.entries(numbers)) answers.set(`${of}.${name}`, value);
}
