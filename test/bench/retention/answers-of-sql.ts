import type { Answers } from './answers.ts';
import { basicsSql, cohortsSql, gapsSql, guestsSql, MATURITY_DAYS, maturedSql, rfmSql, trailingSql } from './standard-set-sql.ts';
import type { SetQuestion } from './standard-set-sql.ts';

export type SqlRow = Readonly<Record<string, unknown>>;
export type Ask = (sql: string) => Promise<readonly SqlRow[]>;

/** The standard report set as SQL has it, one statement a metric, each once. */
export async function askStandardSet(ask: Ask, question: SetQuestion): Promise<Answers> {
  const answers = new Map<string, number | null>();
  const [overall = {}] = await ask(basicsSql(question));
  const [trailing = {}] = await ask(trailingSql(question));
  const [guests = {}] = await ask(guestsSql(question));
  addBasics(answers, 'overall', overall, { orders: numberOf(guests['orders']), revenue: numberOf(guests['revenue']) });
  addBasics(answers, 'trailing365', trailing, {
    orders: numberOf(guests['trailing_orders']),
    revenue: numberOf(guests['trailing_revenue']),
  });
  const returning = ratio(numberOf(trailing['returning_customers']), numberOf(trailing['customers']));
  answers.set('trailing365.returningCustomerRateShopify', returning);
  addMatured(answers, (await ask(maturedSql(question)))[0] ?? {});
  addGaps(answers, (await ask(gapsSql(question)))[0] ?? {});
  for (const row of await ask(cohortsSql(question))) addCohort(answers, row);
  for (const row of await ask(rfmSql(question))) {
    answers.set(`rfm.${String(row['rfm_group'])}`, numberOf(row['customers']));
    for (const name of ['r', 'f', 'm']) {
      for (const place of [0, 1, 2, 3]) answers.set(`rfm.breaks.${name}.${place}`, numberOf(row[`${name}${place}`]));
    }
  }
  return answers;
}

/** Both clients give whole numbers beyond 32 bits, and decimals, as texts. */
export function numberOf(value: unknown): number {
  const number = typeof value === 'string' || typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) throw new TypeError(`${String(value)} is no number`);
  return number;
}

function addBasics(answers: Map<string, number | null>, of: string, row: SqlRow, guests: { orders: number; revenue: number }): void {
  const [customers, customerOrders, repeatCustomers] = [numberOf(row['customers']), numberOf(row['customer_orders']), numberOf(row['repeat_customers'])];
  const orders = customerOrders + guests.orders;
  const customerRevenue = numberOf(row['customer_revenue']);
  const revenueMinor = customerRevenue + guests.revenue;
  const numbers = {
    ...{ customers, orders, guestOrders: guests.orders, repeatCustomers, revenueMinor },
    repeatPurchaseRate: ratio(repeatCustomers, customers),
    purchaseFrequency: ratio(customerOrders, customers),
    aovMinor: ratio(revenueMinor, orders),
    customerValueMinor: ratio(customerOrders * revenueMinor, customers * orders),
    repeatOrderShare: ratio(numberOf(row['repeat_orders']), customerOrders),
    repeatRevenueShare: ratio(numberOf(row['repeat_revenue']), customerRevenue),
  };
  for (const [name, value] of Object.entries(numbers)) answers.set(`${of}.${name}`, value);
}

function addMatured(answers: Map<string, number | null>, row: SqlRow): void {
  for (const days of MATURITY_DAYS) {
    const [eligible, repeated] = [numberOf(row[`eligible_${days}`]), numberOf(row[`repeated_${days}`])];
    answers.set(`matured.${days}.eligible`, eligible);
    answers.set(`matured.${days}.repeated`, repeated);
    answers.set(`matured.${days}.rate`, ratio(repeated, eligible));
  }
}

function addGaps(answers: Map<string, number | null>, row: SqlRow): void {
  const pooled: readonly unknown[] = Array.isArray(row['pooled']) ? row['pooled'] : [];
  answers.set('gaps.n', numberOf(row['n']));
  answers.set('gaps.mean', numberOf(row['mean']));
  for (const [place, name] of ['p10', 'p25', 'median', 'p75', 'p90'].entries()) answers.set(`gaps.${name}`, numberOf(pooled[place]));
  answers.set('gaps.firstToSecondMedian', numberOf(row['second_median']));
  answers.set('gaps.secondToThirdMedian', numberOf(row['third_median']));
  answers.set('gaps.thirdToFourthMedian', numberOf(row['fourth_median']));
}

function addCohort(answers: Map<string, number | null>, row: SqlRow): void {
  const [month, offset, active] = [numberOf(row['cohort']), numberOf(row['offset_months']), numberOf(row['active'])];
  const cohort = `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
  if (offset === 0) answers.set(`cohorts.${cohort}.size`, active);
  answers.set(`cohorts.${cohort}+${offset}.active`, active);
  answers.set(`cohorts.${cohort}+${offset}.orders`, numberOf(row['orders']));
  answers.set(`cohorts.${cohort}+${offset}.revenueMinor`, numberOf(row['revenue']));
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
