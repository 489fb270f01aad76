import { RFM_GROUPS } from '../report/report.ts';
import type { RfmGroup } from '../report/report.ts';
import { customerKeyAt } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import { customerOfRow } from './customer-rows.ts';
import type { CustomerRows } from './customer-rows.ts';

/** How often Shopify puts a customer into the group that we put them into. Keys only grow. */
export interface RfmAgreement {
  /** Who have ordered and whose group Shopify tells. */
  customers: number;
  /** Of those, the ones in one group here and there. */
  agreeing: number;
  /** agreeing / customers; null of nobody. */
  share: number | null;
  /** Every pair of groups that somebody is in, most customers first. `theirs` may be a name that we do not know. */
  pairs: readonly { ours: RfmGroup; theirs: string; customers: number }[];
}

/**
 * Takes Shopify's group of each customer, in ascending order of their numbers as the columns have them, and compares it
 * with ours. Customers who have not ordered are left out: nobody could disagree about them.
 */
export class RfmAgreementTally {
  readonly #columns: OrderColumns;
  /** Place in RFM_GROUPS of each customer of the columns. */
  readonly #codes: Uint8Array;
  readonly #counts = new Map<string, number>();
  #next = 0;

  constructor(columns: OrderColumns, rows: Pick<CustomerRows, 'customers' | 'groups'>) {
    this.#columns = columns;
    this.#codes = new Uint8Array(columns.customerKeys.length).fill(NO_GROUP);
    for (let row = 0; row < rows.groups.length; row += 1) this.#codes[customerOfRow(rows, row)] = rows.groups[row] ?? NO_GROUP;
  }

  take(customerKey: number, theirs: string): void {
    const { customerKeys } = this.#columns;
    while (this.#next < customerKeys.length && this.#keyAtNext() < customerKey) this.#next += 1;
    if (this.#next === customerKeys.length || this.#keyAtNext() !== customerKey) return;
    const code = this.#codes[this.#next] ?? NO_GROUP;
    if (code === NO_GROUP) return;
    const pair = `${code} ${theirs}`;
    this.#counts.set(pair, (this.#counts.get(pair) ?? 0) + 1);
  }

  result(): RfmAgreement {
    const pairs = [...this.#counts].flatMap(([pair, customers]) => {
      const space = pair.indexOf(' ');
      const ours = RFM_GROUPS[Number(pair.slice(0, space))];
      return ours === undefined ? [] : [{ ours, theirs: pair.slice(space + 1), customers }];
    });
    const customers = pairs.reduce((sum, pair) => sum + pair.customers, 0);
    const agreeing = pairs.reduce((sum, { ours, theirs, customers: both }) => (ours === theirs ? sum + both : sum), 0);
    const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
    return {
      customers,
      agreeing,
      share: customers === 0 ? null : agreeing / customers,
      pairs: pairs.sort((a, b) => b.customers - a.customers || RFM_GROUPS.indexOf(a.ours) - RFM_GROUPS.indexOf(b.ours) || byName(a.theirs, b.theirs)),
    };
  }

  /** Texts come after all numbers: customers of a file, whom Shopify does not know. */
  #keyAtNext(): number {
    const key = customerKeyAt(this.#columns, this.#next);
    return typeof key === 'number' ? key : Infinity;
  }
}

const NO_GROUP = 255;
